/** The strings that move the simulated world: cars, frames, power, gateways, faults and time (LW-153). */
import type { VirtualClock } from '../clock'
import type { FaultSwitch } from './faults'
import { gatewayHealth, setGatewayOnline } from './gateways'
import type { OutgoingFrame } from './hardware/behaviour'
import type { Unit, UnitStatus } from './hardware/unit'
import type { Units } from './hardware/units'
import type { Simulation } from './simulation'

export interface SimulationControl {
  /** Takes the bay off its schedule until `releaseCar`. */
  setCar(devEui: string, isPresent: boolean): void
  releaseCar(devEui: string): void
  /** A car of the schedule; ignored while the bay is held by hand. */
  driveCar(devEui: string, isPresent: boolean): void
  /** The unit's next frame, whatever its model would send. */
  uplink(devEui: string, frame: OutgoingFrame): void
  /** The unit's last frame once more, counter and all. */
  repeatUplink(devEui: string): void
  rejoin(devEui: string): void
  /** A loss of power; joins again. */
  reboot(devEui: string): void
  setMuted(devEui: string, isMuted: boolean): void
  /** `is_disabled` at the network server. */
  setDisabled(devEui: string, isDisabled: boolean): void
  setGateway(gatewayId: string, isOnline: boolean): void
  addFault(fault: FaultSwitch): string
  /** One, or all. */
  removeFault(id?: string): void
  /** Virtual clock only. */
  advance(ms: number): Promise<void>
  report(): WorldReport
}

export interface WorldReport {
  readonly now: string
  readonly devices: readonly (UnitStatus & {
    readonly devEui: string
    readonly model: string
    readonly spaceCode: string | null
    readonly isHeld: boolean
    readonly queued: number
  })[]
  readonly gateways: readonly { readonly gatewayId: string; readonly isOnline: boolean; readonly health: string }[]
  readonly faults: readonly (FaultSwitch & { readonly id: string; readonly struck: number })[]
}

/** What the control was asked about and does not exist: 404 over HTTP. */
export class UnknownSubject extends Error {
  override readonly name = 'UnknownSubject'
}

interface ControlParts {
  readonly units: Units
  readonly virtualClock: VirtualClock | null
}

export function createControl(simulation: Simulation, { units, virtualClock }: ControlParts): SimulationControl {
  const { clock, faults, journal } = simulation
  const held = new Set<string>()
  const note = (what: string, subject: string): void => journal.add({ type: 'control', at: clock.now(), what, subject })

  function unitOf(devEui: string): Unit {
    const unit = units.get(devEui.toLowerCase())
    if (!unit) throw new UnknownSubject(`no unit ${devEui}`)
    return unit
  }

  const toUnit = (what: string, act: (unit: Unit) => void) => (devEui: string) => {
    note(what, devEui)
    act(unitOf(devEui))
  }

  return {
    ...createCarControl({ unitOf, note, held }),
    ...createNetworkControl(simulation, note),
    uplink: (devEui, frame) => toUnit('uplink', (unit) => unit.send(frame))(devEui),
    repeatUplink: toUnit('repeat', (unit) => unit.repeatLast()),
    rejoin: toUnit('rejoin', (unit) => unit.rejoin()),
    reboot: toUnit('reboot', (unit) => unit.powerCycle()),
    setMuted: (devEui, isMuted) => toUnit(isMuted ? 'mute' : 'unmute', (unit) => unit.setMuted(isMuted))(devEui),
    addFault: (fault) => {
      note(`fault ${fault.type}`, fault.match?.dev_eui ?? '')
      const id = faults.add(fault)
      if (fault.type === 'device.reboot') rebootStruck(simulation, units)
      return id
    },
    removeFault: (id) => faults.remove(id),
    advance: (ms) => {
      if (!virtualClock) throw new Error('only a virtual clock can be moved')
      return virtualClock.advance(ms)
    },
    report: () => reportOf(simulation, units, held),
  }
}

type Note = (what: string, subject: string) => void

interface CarParts {
  readonly unitOf: (devEui: string) => Unit
  readonly note: Note
  readonly held: Set<string>
}

function createCarControl({ unitOf, note, held }: CarParts): Pick<SimulationControl, 'setCar' | 'releaseCar' | 'driveCar'> {
  return {
    setCar: (devEui, isPresent) => {
      const unit = unitOf(devEui)
      note(isPresent ? 'car' : 'no car', devEui)
      held.add(unit.device.devEui)
      unit.setPresent(isPresent)
    },
    releaseCar: (devEui) => void held.delete(unitOf(devEui).device.devEui),
    driveCar: (devEui, isPresent) => {
      const unit = unitOf(devEui)
      if (!held.has(unit.device.devEui)) unit.setPresent(isPresent)
    },
  }
}

function createNetworkControl({ clock, state }: Simulation, note: Note): Pick<SimulationControl, 'setDisabled' | 'setGateway'> {
  return {
    setDisabled: (devEui, isDisabled) => {
      const device = state.devices.get(devEui.toLowerCase())
      if (!device) throw new UnknownSubject(`no device ${devEui}`)
      note(isDisabled ? 'disable' : 'enable', devEui)
      device.message.setIsDisabled(isDisabled)
      device.updatedAt = clock.now()
    },
    setGateway: (gatewayId, isOnline) => {
      const gateway = state.gateways.get(gatewayId.toLowerCase())
      if (!gateway) throw new UnknownSubject(`no gateway ${gatewayId}`)
      note(isOnline ? 'gateway on' : 'gateway off', gatewayId)
      setGatewayOnline(gateway, isOnline, clock.now())
    },
  }
}

/** `device.reboot` strikes once, when it is switched on. */
function rebootStruck({ faults }: Simulation, units: Units): void {
  for (const unit of units.all()) {
    if (faults.strike('device.reboot', { dev_eui: unit.device.devEui })) unit.powerCycle()
  }
}

function reportOf({ clock, faults, state }: Simulation, units: Units, held: ReadonlySet<string>): WorldReport {
  const now = clock.now()
  return {
    now: new Date(now).toISOString(),
    devices: units.all().map((unit) => {
      const { devEui, model, spaceCode = null } = unit.device
      const queued = state.devices.get(devEui)?.queue.items().length ?? 0
      return { devEui, model, spaceCode, isHeld: held.has(devEui), queued, ...unit.status() }
    }),
    gateways: [...state.gateways.values()].map((gateway) => ({
      gatewayId: gateway.message.getGatewayId(),
      isOnline: gateway.isOnline,
      health: gatewayHealth(gateway, now),
    })),
    faults: faults.list(),
  }
}

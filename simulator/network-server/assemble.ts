/** Puts the simulated world together without any door to the outside: no gRPC, no broker of its own. */
import { createRealClock, createVirtualClock, type VirtualClock } from '../clock'
import { createDraws } from '../draws'
import { startCars } from '../site/cars'
import { createCommandsDown } from './commands-down'
import { createControl, type SimulationControl } from './control'
import { createDownlinks, type Downlinks } from './downlinks'
import type { EventSink } from './event-sink'
import { createFaults } from './faults'
import { createForeignUplinks } from './foreign-uplinks'
import type { Unit } from './hardware/unit'
import { appKeyOf, createUnits, type Units } from './hardware/units'
import { createJournal } from './journal'
import { createMulticast, type Multicast } from './multicast'
import { populate } from './populate'
import { createPublisher, type Publisher } from './publisher'
import { regionOf, type Region } from './region'
import type { Simulation } from './simulation'
import { createNetworkState, type DeviceRecord } from './state'
import { createUplinks } from './uplinks'
import type { World, WorldDevice } from './world'

/** Units power up one after another within this time, so that joins do not collide. */
const POWER_UP_SPREAD_MS = 20_000
/** A virtual clock begins here unless told otherwise. */
const VIRTUAL_START = Date.UTC(2026, 6, 1, 6)

export interface WorldOptions {
  readonly seed: number
  readonly clock: 'real' | 'virtual'
  /** Where a virtual clock begins, epoch ms. */
  readonly startAt?: number
  readonly region: Region['name']
  readonly world: World
  readonly compat?: Simulation['compat']
  /** Takes the journal beyond 100 000 entries. */
  readonly journalPath?: string
  readonly powerUpSpreadMs?: number
  /** How fast the sites' cars come and go; 0 by default: bays change only by hand. */
  readonly carSpeed?: number
}

export interface SimulatedWorld {
  readonly simulation: Simulation
  readonly control: SimulationControl
  readonly downlinks: Downlinks
  readonly multicast: Multicast
  /** Hears a message as if it came from the broker. */
  readonly hear: (topic: string, payload: string) => void
  /** A device got its keys: its unit may join with them; where none stands yet, one of its profile's model is put up. */
  readonly keysGiven: (devEui: string) => void
  /** Units power up, cars begin to drive. */
  readonly begin: () => void
}

export function assembleWorld(options: WorldOptions, sink: EventSink): SimulatedWorld {
  const { world } = options
  const virtualClock = options.clock === 'virtual' ? createVirtualClock(options.startAt ?? VIRTUAL_START) : null
  const simulation = createSimulation(options, virtualClock ?? createRealClock())
  populate(simulation, world)
  const { publisher, downlinks, units, hear } = connectParts(simulation, world, sink)
  virtualClock?.settleBy(publisher.idle)
  const control = createControl(simulation, { units, virtualClock })
  return {
    ...{ simulation, control, downlinks, hear },
    multicast: createMulticast(simulation, units.get),
    keysGiven: (devEui) => takeKeys(simulation, { units, world, devEui }),
    begin: () => {
      powerUp(simulation, { units, world, spreadMs: options.powerUpSpreadMs ?? POWER_UP_SPREAD_MS })
      if (options.carSpeed) startCars({ world, ...simulation, speed: options.carSpeed, drive: control.driveCar })
    },
  }
}

function createSimulation(options: WorldOptions, clock: Simulation['clock'] | VirtualClock): Simulation {
  const { seed, region, compat, journalPath } = options
  const draws = createDraws(seed, options.clock === 'real' ? `|${clock.now()}` : '')
  return {
    ...{ clock, draws, faults: createFaults({ clock, draws }), journal: createJournal(journalPath) },
    ...{ state: createNetworkState(), region: regionOf(region), compat: compat ?? '4.18' },
  }
}

/** Downlinks need the units' ears, units need the uplinks, uplinks need the downlinks: the circle is closed here. */
function connectParts(simulation: Simulation, world: World, sink: EventSink) {
  const publisher = createPublisher(simulation, sink)
  const downlinks = createDownlinks(simulation, { publisher, receiverOf: (devEui) => units.get(devEui) })
  const uplinks = createUplinks(simulation, { publisher: rememberOwn(publisher, (id) => foreign.sent(id)), downlinks })
  const units = createUnits(simulation, world, uplinks)
  const foreign = createForeignUplinks(simulation, units)
  const commandsDown = createCommandsDown(simulation, downlinks)
  const hear = (topic: string, payload: string): void => {
    commandsDown(topic, payload)
    foreign.hear(topic, payload)
  }
  sink.onMessage(hear)
  return { publisher, downlinks, units, hear }
}

/** Tells of every own uplink, which the broker will send back. */
const rememberOwn = (publisher: Publisher, remember: (deduplicationId: string) => void): Publisher => ({
  ...publisher,
  publish: (event) => {
    if (event.kind === 'up' && 'deduplicationId' in event.body) remember(String(event.body.deduplicationId))
    publisher.publish(event)
  },
})

interface Mounting {
  readonly units: Units
  readonly world: World
  readonly devEui: string
}

/** Somebody provisions an EUI: with the key, its unit joins. */
function takeKeys({ state }: Simulation, { units, world, devEui }: Mounting): void {
  const record = state.devices.get(devEui)
  const appKey = record?.keys?.message.getNwkKey()
  if (!record || appKey === undefined) return
  const unit = units.get(devEui)
  unit?.learnKey(appKey)
  if (record.session === null) (unit ?? mount(units, world, { record, appKey }))?.powerCycle()
}

interface Provisioned {
  readonly record: DeviceRecord
  readonly appKey: string
}

/** Nothing stands there yet: a unit of the profile's model is put up, if the profile has one. */
function mount(units: Units, world: World, { record, appKey }: Provisioned): Unit | null {
  const { message } = record
  const profileId = message.getDeviceProfileId()
  const model = world.profiles.find(({ id }) => id === profileId)?.model
  if (model === undefined) return null
  const device: WorldDevice = {
    devEui: message.getDevEui(),
    name: message.getName(),
    model,
    applicationId: message.getApplicationId(),
    profileId,
  }
  return units.install(device, appKey)
}

interface PowerUp {
  readonly units: Units
  readonly world: World
  readonly spreadMs: number
}

function powerUp({ clock, draws }: Simulation, { units, world, spreadMs }: PowerUp): void {
  for (const device of world.devices) {
    const unit = units.install(device, appKeyOf(device, draws))
    const delayMs = Math.floor(draws.number(device.devEui, 'power up') * spreadMs)
    clock.at(clock.now() + delayMs, () => unit.powerCycle())
  }
}

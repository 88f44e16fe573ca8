/** One device on a pole or in a bay: power, joining, frame counters and the radio; what it says is its model's behaviour. */
import type { Cancel } from '../../clock'
import type { ReceivedDownlink, Receiver } from '../gateway-link'
import type { GroupReceiver } from '../multicast'
import type { Simulation } from '../simulation'
import type { Uplinks } from '../uplinks'
import type { WorldDevice } from '../world'
import type { BehaviourFactory, OutgoingFrame } from './behaviour'
import { createJoiner } from './joining'
import { createPlanner, type Power } from './power'

const BOOT_MIN_MS = 500
const BOOT_MAX_MS = 2_000
const ACK_MIN_MS = 1_000
const ACK_MAX_MS = 2_000
const DR = 5

export interface Unit extends Receiver, GroupReceiver {
  readonly device: WorldDevice
  /** Also after a loss of power: joins again and forgets what it was told. */
  powerCycle(): void
  /** Joins again without losing power. */
  rejoin(): void
  setPresent(isPresent: boolean): void
  isPresent(): boolean
  setMuted(isMuted: boolean): void
  /** Sends these bytes as its next frame. */
  send(frame: OutgoingFrame): void
  /** Sends its last frame once more, counter and all. */
  repeatLast(): void
  /** Somebody reads the key off its label into the network server: where no key was given, that one is right. */
  learnKey(appKey: string): void
  /** Another sender was heard under this EUI: go on from there. */
  adopt(seen: { readonly devAddr: string; readonly fCnt: number }): void
  status(): UnitStatus
}

export interface UnitStatus {
  readonly isJoined: boolean
  readonly isPresent: boolean
  readonly isMuted: boolean
  readonly fCntUp: number
  /** Null for what is no lamp. */
  readonly look: string | null
}

export interface UnitParts {
  readonly device: WorldDevice
  readonly appKey: string
  readonly reach: readonly string[]
  readonly behave: BehaviourFactory | null
  readonly uplinks: Uplinks
}

export function createUnit(simulation: Simulation, parts: UnitParts): Unit {
  const power: Power = {
    ...{ appKey: parts.appKey, devAddr: null, fCntUp: 0, lastFCntDown: -1, owesAck: false, isPresent: false, isMuted: false },
    ...{ look: null, behaviour: null, lastFrame: null, attempt: 0, plans: new Set<Cancel>() },
  }
  const radio = createRadio(simulation, parts, power)
  return {
    device: parts.device,
    powerCycle: () => radio.restart('power_cycle'),
    rejoin: () => radio.restart('rejoin'),
    setPresent: (isPresent) => {
      if (power.isPresent === isPresent) return
      power.isPresent = isPresent
      power.behaviour?.presenceChanged?.()
    },
    isPresent: () => power.isPresent,
    setMuted: (isMuted) => {
      power.isMuted = isMuted
    },
    send: radio.send,
    repeatLast: () => power.lastFrame?.(),
    learnKey: (appKey) => {
      if (parts.device.appKey === undefined) power.appKey = appKey
    },
    adopt: ({ devAddr, fCnt }) => Object.assign(power, { devAddr, fCntUp: fCnt + 1 }),
    receive: radio.receive,
    receiveGroup: (frame) => {
      if (power.devAddr !== null) power.behaviour?.receive?.({ ...frame, devAddr: power.devAddr, confirmed: false })
    },
    status: () => ({
      isJoined: power.devAddr !== null,
      ...{ isPresent: power.isPresent, isMuted: power.isMuted, fCntUp: power.fCntUp, look: power.look },
    }),
  }
}

interface Radio {
  restart(why: string): void
  send(frame: OutgoingFrame): void
  receive(frame: ReceivedDownlink): void
}

function createRadio(simulation: Simulation, parts: UnitParts, power: Power): Radio {
  const { draws, faults } = simulation
  const { device, reach, uplinks } = parts
  const { devEui } = device
  const later = createPlanner(simulation, power)
  const note = (what: string): void => simulation.journal.add({ type: 'hardware', at: simulation.clock.now(), devEui, what })
  const isSilent = (): boolean => power.isMuted || faults.strike('device.mute', { dev_eui: devEui }) !== null

  function transmit({ fPort, bytes, confirmed = false }: Omit<OutgoingFrame, 'fPort'> & { readonly fPort: number | null }): void {
    if (power.devAddr === null || isSilent()) return
    const frame = { devEui, devAddr: power.devAddr, fCnt: power.fCntUp++, fPort, data: bytes, confirmed, ack: power.owesAck, dr: DR, reach }
    power.owesAck = false
    power.lastFrame = () => uplinks.hear(frame)
    power.lastFrame()
  }

  /** A counter that is not above the last is a repeat or a forgery: dropped (LW-Q13, LW-Q14). */
  function receive(frame: ReceivedDownlink): void {
    if (frame.devAddr !== power.devAddr) return
    if (frame.fCnt <= power.lastFCntDown) return note('downlink_dropped')
    power.lastFCntDown = frame.fCnt
    power.behaviour?.receive?.(frame)
    if (!frame.confirmed) return
    power.owesAck = true
    later(draws.integer([devEui, 'ack'], ACK_MIN_MS, ACK_MAX_MS), () => {
      if (power.owesAck) transmit({ fPort: null, bytes: new Uint8Array() })
    })
  }

  const begin = createJoiner(simulation, parts, { power, later, send: transmit, isSilent })

  function restart(why: string): void {
    note(why)
    power.plans.forEach((cancel) => cancel())
    power.plans.clear()
    Object.assign(power, { devAddr: null, behaviour: null, owesAck: false, attempt: power.attempt + 1 })
    later(draws.integer([devEui, 'boot'], BOOT_MIN_MS, BOOT_MAX_MS), begin)
  }

  return { restart, send: transmit, receive }
}

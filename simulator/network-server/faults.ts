/** The fault switches of LW-170: what goes wrong, for whom, how often and until when. */
import type { SimulationClock } from '../clock'
import type { Draws } from '../draws'

export const FAULT_TYPES = [
  'grpc.status',
  'grpc.hang',
  'grpc.latency',
  'grpc.reset',
  'grpc.reply_lost',
  'mqtt.drop',
  'mqtt.duplicate',
  'mqtt.reorder',
  'mqtt.disconnect',
  'radio.uplink_loss',
  'radio.downlink_loss',
  'gateway.refuse',
  'gateway.txack_lost',
  'gateway.offline',
  'device.mute',
  'device.reboot',
  'device.no_report',
  'clock.skew',
] as const

export type FaultType = (typeof FAULT_TYPES)[number]

/** Why a gateway refuses a frame (LW-Q07). */
export const TX_REFUSALS = [
  'TOO_LATE',
  'TOO_EARLY',
  'COLLISION_PACKET',
  'COLLISION_BEACON',
  'TX_FREQ',
  'TX_POWER',
  'GPS_UNLOCKED',
  'QUEUE_FULL',
  'INTERNAL_ERROR',
  'DUTY_CYCLE_OVERFLOW',
] as const

/** What a fault can be narrowed to; absent = any. `method` is e.g. `DeviceService/Enqueue`, or its second part alone. */
export interface FaultSubject {
  readonly method?: string | undefined
  readonly dev_eui?: string | undefined
  readonly gateway_id?: string | undefined
  readonly event?: string | undefined
}

/** The body of `POST /sim/faults`. */
export interface FaultSwitch {
  readonly type: FaultType
  readonly match?: FaultSubject
  /** 0–1; 1 by default. */
  readonly rate?: number
  /** Ends after this many strikes. */
  readonly times?: number
  /** Epoch ms. */
  readonly until?: number
  /** gRPC code of `grpc.status`. */
  readonly code?: number
  /** `grpc.hang`, `grpc.latency`, `mqtt.disconnect`, `clock.skew`. */
  readonly ms?: number
  readonly delay_ms?: number
  readonly max_delay_ms?: number
  /** One of `TX_REFUSALS`, for `gateway.refuse`. */
  readonly status?: string
}

export interface Faults {
  add(fault: FaultSwitch): string
  /** One, or all. */
  remove(id?: string): void
  list(): readonly (FaultSwitch & { readonly id: string; readonly struck: number })[]
  /** The first switch of this type that strikes now, counted; null when none does. */
  strike(type: FaultType, subject: FaultSubject): FaultSwitch | null
}

interface ActiveFault {
  readonly id: string
  readonly fault: FaultSwitch
  struck: number
}

const isSame = (wanted: string | undefined, actual: string | undefined): boolean => wanted === undefined || wanted === actual

const isMethod = (wanted: string | undefined, actual: string | undefined): boolean =>
  isSame(wanted, actual) || (actual !== undefined && actual.endsWith(`/${wanted}`))

const concerns = ({ match = {} }: FaultSwitch, subject: FaultSubject): boolean =>
  isMethod(match.method, subject.method) &&
  isSame(match.dev_eui?.toLowerCase(), subject.dev_eui) &&
  isSame(match.gateway_id?.toLowerCase(), subject.gateway_id) &&
  isSame(match.event, subject.event)

export function createFaults({ clock, draws }: { readonly clock: SimulationClock; readonly draws: Draws }): Faults {
  const active = new Map<string, ActiveFault>()
  let lastId = 0

  const isOver = ({ fault, struck }: ActiveFault): boolean =>
    (fault.times !== undefined && struck >= fault.times) || (fault.until !== undefined && fault.until <= clock.now())

  /** Drawn per fault and subject, so that other devices' draws do not shift. */
  const isUnlucky = ({ id, fault }: ActiveFault, subject: FaultSubject): boolean =>
    fault.rate === undefined || draws.number(subject.dev_eui ?? subject.method ?? '', `fault ${id}`) < fault.rate

  function strike(type: FaultType, subject: FaultSubject): FaultSwitch | null {
    for (const candidate of active.values()) {
      if (candidate.fault.type !== type || isOver(candidate)) continue
      if (!concerns(candidate.fault, subject) || !isUnlucky(candidate, subject)) continue
      candidate.struck++
      return candidate.fault
    }
    return null
  }

  return {
    add: (fault) => {
      const id = String(++lastId)
      active.set(id, { id, fault, struck: 0 })
      return id
    },
    remove: (id) => (id === undefined ? active.clear() : void active.delete(id)),
    list: () => [...active.values()].map(({ id, fault, struck }) => ({ ...fault, id, struck })),
    strike,
  }
}

/** What every network-server event becomes before anything is decided about it (LW-088). Plain data, no wire spelling left. */
import type { Instant } from '#domain/shared/instant'

export const EVENT_KINDS = ['up', 'join', 'ack', 'txack', 'log', 'status', 'location'] as const
export type EventKind = (typeof EVENT_KINDS)[number]

/** Reasons of LW-075, DOM-901, DOM-902, DOM-907; the closed list of `ingest_dead_letters.reason`. */
export type DeadLetterReason = 'too_large' | 'not_json' | 'bad_shape' | 'unknown_event' | 'topic_mismatch' | 'refused'

/** The gateway that heard a frame best; RSSI in dBm, SNR in dB, null where implausible (LW-082). */
export interface BestGateway {
  readonly gatewayId: string
  readonly rssi: number | null
  readonly snr: number | null
}

interface EventBase {
  readonly nsTenantId: string | null
  readonly applicationId: string
  readonly devEui: string
  /** Shown on orphans, never a key (LW-005). */
  readonly deviceName: string | null
  readonly profileName: string | null
  readonly classEnabled: 'CLASS_A' | 'CLASS_B' | 'CLASS_C' | null
  /** Network time cut to milliseconds; null where the event names none (DOM-920). */
  readonly time: Instant | null
  readonly timeText: string | null
  readonly receivedAt: Instant
  readonly dedupeKey: string
}

export interface UpEvent extends EventBase {
  readonly kind: 'up'
  readonly deduplicationId: string | null
  /** `devAddr`, eight lower-case hex digits. */
  readonly session: string | null
  readonly fCnt: number
  readonly fPort: number | null
  /** Payload, upper-case hex, `''` for none. */
  readonly hex: string
  /** What the network server's own codec made of it; used by `generic-object` alone. */
  readonly object: Readonly<Record<string, unknown>> | null
  readonly dr: number
  readonly gatewayCount: number
  /** Every gateway that heard the frame, best first. */
  readonly gateways: readonly BestGateway[]
  readonly best: BestGateway | null
}

export interface JoinEvent extends EventBase {
  readonly kind: 'join'
  readonly session: string | null
}

export interface AckEvent extends EventBase {
  readonly kind: 'ack'
  readonly queueItemId: string
  readonly acknowledged: boolean
  readonly fCntDown: number
}

export interface TxAckEvent extends EventBase {
  readonly kind: 'txack'
  readonly queueItemId: string
  readonly fCntDown: number
  readonly gatewayId: string | null
  readonly spreadingFactor: number | null
}

export interface LogEvent extends EventBase {
  readonly kind: 'log'
  readonly level: string
  readonly code: string
  readonly description: string
  readonly queueItemId: string | null
  readonly fCnt: number | null
  readonly context: Readonly<Record<string, unknown>>
}

export interface StatusEvent extends EventBase {
  readonly kind: 'status'
  readonly margin: number
  /** Percent, null when the device cannot tell. */
  readonly batteryPct: number | null
  readonly externalPower: boolean
}

export interface LocationEvent extends EventBase {
  readonly kind: 'location'
  readonly location: {
    readonly latitude: number
    readonly longitude: number
    readonly altitude: number
    readonly source: string
    readonly accuracy: number
  }
}

export type NormalisedEvent = UpEvent | JoinEvent | AckEvent | TxAckEvent | LogEvent | StatusEvent | LocationEvent

/**
 * What must follow a commit (D-70, DOM-914): one outbox row per (tenant, target), target = the workflow id it signals.
 * The row carries at most one message and any number of events; a newer fact updates the row and raises its version.
 */
import type { Instant } from './instant'

export type ProjectionCause = 'sensor' | 'manual' | 'reservation' | 'timer' | 'policy' | 'system'

/** What ingest stored about one space's sensor and no projection has taken yet (DOM-912, DOM-922). */
export interface SensorFact {
  readonly kind: 'value' | 'first_value' | 'back_from_silence' | 'suspect' | 'project_next'
  readonly deviceId: string
  readonly readingId: string
  readonly value: 'occupied' | 'free' | null
  readonly heardAt: Instant
}

/** What the delivery workflow of a light hears from the network (WF-020). `key` is the dedupe key of DOM-906. */
export interface NetworkEvent {
  readonly key: string
  readonly kind: 'txack' | 'ack' | 'log' | 'join'
  readonly queueItemId?: string
  readonly acknowledged?: boolean
  readonly code?: string
  readonly gatewayId?: string
  readonly spreadingFactor?: number
  readonly at: Instant
}

/** A light's own status uplink (DOM-630). `on`/`off` are the raw bytes, `counter` its received-downlinks counter. */
export interface LightReport {
  readonly readingId: string
  readonly color: { readonly r: number; readonly g: number; readonly b: number }
  readonly on: number
  readonly off: number
  readonly counter: number
  readonly firmware: string | null
  readonly deviceClass: string | null
  readonly session: string | null
  readonly at: Instant
}

export type OutboxMessage =
  | {
      readonly kind: 'space'
      readonly tenantId: string
      readonly siteId: string
      readonly spaceId: string
      readonly sequence: number
      readonly cause: ProjectionCause
      /** The bay's code: what people call its workflow (WF-006). */
      readonly code?: string
    }
  | {
      readonly kind: 'display'
      readonly tenantId: string
      readonly deviceId: string
      readonly networkEvents: readonly NetworkEvent[]
      readonly reports: readonly LightReport[]
    }

/** One socket event as DOM-1001 and API-863 describe it; `sequence` or `version` inside `data` makes repeats harmless. */
export interface FeedEvent {
  readonly eventId: string
  readonly type:
    | 'space:update'
    | 'space:light'
    | 'space:config'
    | 'device:status'
    | 'device:config'
    | 'downlink:update'
    | 'gateway:status'
    | 'alert'
    | 'metrics'
    | 'activity'
    | 'rules:changed'
    | 'tenant:notice'
  /** The channels of API-870 ff. it belongs to, site and space ones included. */
  readonly channels: readonly string[]
  readonly tenantId: string
  readonly at: Instant
  readonly data: Readonly<Record<string, unknown>>
}

export interface OutboxRow {
  readonly tenantId: string
  readonly target: string
  readonly version: number
  readonly facts: readonly SensorFact[]
  readonly message: OutboxMessage | null
  readonly events: readonly FeedEvent[]
}

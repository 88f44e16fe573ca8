/** What a projection is asked and what it answers; workflows, services and ingest share it (DOM-909 to DOM-915). */
import type { Origin } from '#domain/authorization/principal'
import type { DecisionReason, SpaceState, UntilCause } from '#domain/occupancy/types'
import type { Instant } from '#domain/shared/instant'
import type { OutboxRow, ProjectionCause } from '#domain/shared/outbox'

export interface ProjectionInput {
  readonly spaceId: string
  /** Who brings the fact. `timer` = nobody: time has passed. */
  readonly cause: ProjectionCause
  readonly origin: Origin
  /** The override, reservation, policy … behind the cause. */
  readonly causeRef?: { readonly type: string; readonly id: string | null }
  /** Since when the fact holds; a sensor's own instant is known without. */
  readonly validAt?: Instant
}

export interface ReservationLink {
  readonly reservationId: string
  readonly kind: 'arrived' | 'left'
  readonly sessionId: string
  readonly at: Instant
}

export type ProjectionResult =
  | { readonly gone: true }
  | {
      readonly gone: false
      /** State or reason changed: at least one transition was written. */
      readonly changed: boolean
      readonly siteId: string
      readonly code: string
      readonly sequence: number
      readonly state: SpaceState
      readonly reason: DecisionReason
      readonly until: Instant | null
      readonly untilCause: UntilCause | null
      readonly nextExact: Instant | null
      /** The newest wanted display of the bay's light; null without a light that can be told. */
      readonly wanted: { readonly deviceId: string; readonly version: number } | null
      /** To be settled by the dispatcher after the commit. */
      readonly handover: OutboxRow | null
      /** Arrivals and departures under a right (DOM-264). */
      readonly links: readonly ReservationLink[]
    }

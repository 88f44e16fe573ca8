/** What `decide` looks at and what it answers (DOM-202). Instants are milliseconds; a card's evidence is already in wire spelling. */
import type { FreshnessWindow } from '../device/freshness'
import type { Color, Pattern, Situation } from '../display/policy'
import type { Instant } from '../shared/instant'

export type OverrideKind = 'out_of_service' | 'blocked' | 'occupied' | 'free'
export type OccupancyValue = 'occupied' | 'free'

/** An operator's word about a space; ended ones are not loaded. `by` is an id, never a name. */
export interface OverrideFact {
  readonly id: string
  readonly kind: OverrideKind
  readonly startsAt: Instant
  readonly endsAt: Instant | null
  readonly by: string | null
}

/** A live reservation whose end is after now; the first two by start are enough (DOM-242). */
export interface RightFact {
  readonly id: string
  readonly status: 'pending' | 'confirmed' | 'active'
  readonly start: Instant
  readonly end: Instant
  readonly holdExpiresAt: Instant | null
}

/** The stored reading that a value came from, with what a person may want to see of it. */
export interface ReadingRef {
  readonly id: string
  readonly fCnt: number | null
  readonly rssiDbm: number | null
  readonly snrDb: number | null
  readonly gatewayId: string | null
  readonly deduplicationId: string | null
}

export interface SuspectFact {
  readonly since: Instant
  readonly changesLastHour: number
  readonly clearsAt: Instant
}

/** A gateway that heard the device within 24 h before its last frame. An unregistered one counts as online and is not named here. */
export interface ServingGateway {
  readonly id: string
  readonly state: 'online' | 'offline' | 'never_seen'
  readonly since: Instant | null
}

/** The sensor that is assigned now. `value` is from its newest fresh reading heard at or after its assignment (DOM-203). */
export interface SensorFacts {
  readonly deviceId: string
  readonly model: string
  /** Enabled, and its lifecycle is `provisioned`, `commissioned` or `operational` (DOM-204). */
  readonly usable: boolean
  readonly assignedAt?: Instant | null
  readonly lastHeardAt: Instant | null
  readonly value: OccupancyValue | null
  readonly valueHeardAt: Instant | null
  readonly readingRef: ReadingRef | null
  readonly window: FreshnessWindow
  readonly suspect: SuspectFact | null
  readonly gateways: readonly ServingGateway[]
}

export interface Facts {
  /** Only named in the `no_sensor` card; no rule reads it. */
  readonly spaceId?: string
  readonly overrides: readonly OverrideFact[]
  readonly rights: readonly RightFact[]
  readonly sensor: SensorFacts | null
}

export const SPACE_STATES = ['free', 'occupied', 'reserved', 'maintenance', 'unknown'] as const
export type SpaceState = (typeof SPACE_STATES)[number]

export type NoEvidenceReason = 'no_sensor' | 'never_heard' | 'sensor_suspect' | 'gateway_down' | 'sensor_silent'

export type DecisionReason =
  | 'out_of_service'
  | 'blocked'
  | 'sensor_occupied'
  | 'manual_occupied'
  | 'reserved'
  | 'soon'
  | 'sensor_free'
  | 'manual_free'
  | NoEvidenceReason

/** What the light of the space should show, by which version of which policy. */
export interface DecidedDisplay {
  readonly situation: Situation
  readonly color: Color
  readonly pattern: Pattern
  readonly brightnessPercent: number
  readonly policyId: string | null
  readonly policyVersion: number
}

export type CardKind = 'override' | 'observation' | 'freshness' | 'right' | 'suspect' | 'gateway' | 'absence' | 'policy' | 'migrated'

export type CardRule =
  | 'override_in_force'
  | 'newest_valid_reading'
  | 'manual_statement'
  | 'heard_within'
  | 'silent_too_long'
  | 'right_covers_now'
  | 'right_starts_soon'
  | 'hold_ran_out'
  | 'flips_per_hour'
  | 'all_gateways_offline'
  | 'no_sensor'
  | 'never_heard'
  | 'rank'
  | 'v5'

export type CardRefType = 'override' | 'reading' | 'device' | 'reservation' | 'gateway' | 'space' | 'policy'

/** One fact or rule behind a decision (DOM-245). Stored as it is and never rebuilt, hence ISO instants and snake_case evidence. */
export interface Card {
  readonly kind: CardKind
  readonly rule: CardRule
  /** False for a fact that the winning rule overruled. */
  readonly used: boolean
  /** ISO 8601 with `Z`. */
  readonly at: string | null
  readonly ref: { readonly type: CardRefType; readonly id: string } | null
  readonly evidence: Readonly<Record<string, string | number | null>>
}

export type UntilCause = 'right' | 'override' | 'liveness'

export interface Decision {
  readonly state: SpaceState
  readonly reason: DecisionReason
  readonly display: DecidedDisplay
  readonly because: readonly Card[]
  /** First instant after now at which the answer may change with no new fact. */
  readonly until: Instant | null
  readonly untilCause: UntilCause | null
  /** First boundary after now that comes from a right or an override (DOM-240). */
  readonly nextExact: Instant | null
}

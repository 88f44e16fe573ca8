/** What a projection writes: the one place that sets the live columns of spaces (policies are moved by their rollout alone), adds transitions and moves counters (H-13, DOM-912). */
import type { Card, DecidedDisplay, OccupancyValue, SpaceState } from '#domain/occupancy/types'
import { toIso, type Instant } from '#domain/shared/instant'
import type { TenantTx } from '../tx'
import { epochMs, isoOrNull } from './columns'

export interface SpaceLive {
  readonly spaceId: string
  readonly state: SpaceState
  readonly reason: string
  readonly sequence: number
  readonly until: Instant | null
  readonly nextCheckCause: string | null
  readonly sensorState: OccupancyValue | null
  readonly displayState: string
  /** Null keeps the stored instant. */
  readonly changedAt: Instant | null
}

export interface TransitionRow {
  readonly spaceId: string
  readonly siteId: string
  readonly sequence: number
  readonly previousState: SpaceState
  readonly newState: SpaceState
  readonly previousReason: string
  readonly stateReason: string
  readonly source: string
  readonly causeType: string
  readonly causeId: string | null
  readonly validAt: Instant
  readonly because: readonly Card[]
  readonly display: DecidedDisplay
  readonly sensorState: OccupancyValue | null
  readonly reservationId: string | null
  readonly readingId: string | null
  readonly actorType: string | null
  readonly actorId: string | null
  readonly workflowId: string | null
  readonly runId: string | null
  readonly requestId: string | null
}

export interface OccupancyShift {
  readonly siteId: string
  readonly from: { readonly state: SpaceState; readonly reason: string }
  readonly to: { readonly state: SpaceState; readonly reason: string }
}

export interface WantedWrite {
  readonly deviceId: string
  readonly spaceId: string
  readonly version: number
  readonly situation: string
  readonly color: string
  readonly pattern: string
  readonly brightness: number
  /** Hex. */
  readonly payload: string
  readonly fPort: number
  readonly confirmed: boolean
  readonly decisionSequence: number
}

const UPDATE_SPACE = `
  update spaces set current_state = $3, state_reason = $4, state_sequence = $5, state_until = $6, next_check_at = $6, next_check_cause = $7,
    sensor_state = $8, display_state = $9, state_changed_at = coalesce($10, state_changed_at)
  where tenant_id = $1 and id = $2`

/** `recorded_at` is the statement's own time, taken under the space's lock, so that it never decreases (DOM-251). */
const INSERT_TRANSITION = `
  insert into state_changes (tenant_id, space_id, site_id, sequence, previous_state, new_state, previous_reason, state_reason, source,
    cause_type, cause_id, valid_at, recorded_at, because, display, sensor_state, reservation_id, reading_id, policy_id, policy_version,
    actor_type, actor_id, workflow_id, run_id, request_id)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, clock_timestamp(), $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
  returning ${epochMs('recorded_at')} as "recordedAt"`

const shifted = (state: string) => `${state} = ${state} + ($4 = '${state}')::int - ($3 = '${state}')::int`
const counted = (reason: string, by: string) =>
  `case when ${reason}::text is null then '{}' else jsonb_build_object(${reason}::text, greatest(coalesce((unknown_reasons->>${reason}::text)::int, 0) ${by}, 0)) end`

const SHIFT_OCCUPANCY = `
  update site_occupancy set ${['free', 'occupied', 'reserved', 'maintenance', 'unknown'].map(shifted).join(', ')},
    unknown_reasons = unknown_reasons || ${counted('$5', '- 1')} || ${counted('$6', '+ 1')}, updated_at = clock_timestamp()
  where tenant_id = $1 and site_id = $2`

const counts = (state: string) => `count(*) filter (where current_state = '${state}')`

/** A site whose counters were never begun; counted after the space's own row was written. */
const COUNT_OCCUPANCY = `
  insert into site_occupancy (tenant_id, site_id, total, free, occupied, reserved, maintenance, unknown, unknown_reasons, updated_at)
  select $1, $2, count(*), ${counts('free')}, ${counts('occupied')}, ${counts('reserved')}, ${counts('maintenance')}, ${counts('unknown')},
    coalesce((select jsonb_object_agg(state_reason, n) from (select state_reason, count(*) as n from spaces
      where tenant_id = $1 and site_id = $2 and deleted_at is null and current_state = 'unknown' group by 1) r), '{}'), clock_timestamp()
  from spaces where tenant_id = $1 and site_id = $2 and deleted_at is null
  on conflict do nothing`

const WRITE_WANTED = `
  insert into display_state_cache as w (tenant_id, device_id, space_id, wanted_version, wanted_situation, wanted_color, wanted_pattern,
    wanted_brightness, wanted_payload, wanted_f_port, wanted_confirmed, wanted_at, decision_sequence, updated_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, decode($9, 'hex'), $10, $11, clock_timestamp(), $12, clock_timestamp())
  on conflict (tenant_id, device_id) do update set space_id = excluded.space_id, wanted_version = excluded.wanted_version,
    wanted_situation = excluded.wanted_situation, wanted_color = excluded.wanted_color, wanted_pattern = excluded.wanted_pattern,
    wanted_brightness = excluded.wanted_brightness, wanted_payload = excluded.wanted_payload, wanted_f_port = excluded.wanted_f_port,
    wanted_confirmed = excluded.wanted_confirmed, wanted_at = excluded.wanted_at, decision_sequence = excluded.decision_sequence,
    updated_at = excluded.updated_at
  where w.wanted_version < excluded.wanted_version`

const SET_CURSOR = `
  update sensor_debounce_state set project_next = $3, suspect_since = case when $4 then null else suspect_since end
  where tenant_id = $1 and device_id = $2`

const spaceValues = (s: SpaceLive): readonly unknown[] => [
  s.spaceId,
  s.state,
  s.reason,
  s.sequence,
  isoOrNull(s.until),
  s.nextCheckCause,
  s.sensorState,
  s.displayState,
  isoOrNull(s.changedAt),
]

const transitionValues = (t: TransitionRow): readonly unknown[] => [
  t.spaceId,
  t.siteId,
  t.sequence,
  t.previousState,
  t.newState,
  t.previousReason,
  t.stateReason,
  t.source,
  t.causeType,
  t.causeId,
  toIso(t.validAt),
  JSON.stringify(t.because),
  JSON.stringify(t.display),
  t.sensorState,
  t.reservationId,
  t.readingId,
  t.display.policyId,
  t.display.policyVersion,
  t.actorType,
  t.actorId,
  t.workflowId,
  t.runId,
  t.requestId,
]

const wantedValues = (w: WantedWrite): readonly unknown[] => [
  w.deviceId,
  w.spaceId,
  w.version,
  w.situation,
  w.color,
  w.pattern,
  w.brightness,
  w.payload,
  w.fPort,
  w.confirmed,
  w.decisionSequence,
]

export function createProjectionWritesRepository(tx: TenantTx) {
  return {
    updateSpace: (s: SpaceLive): Promise<number> => tx.run(UPDATE_SPACE, [tx.tenantId, ...spaceValues(s)]),

    /** Answers when it was recorded. */
    async insertTransition(t: TransitionRow): Promise<Instant> {
      const row = await tx.row<{ recordedAt: Instant }>(INSERT_TRANSITION, [tx.tenantId, ...transitionValues(t)])
      if (row === null) throw new Error('an insert returns its row')
      return row.recordedAt
    },

    /** One bay of the site moves from one state to another. */
    async shiftOccupancy({ siteId, from, to }: OccupancyShift): Promise<void> {
      const reasonOf = ({ state, reason }: OccupancyShift['from']) => (state === 'unknown' ? reason : null)
      const touched = await tx.run(SHIFT_OCCUPANCY, [tx.tenantId, siteId, from.state, to.state, reasonOf(from), reasonOf(to)])
      if (touched === 0) await tx.run(COUNT_OCCUPANCY, [tx.tenantId, siteId])
    },

    writeWanted: (w: WantedWrite): Promise<number> => tx.run(WRITE_WANTED, [tx.tenantId, ...wantedValues(w)]),

    /** `projectNext`: the next fresh frame must project although nothing changed (DOM-907). */
    setCursor: (deviceId: string, flags: { readonly projectNext: boolean; readonly clearsSuspicion: boolean }): Promise<number> =>
      tx.run(SET_CURSOR, [tx.tenantId, deviceId, flags.projectNext, flags.clearsSuspicion]),
  }
}

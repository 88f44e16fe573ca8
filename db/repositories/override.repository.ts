/** An operator's word about a space: statements and blocks with start, end, reason and author (DB-224, DOM-210). */
import { toIso, type Instant } from '#domain/shared/instant'
import type { TenantTx } from '../tx'
import { epochMs, isoOrNull } from './columns'

export type OverrideKind = 'out_of_service' | 'blocked' | 'occupied' | 'free'

/** A space under lock: nobody else changes its overrides or its state until the transaction ends. */
export interface HeldSpace {
  readonly spaceId: string
  readonly siteId: string
  readonly code: string
  readonly timezone: string
  readonly state: string
  readonly sequence: number
  readonly version: number
  readonly autoReleaseMinutes: number | null
  readonly sensorDeviceId: string | null
  /** The database's clock, read under the lock (DOM-205). */
  readonly now: Instant
}

export interface OpenOverride {
  readonly overrideId: string
  readonly kind: OverrideKind
  readonly origin: 'state' | 'override'
  readonly reason: string | null
  readonly startsAt: Instant
  readonly endsAt: Instant | null
}

export interface NewOverride {
  readonly overrideId: string
  readonly spaceId: string
  readonly kind: OverrideKind
  readonly origin: 'state' | 'override'
  readonly startsAt: Instant
  readonly endsAt: Instant | null
  readonly reason: string | null
  readonly createdByType: string
  readonly createdBy: string | null
}

export interface OverlappingReservation {
  readonly reservationId: string
  readonly start: Instant
  readonly end: Instant
  readonly status: string
}

const HOLD = `
  select s.id as "spaceId", s.site_id as "siteId", s.code, i.timezone, s.current_state as state, s.state_sequence as sequence, s.version,
    s.auto_release_minutes as "autoReleaseMinutes", s.sensor_device_id as "sensorDeviceId", ${epochMs('clock_timestamp()')} as now
  from spaces s join sites i on i.tenant_id = s.tenant_id and i.id = s.site_id
  where s.tenant_id = $1 and s.id = $2 and s.deleted_at is null
  for no key update of s`

const OPEN = `
  select id as "overrideId", kind, origin, reason, ${epochMs('starts_at')} as "startsAt", ${epochMs('ends_at')} as "endsAt"
  from space_overrides
  where tenant_id = $1 and space_id = $2 and ended_at is null and (ends_at is null or ends_at > clock_timestamp())
  order by starts_at desc, id`

const INSERT = `
  insert into space_overrides (tenant_id, id, space_id, kind, origin, starts_at, ends_at, reason, created_by_type, created_by)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`

const END = `
  update space_overrides set ended_at = clock_timestamp(), ended_by = $3
  where tenant_id = $1 and id = any($2::uuid[]) and ended_at is null`

const EXISTS = `select 1 as one from space_overrides where tenant_id = $1 and space_id = $2 and id = $3`

/** What an operator says about a space is configuration of it: it raises the ETag's version (API-046). */
const RAISE_VERSION = `update spaces set version = version + 1, updated_at = now() where tenant_id = $1 and id = $2`

const OVERLAPPING = `
  select id as "reservationId", ${epochMs('start_time')} as start, ${epochMs('end_time')} as end, status
  from reservations
  where tenant_id = $1 and space_id = $2 and status in ('pending', 'confirmed', 'active')
    and tstzrange(start_time, end_time, '[)') && tstzrange($3, $4, '[)')
  order by start_time limit 100`

/** The operator believes the sensor again: its flips are forgotten (DOM-236). */
const CLEAR_SUSPECT = `
  update sensor_debounce_state set suspect_since = null, flips = '{}'
  where tenant_id = $1 and device_id = $2 and suspect_since is not null`

export function createOverrideRepository(tx: TenantTx) {
  return {
    hold: (spaceId: string): Promise<HeldSpace | null> => tx.row<HeldSpace>(HOLD, [tx.tenantId, spaceId]),

    /** In force or still to come, newest first. */
    open: (spaceId: string): Promise<OpenOverride[]> => tx.rows<OpenOverride>(OPEN, [tx.tenantId, spaceId]),

    insert: (one: NewOverride): Promise<number> =>
      tx.run(INSERT, [
        tx.tenantId,
        one.overrideId,
        one.spaceId,
        one.kind,
        one.origin,
        toIso(one.startsAt),
        isoOrNull(one.endsAt),
        one.reason,
        one.createdByType,
        one.createdBy,
      ]),

    end: (overrideIds: readonly string[], endedBy: string | null): Promise<number> => tx.run(END, [tx.tenantId, overrideIds, endedBy]),

    /** Whether this override ever belonged to this space. */
    exists: async (spaceId: string, overrideId: string): Promise<boolean> =>
      (await tx.row(EXISTS, [tx.tenantId, spaceId, overrideId])) !== null,

    raiseVersion: (spaceId: string): Promise<number> => tx.run(RAISE_VERSION, [tx.tenantId, spaceId]),

    overlapping: (spaceId: string, from: Instant, until: Instant | null): Promise<OverlappingReservation[]> =>
      tx.rows<OverlappingReservation>(OVERLAPPING, [tx.tenantId, spaceId, toIso(from), isoOrNull(until)]),

    /** False when it was not suspect. */
    clearSuspect: async (deviceId: string): Promise<boolean> => (await tx.run(CLEAR_SUSPECT, [tx.tenantId, deviceId])) > 0,
  }
}

/** A space as answers show it: configuration, state, light, sensor, overrides, stay and right, in one row (DB-222). */
import type { Instant } from '#domain/shared/instant'
import type { Proof } from '#domain/display/proof-word'
import { epochMs } from './columns'
import type { SortColumn } from './list-query'

export interface OverrideRow {
  readonly overrideId: string
  readonly kind: 'out_of_service' | 'blocked' | 'occupied' | 'free'
  readonly reason: string | null
  readonly startsAt: Instant
  readonly endsAt: Instant | null
  readonly origin: 'state' | 'override'
  readonly createdByType: string
  readonly createdBy: string | null
  readonly createdAt: Instant
}

export interface SpaceDevice {
  readonly deviceId: string
  readonly devEui: string
  readonly name: string
  readonly status: string
  readonly model: string | null
  readonly config: Readonly<Record<string, unknown>>
  readonly lastSeenAt: Instant | null
  readonly value: 'occupied' | 'free' | null
}

export interface SpaceRow {
  readonly spaceId: string
  readonly tenantId: string
  readonly tenantName: string
  readonly siteId: string
  readonly siteName: string
  readonly timezone: string
  readonly code: string
  readonly name: string
  readonly displayName: string | null
  readonly building: string | null
  readonly floor: string | null
  readonly zone: string | null
  readonly kind: string
  readonly labels: readonly string[]
  readonly latitude: number | null
  readonly longitude: number | null
  readonly enabled: boolean
  readonly isReservable: boolean
  readonly autoReleaseMinutes: number | null
  readonly config: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
  readonly state: string
  readonly stateReason: string
  readonly stateChangedAt: Instant
  readonly sequence: number
  readonly stateUntil: Instant | null
  readonly nextCheckCause: string | null
  readonly sensorState: string | null
  readonly displayState: string | null
  readonly policyId: string | null
  readonly policyVersion: number
  readonly sensor: SpaceDevice | null
  readonly display: SpaceDevice | null
  readonly lastHeardAt: Instant | null
  readonly valueHeardAt: Instant | null
  readonly flips: readonly Instant[]
  readonly suspectSince: Instant | null
  readonly wantedSituation: string | null
  readonly wantedColor: string | null
  readonly wantedPattern: string | null
  readonly proof: Proof | null
  readonly isAsWanted: boolean
  readonly hasOpenCommand: boolean
  readonly shownAt: Instant | null
  readonly downlinkId: string | null
  readonly overrides: readonly OverrideRow[]
  readonly sessionId: string | null
  readonly sessionStartedAt: Instant | null
  readonly reservation: {
    readonly reservationId: string
    readonly status: string
    readonly start: Instant
    readonly end: Instant
    readonly userName: string | null
  } | null
  readonly version: number
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

const device = (alias: string, value: string): string => `
  case when ${alias}.id is not null then json_build_object('deviceId', ${alias}.id, 'devEui', ${alias}.dev_eui, 'name', ${alias}.name,
    'status', ${alias}.status, 'model', ${alias}.model, 'config', ${alias}.config, 'lastSeenAt', ${epochMs(`${alias}.last_seen_at`)}, 'value', ${value}) end`

/** A command is on its way, or a newer look is wanted than was sent: any older report is history (DOM-634). */
export const HAS_OPEN_COMMAND = `(c.wanted_version > c.sent_version or exists (select from downlink_queue q
    where q.tenant_id = c.tenant_id and q.device_id = c.device_id and q.status in ('queued', 'sent')))`

/** The word of DOM-634 where a list filters by it; the rule itself is domain/display/proof-word. */
export const PROOF_WORD = `
  case when c.device_id is null then 'none' when ${HAS_OPEN_COMMAND} then 'pending' when c.proof <> 'reported' then 'unverified'
    when c.drift_since is null then 'proved' else 'drifted' end`

const OVERRIDES = `
  coalesce((select json_agg(json_build_object('overrideId', x.id, 'kind', x.kind, 'reason', x.reason, 'startsAt', ${epochMs('x.starts_at')},
      'endsAt', ${epochMs('x.ends_at')}, 'origin', x.origin, 'createdByType', x.created_by_type, 'createdBy', x.created_by,
      'createdAt', ${epochMs('x.created_at')}) order by x.starts_at desc, x.id)
    from space_overrides x
    where x.tenant_id = s.tenant_id and x.space_id = s.id and x.ended_at is null and (x.ends_at is null or x.ends_at > now())), '[]'::json)`

const RESERVATION = `
  (select json_build_object('reservationId', r.id, 'status', r.status, 'start', ${epochMs('r.start_time')}, 'end', ${epochMs('r.end_time')}, 'userName', r.user_name)
    from reservations r
    where r.tenant_id = s.tenant_id and r.space_id = s.id and r.status in ('pending', 'confirmed', 'active') and r.end_time > now()
    order by r.start_time limit 1)`

export const SPACE_COLUMNS = `
  s.id as "spaceId", s.tenant_id as "tenantId", t.name as "tenantName", s.site_id as "siteId", i.name as "siteName", i.timezone, s.code, s.name,
  s.display_name as "displayName", s.building, s.floor, s.zone, s.kind, s.labels, s.gps_latitude as latitude, s.gps_longitude as longitude,
  s.enabled, s.is_reservable as "isReservable", s.auto_release_minutes as "autoReleaseMinutes", s.config, s.metadata,
  s.current_state as state, s.state_reason as "stateReason", ${epochMs('s.state_changed_at')} as "stateChangedAt", s.state_sequence as sequence,
  ${epochMs('s.state_until')} as "stateUntil", s.next_check_cause as "nextCheckCause", s.sensor_state as "sensorState",
  s.display_state as "displayState", s.policy_id as "policyId", s.policy_version as "policyVersion",
  ${device('d', 'f.value')} as sensor, ${device('l', 'null')} as display,
  ${epochMs('f.last_heard_at')} as "lastHeardAt", ${epochMs('f.value_heard_at')} as "valueHeardAt",
  coalesce((select json_agg(${epochMs('flip')}) from unnest(f.flips) flip), '[]'::json) as flips, ${epochMs('f.suspect_since')} as "suspectSince",
  c.wanted_situation as "wantedSituation", c.wanted_color as "wantedColor", c.wanted_pattern as "wantedPattern", c.proof,
  c.drift_since is null as "isAsWanted", coalesce(${HAS_OPEN_COMMAND}, false) as "hasOpenCommand", ${epochMs('c.shown_at')} as "shownAt",
  (select q.id from downlink_queue q where q.tenant_id = s.tenant_id and q.device_id = c.device_id and q.wanted_version = c.wanted_version
    order by q.queued_at desc limit 1) as "downlinkId",
  ${OVERRIDES} as overrides, p.id as "sessionId", ${epochMs('p.started_at')} as "sessionStartedAt", ${RESERVATION} as reservation,
  s.version, ${epochMs('s.created_at')} as "createdAt", ${epochMs('s.updated_at')} as "updatedAt"`

export const SPACE_FROM = `
  from spaces s
  join tenants t on t.id = s.tenant_id
  join sites i on i.tenant_id = s.tenant_id and i.id = s.site_id
  left join devices d on d.tenant_id = s.tenant_id and d.id = s.sensor_device_id
  left join devices l on l.tenant_id = s.tenant_id and l.id = s.display_device_id
  left join sensor_debounce_state f on f.tenant_id = s.tenant_id and f.device_id = s.sensor_device_id
  left join display_state_cache c on c.tenant_id = s.tenant_id and c.device_id = s.display_device_id
  left join parking_sessions p on p.tenant_id = s.tenant_id and p.space_id = s.id and p.ended_at is null`

export const SPACE_SORTS: Readonly<Record<string, SortColumn>> = {
  code: { sql: 's.code collate natural_order', type: 'text' },
  name: { sql: 's.name', type: 'text' },
  site_name: { sql: 'i.name', type: 'text' },
  current_state: { sql: 's.current_state', type: 'text' },
  state_changed_at: { sql: 's.state_changed_at', type: 'timestamptz' },
  last_heard_at: { sql: 'f.last_heard_at', type: 'timestamptz', isNullable: true },
  floor: { sql: 's.floor', type: 'text', isNullable: true },
  zone: { sql: 's.zone', type: 'text', isNullable: true },
  created_at: { sql: 's.created_at', type: 'timestamptz' },
}

/** What a projection looks at: the bay and its cursor, locked, then every fact of the decision in one round trip (DOM-910, DOM-911). */
import type { DisplayConfig } from '#domain/display/encode-display'
import type { EffectivePolicy } from '#domain/display/policy'
import type { Lifecycle } from '#domain/device/lifecycle'
import type { OverrideFact, ReadingRef, RightFact, ServingGateway, SpaceState, OccupancyValue } from '#domain/occupancy/types'
import type { Instant } from '#domain/shared/instant'
import type { OutboxRow } from '#domain/shared/outbox'
import type { TenantTx } from '../tx'
import { epochMs, isoOrNull, wholeNumber } from './columns'
import { CURSOR_COLUMNS, type StreamCursor } from './ingest-cursor.repository'
import type { IngestDeviceConfig } from './ingest-registry.repository'

export interface LockedSpace {
  readonly tenantId: string
  readonly spaceId: string
  readonly siteId: string
  readonly code: string
  readonly state: SpaceState
  readonly reason: string
  readonly sequence: number
  readonly until: Instant | null
  readonly nextCheckAt: Instant | null
  readonly nextCheckCause: string | null
  readonly sensorState: OccupancyValue | null
  readonly displayState: string | null
  readonly policyId: string | null
  readonly policyVersion: number
  readonly sensorDeviceId: string | null
  readonly displayDeviceId: string | null
  /** The sensor's frame cursor; null without sensor, or when it was never heard. */
  readonly cursor: Omit<StreamCursor, 'tenantId' | 'deviceId'> | null
}

export interface SensorRow {
  readonly model: string | null
  readonly enabled: boolean
  readonly lifecycle: Lifecycle
  readonly assignedAt: Instant | null
  readonly config: IngestDeviceConfig
  readonly devEui: string
  readonly status: string
  readonly lastSeenAt: Instant | null
  readonly batteryPercent: number | null
  readonly batteryVolts: number | null
}

export interface DisplayRow {
  readonly model: string | null
  readonly config: DisplayConfig
}

/** What the light is asked to show by now. */
export interface WantedRow {
  readonly version: number
  readonly situation: string | null
  readonly color: string | null
  readonly pattern: string | null
  readonly brightness: number | null
  /** Hex. */
  readonly payload: string | null
  readonly fPort: number | null
  readonly confirmed: boolean
  readonly spaceId: string | null
  readonly shownColor: string | null
  readonly shownPattern: string | null
  readonly proof: 'none' | 'transmitted' | 'acked' | 'reported'
}

export interface OpenSessionRow {
  readonly sessionId: string
  readonly startedAt: Instant
  readonly reservationId: string | null
  /** The sensor that told of the arrival; null when a person did. */
  readonly deviceId: string | null
}

export interface StoredFacts {
  /** The database's clock, read after the space was locked (DOM-205). */
  readonly now: Instant
  readonly overrides: readonly OverrideFact[]
  readonly rights: readonly RightFact[]
  readonly sensor: SensorRow | null
  readonly readingRef: ReadingRef | null
  readonly gateways: readonly ServingGateway[]
  readonly display: DisplayRow | null
  readonly wanted: WantedRow | null
  readonly publishedPolicies: readonly EffectivePolicy[]
  readonly session: OpenSessionRow | null
  readonly earlyCheckInMinutes: number
  readonly openAlerts: readonly string[]
  readonly outbox: Omit<OutboxRow, 'tenantId' | 'target'> | null
}

const LOCK = `
  with s as materialized (
    select s.tenant_id as "tenantId", s.id as "spaceId", s.site_id as "siteId", s.code, s.current_state as state, s.state_reason as reason,
      s.state_sequence as sequence, ${epochMs('s.state_until')} as "until", ${epochMs('s.next_check_at')} as "nextCheckAt",
      s.next_check_cause as "nextCheckCause", s.sensor_state as "sensorState", s.display_state as "displayState", s.policy_id as "policyId",
      s.policy_version as "policyVersion", s.sensor_device_id as "sensorDeviceId", s.display_device_id as "displayDeviceId"
    from spaces s where s.tenant_id = $1 and s.id = $2 and s.deleted_at is null for no key update),
  c as materialized (
    select c.device_id as "cursorDeviceId", ${CURSOR_COLUMNS} from sensor_debounce_state c
    where c.tenant_id = $1 and c.device_id = (select "sensorDeviceId" from s) for no key update)
  select s.*, c.* from s left join c on true`

/** JSON numbers of instants, as everywhere between rows and domain. */
const LIVE_OVERRIDES = `
  select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'kind', o.kind, 'startsAt', ${epochMs('o.starts_at')},
    'endsAt', ${epochMs('o.ends_at')}, 'by', o.created_by) order by o.starts_at), '[]')
  from space_overrides o
  where o.tenant_id = $1 and o.space_id = $2 and o.ended_at is null and (o.ends_at is null or o.ends_at > clock_timestamp())`

const LIVE_RIGHTS = `
  select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'status', r.status, 'start', ${epochMs('r.start_time')},
    'end', ${epochMs('r.end_time')}, 'holdExpiresAt', ${epochMs('r.hold_expires_at')}) order by r.start_time, r.id), '[]')
  from (select r0.id, r0.status, r0.start_time, r0.end_time, r0.hold_expires_at from reservations r0
    where r0.tenant_id = $1 and r0.space_id = $2 and r0.status in ('pending', 'confirmed', 'active') and r0.end_time > clock_timestamp()
    order by r0.start_time, r0.id limit 2) r`

const SENSOR = `
  select jsonb_build_object('model', d.model, 'enabled', d.enabled, 'lifecycle', d.lifecycle_state, 'assignedAt', ${epochMs('d.assigned_at')},
    'config', d.config, 'devEui', d.dev_eui, 'status', d.status, 'lastSeenAt', ${epochMs('d.last_seen_at')},
    'batteryPercent', d.battery_percent, 'batteryVolts', d.battery_volts)
  from devices d where d.tenant_id = $1 and d.id = $3::uuid`

const READING = `
  select jsonb_build_object('id', r.id, 'fCnt', r.f_cnt, 'rssiDbm', r.rssi_dbm, 'snrDb', r.snr_db, 'gatewayId', r.gateway_eui,
    'deduplicationId', r.deduplication_id)
  from sensor_readings r
  where r.tenant_id = $1 and r.device_id = $3::uuid and r.id = $5::uuid
    and r.heard_at >= $6::timestamptz and r.heard_at < $6::timestamptz + interval '1 millisecond'`

/** Gateways that heard the sensor within 24 h before its last frame; an unregistered one cannot be known to be offline. */
const GATEWAYS = `
  select coalesce(jsonb_agg(jsonb_build_object('id', h.gateway_eui, 'state', coalesce(g.status, 'never_seen'),
    'since', ${epochMs('g.status_since')}) order by h.gateway_eui), '[]')
  from device_gateways h left join gateways g on g.tenant_id = h.tenant_id and g.gateway_id = h.gateway_eui
  where h.tenant_id = $1 and h.device_id = $3::uuid and h.last_heard_at >= $7::timestamptz - interval '24 hours'`

const DISPLAY = `
  select jsonb_build_object('model', d.model, 'config', d.config) from devices d where d.tenant_id = $1 and d.id = $4::uuid`

const WANTED = `
  select jsonb_build_object('version', w.wanted_version, 'situation', w.wanted_situation, 'color', w.wanted_color, 'pattern', w.wanted_pattern,
    'brightness', w.wanted_brightness, 'payload', upper(encode(w.wanted_payload, 'hex')), 'fPort', w.wanted_f_port,
    'confirmed', w.wanted_confirmed, 'spaceId', w.space_id, 'shownColor', w.shown_color, 'shownPattern', w.shown_pattern, 'proof', w.proof)
  from display_state_cache w where w.tenant_id = $1 and w.device_id = $4::uuid`

/** The version that governs the space now, else the published policy of each scope that covers it (DOM-310, DOM-312). */
const POLICIES = `
  select coalesce(jsonb_agg(jsonb_build_object('policyId', p.id, 'version', v.version_no, 'scope', p.scope_type, 'body', v.content)), '[]')
  from display_policies p
  join display_policy_versions v on v.tenant_id = p.tenant_id and v.policy_id = p.id
    and v.version_no = case when p.id = $8::uuid then $9::int else p.published_version end
  where p.tenant_id = $1 and p.status = 'published'
    and (p.id = $8::uuid or ($8::uuid is null
      and (p.scope_type = 'tenant' or (p.scope_type = 'site' and p.site_id = $10::uuid) or (p.scope_type = 'space' and p.space_id = $2))))`

const SESSION = `
  select jsonb_build_object('sessionId', e.id, 'startedAt', ${epochMs('e.started_at')}, 'reservationId', e.reservation_id,
    'deviceId', e.device_id)
  from parking_sessions e where e.tenant_id = $1 and e.space_id = $2 and e.ended_at is null`

const EARLY_CHECK_IN = `select ${wholeNumber(`t.settings->'early_check_in_minutes'`, 0)} from tenants t where t.id = $1`

const OPEN_ALERTS = `
  select coalesce(jsonb_agg(a.kind), '[]') from alerts a where a.tenant_id = $1 and a.subject_id = $3::text and a.closed_at is null`

const OUTBOX = `
  select jsonb_build_object('version', b.version, 'facts', coalesce(b.facts, '[]'), 'message', b.message, 'events', coalesce(b.events, '[]'))
  from outbox b where b.tenant_id = $1 and b.target = $11`

const DEFAULT_EARLY_CHECK_IN_MINUTES = 15

const FACTS = `
  select ${epochMs('clock_timestamp()')} as now, (${LIVE_OVERRIDES}) as overrides, (${LIVE_RIGHTS}) as rights, (${SENSOR}) as sensor,
    (${READING}) as "readingRef", (${GATEWAYS}) as gateways, (${DISPLAY}) as display, (${WANTED}) as wanted,
    (${POLICIES}) as "publishedPolicies", (${SESSION}) as session,
    coalesce((${EARLY_CHECK_IN}), ${DEFAULT_EARLY_CHECK_IN_MINUTES}) as "earlyCheckInMinutes",
    (${OPEN_ALERTS}) as "openAlerts", (${OUTBOX}) as outbox`

const LAST_OCCUPIED = `
  select ${epochMs('max(r.heard_at)')} as at from sensor_readings r
  where r.tenant_id = $1 and r.device_id = $2 and r.occupied and r.verdict in ('applied', 'same')
    and r.heard_at >= to_timestamp($3::float8 / 1000) and r.heard_at < to_timestamp($4::float8 / 1000)`

type LockRow = Omit<LockedSpace, 'cursor'> & { readonly cursorDeviceId: string | null } & Omit<StreamCursor, 'tenantId' | 'deviceId'>

/** The cursor's columns stand beside the space's in the row, all null when there is none. */
function splitLockRow({ cursorDeviceId, ...row }: LockRow): LockedSpace {
  return { ...row, cursor: cursorDeviceId === null ? null : row }
}

export function createProjectionRepository(tx: TenantTx) {
  return {
    /** Locks the space, then its sensor's cursor; null when the space is gone. */
    async lockSpace(spaceId: string): Promise<LockedSpace | null> {
      const row = await tx.row<LockRow>(LOCK, [tx.tenantId, spaceId])
      return row === null ? null : splitLockRow(row)
    },

    /** One round trip; `target` is the space's outbox row. */
    async loadFacts(space: LockedSpace, target: string): Promise<StoredFacts> {
      const { cursor } = space
      const row = await tx.row<StoredFacts>(FACTS, [
        tx.tenantId,
        space.spaceId,
        space.sensorDeviceId,
        space.displayDeviceId,
        cursor?.valueReadingId ?? null,
        isoOrNull(cursor?.valueHeardAt ?? null),
        isoOrNull(cursor?.lastHeardAt ?? null),
        space.policyId,
        space.policyVersion,
        space.siteId,
        target,
      ])
      if (row === null) throw new Error('a select without from returns its row')
      return row
    },

    /** When the vehicle was last heard of between two instants; asked only when a stay ends (DOM-261). */
    async lastOccupiedAt(deviceId: string, from: Instant, to: Instant): Promise<Instant | null> {
      return (await tx.row<{ at: Instant | null }>(LAST_OCCUPIED, [tx.tenantId, deviceId, from, to]))?.at ?? null
    },
  }
}

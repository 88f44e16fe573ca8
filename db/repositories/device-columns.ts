/** A device as answers show it, and the words by which lists filter: online, proof, battery (DB-230, DB-234, DB-252). */
import { MODELS } from '#domain/codec/registry'
import { LOW_READINGS_IN_A_ROW } from '#domain/device/battery'
import { HEARTBEATS_TOLERATED, LIGHT_STATUS_SECONDS } from '#domain/device/freshness'
import type { Proof } from '#domain/display/proof-word'
import type { Lifecycle } from '#domain/device/lifecycle'
import type { Instant } from '#domain/shared/instant'
import { epochMs } from './columns'
import type { Filter, SortColumn } from './list-query'
import { HAS_OPEN_COMMAND } from './space-columns'

export interface DeviceRow {
  readonly deviceId: string
  readonly tenantId: string
  readonly tenantName: string
  readonly devEui: string
  readonly kind: 'sensor' | 'display'
  readonly deviceType: string | null
  readonly manufacturer: string | null
  readonly model: string | null
  readonly name: string
  readonly description: string | null
  readonly location: string | null
  readonly status: string
  readonly lifecycle: Lifecycle
  readonly enabled: boolean
  readonly spaceId: string | null
  readonly spaceCode: string | null
  readonly siteId: string | null
  readonly siteName: string | null
  readonly assignedAt: Instant | null
  readonly lastSeenAt: Instant | null
  readonly lastHeardAt: Instant | null
  readonly batteryVolts: number | null
  readonly batteryPercent: number | null
  readonly batteryLowCount: number
  readonly rssiDbm: number | null
  readonly snrDb: number | null
  readonly lastGatewayEui: string | null
  readonly value: 'occupied' | 'free' | null
  readonly valueHeardAt: Instant | null
  readonly flips: readonly Instant[]
  readonly suspectSince: Instant | null
  readonly deviceClass: string | null
  readonly firmware: string | null
  readonly joinEui: string | null
  readonly applicationId: string | null
  readonly profileId: string | null
  readonly syncStatus: string
  readonly lastSyncAt: Instant | null
  readonly provisioning: Readonly<Record<string, unknown>> | null
  readonly config: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
  readonly hasShadow: boolean
  readonly wantedSituation: string | null
  readonly wantedColor: string | null
  readonly wantedPattern: string | null
  readonly wantedAt: Instant | null
  readonly shownColor: string | null
  readonly shownPattern: string | null
  readonly shownAt: Instant | null
  readonly proof: Proof | null
  readonly isAsWanted: boolean
  readonly driftSince: Instant | null
  readonly hasOpenCommand: boolean
  readonly waitingFor: string | null
  readonly archivedAt: Instant | null
  readonly version: number
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

export const DEVICE_COLUMNS = `
  d.id as "deviceId", d.tenant_id as "tenantId", t.name as "tenantName", d.dev_eui as "devEui", d.kind, d.device_type as "deviceType",
  d.manufacturer, d.model, d.name, d.description, d.location, d.status, d.lifecycle_state as lifecycle, d.enabled,
  d.assigned_space_id as "spaceId", p.code as "spaceCode", p.site_id as "siteId", i.name as "siteName", ${epochMs('d.assigned_at')} as "assignedAt",
  ${epochMs('d.last_seen_at')} as "lastSeenAt", ${epochMs('f.last_heard_at')} as "lastHeardAt", d.battery_volts as "batteryVolts",
  d.battery_percent as "batteryPercent", coalesce(f.battery_low_count, 0) as "batteryLowCount", f.last_rssi_dbm as "rssiDbm", f.last_snr_db as "snrDb",
  f.last_gateway_eui as "lastGatewayEui", f.value, ${epochMs('f.value_heard_at')} as "valueHeardAt",
  coalesce((select json_agg(${epochMs('flip')}) from unnest(f.flips) flip), '[]'::json) as flips, ${epochMs('f.suspect_since')} as "suspectSince",
  f.device_class as "deviceClass", f.firmware, d.join_eui as "joinEui", d.chirpstack_application_id as "applicationId",
  d.device_profile_id as "profileId", d.chirpstack_sync_status as "syncStatus", ${epochMs('d.chirpstack_last_sync_at')} as "lastSyncAt",
  d.provisioning, d.config, d.metadata, c.device_id is not null as "hasShadow", c.wanted_situation as "wantedSituation",
  c.wanted_color as "wantedColor", c.wanted_pattern as "wantedPattern", ${epochMs('c.wanted_at')} as "wantedAt", c.shown_color as "shownColor",
  c.shown_pattern as "shownPattern", ${epochMs('c.shown_at')} as "shownAt", c.proof, c.drift_since is null as "isAsWanted",
  ${epochMs('c.drift_since')} as "driftSince", coalesce(${HAS_OPEN_COMMAND}, false) as "hasOpenCommand",
  (select q.waiting_for from downlink_queue q where q.tenant_id = d.tenant_id and q.device_id = d.id and q.status = 'queued'
    order by q.priority, q.queued_at limit 1) as "waitingFor",
  ${epochMs('d.archived_at')} as "archivedAt", d.version, ${epochMs('d.created_at')} as "createdAt", ${epochMs('d.updated_at')} as "updatedAt"`

export const DEVICE_FROM = `
  from devices d
  join tenants t on t.id = d.tenant_id
  left join spaces p on p.tenant_id = d.tenant_id and p.id = d.assigned_space_id
  left join sites i on i.tenant_id = p.tenant_id and i.id = p.site_id
  left join sensor_debounce_state f on f.tenant_id = d.tenant_id and f.device_id = d.id
  left join display_state_cache c on c.tenant_id = d.tenant_id and c.device_id = d.id`

/** Windows of the registry as rows, so that a list can ask who is silent (DOM-230). Models without an entry wait a day and an hour. */
export function modelWindows(filter: Filter): string {
  const models = filter.bind(MODELS.map(({ model }) => model))
  const occupied = filter.bind(MODELS.map(({ windowSeconds }) => windowSeconds.occupied))
  const free = filter.bind(MODELS.map(({ windowSeconds }) => windowSeconds.free))
  return `left join unnest(${models}::text[], ${occupied}::int[], ${free}::int[]) w (model, occupied, free) on w.model = d.model`
}

const STATED = `(d.config #>> array['liveness', case f.value when 'occupied' then 'occupied_seconds' else 'free_seconds' end])::numeric`
const BY_MODEL = `case f.value when 'occupied' then w.occupied when 'free' then w.free else greatest(w.occupied, w.free) end`

/** How long a light may be silent (DOM-231); what is no number above 0 counts as not configured. */
export const LIGHT_LIMIT_SECONDS = `(${HEARTBEATS_TOLERATED} * case when jsonb_typeof(d.config->'status_interval_seconds') = 'number'
  and (d.config->>'status_interval_seconds')::numeric > 0 then (d.config->>'status_interval_seconds')::numeric else ${LIGHT_STATUS_SECONDS} end)`

/** As domain/device/freshness. */
const LIMIT_SECONDS = `(case when d.kind = 'display' then ${LIGHT_LIMIT_SECONDS}
  else coalesce(${STATED}, ${HEARTBEATS_TOLERATED} * (d.config->>'expected_interval_seconds')::numeric, ${BY_MODEL}, 90000) end)`
const HEARD_AT = `coalesce(case when d.kind = 'sensor' then f.last_heard_at end, d.last_seen_at)`

export const IS_ONLINE = `coalesce(${HEARD_AT} + make_interval(secs => ${LIMIT_SECONDS}::double precision) > now(), false)`
export const IS_SILENT = `(d.assigned_space_id is not null and not ${IS_ONLINE})`
export const IS_BATTERY_LOW = `coalesce(f.battery_low_count >= ${LOW_READINGS_IN_A_ROW}, false)`

export const DEVICE_SORTS: Readonly<Record<string, SortColumn>> = {
  created_at: { sql: 'd.created_at', type: 'timestamptz' },
  name: { sql: 'd.name', type: 'text' },
  dev_eui: { sql: 'd.dev_eui', type: 'text' },
  status: { sql: 'd.status', type: 'text' },
  lifecycle_state: { sql: 'd.lifecycle_state', type: 'text' },
  last_seen_at: { sql: 'd.last_seen_at', type: 'timestamptz', isNullable: true },
  battery_volts: { sql: 'd.battery_volts', type: 'numeric', isNullable: true },
}

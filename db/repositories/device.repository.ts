/** Sensors and lights for reading: list, one, who hears it, counters (API-350 to 352, API-371). */
import type { Instant } from '#domain/shared/instant'
import { epochMs, isoOrNull } from './columns'
import {
  DEVICE_COLUMNS,
  DEVICE_FROM,
  DEVICE_SORTS,
  IS_BATTERY_LOW,
  IS_ONLINE,
  IS_SILENT,
  modelWindows,
  type DeviceRow,
} from './device-columns'
import { createFilter, listPage, searchEui, searchIn, type Filter, type Page, type PageRequest, type ReadTx } from './list-query'
import { PROOF_WORD } from './space-columns'

export interface DeviceFilters {
  readonly kinds?: readonly string[] | undefined
  readonly statuses?: readonly string[] | undefined
  readonly lifecycles?: readonly string[] | undefined
  readonly siteIds?: readonly string[] | undefined
  readonly spaceIds?: readonly string[] | undefined
  readonly assigned?: boolean | undefined
  readonly online?: boolean | undefined
  readonly models?: readonly string[] | undefined
  readonly suspect?: boolean | undefined
  readonly syncStatuses?: readonly string[] | undefined
  readonly proofs?: readonly string[] | undefined
  readonly batteryBelowVolts?: number | undefined
  readonly batteryLow?: boolean | undefined
  readonly silent?: boolean | undefined
  readonly silentSince: Instant | null
  readonly includeArchived: boolean
}

/** By UUID or by EUI (API-352). */
export type DeviceRef = { readonly id: string } | { readonly eui: string }

export interface HearingGateway {
  readonly gatewayEui: string
  readonly lastHeardAt: Instant
  readonly rssiDbm: number | null
  readonly snrDb: number | null
}

export interface AssignmentRow {
  readonly spaceId: string
  readonly spaceCode: string
  readonly assignedAt: Instant
  readonly assignedBy: string | null
  readonly reason: string | null
}

export interface DeviceCount {
  readonly kind: 'sensor' | 'display'
  readonly total: number
  readonly assigned: number
  readonly active: number
  readonly inactive: number
  readonly online: number
  readonly silent: number
  readonly batteryLow: number
  readonly suspect: number
  readonly proved: number
  readonly unverified: number
  readonly pending: number
  readonly drifted: number
}

const COUNTS = `
  d.kind, count(*)::int as total, count(d.assigned_space_id)::int as assigned, count(*) filter (where d.status = 'active')::int as active,
  count(*) filter (where d.status = 'inactive')::int as inactive, count(*) filter (where ${IS_ONLINE})::int as online,
  count(*) filter (where ${IS_SILENT})::int as silent, count(*) filter (where ${IS_BATTERY_LOW})::int as "batteryLow",
  count(f.suspect_since)::int as suspect,
  ${['proved', 'unverified', 'pending', 'drifted'].map((word) => `count(*) filter (where ${PROOF_WORD} = '${word}')::int as ${word}`).join(', ')}`

const GATEWAYS = `
  select gateway_eui as "gatewayEui", ${epochMs('last_heard_at')} as "lastHeardAt", rssi_dbm as "rssiDbm", snr_db as "snrDb"
  from device_gateways where tenant_id = $1 and device_id = $2 order by last_heard_at desc limit 50`

const ASSIGNMENT = `
  select a.space_id as "spaceId", s.code as "spaceCode", ${epochMs('a.assigned_at')} as "assignedAt", u.name as "assignedBy", a.assignment_reason as reason
  from device_assignments a join spaces s on s.tenant_id = a.tenant_id and s.id = a.space_id left join users u on u.id = a.assigned_by
  where a.tenant_id = $1 and a.device_id = $2 and a.unassigned_at is null`

const UNDECODED = `
  select count(*)::int as count, ${epochMs('min(heard_at)')} as since, (array_agg(decode_error order by heard_at desc))[1] as "lastError"
  from sensor_readings where tenant_id = $1 and device_id = $2 and verdict = 'undecoded' and heard_at > now() - interval '24 hours'`

function applyFilters(filter: Filter, filters: DeviceFilters, search: string | null): void {
  const among = (values: readonly string[] | undefined, column: string, type = 'text') =>
    filter.when(values, (p) => `${column} = any(${p}::${type}[])`)
  if (!filters.includeArchived) filter.and('d.archived_at is null')
  among(filters.kinds, 'd.kind')
  among(filters.statuses, 'd.status')
  among(filters.lifecycles, 'd.lifecycle_state')
  among(filters.siteIds, 'p.site_id', 'uuid')
  among(filters.spaceIds, 'd.assigned_space_id', 'uuid')
  filter.flag(filters.assigned, 'd.assigned_space_id is not null')
  filter.flag(filters.online, IS_ONLINE)
  among(filters.models, 'd.model')
  filter.flag(filters.suspect, 'f.suspect_since is not null')
  among(filters.syncStatuses, 'd.chirpstack_sync_status')
  among(filters.proofs, `(${PROOF_WORD})`)
  filter.when(filters.batteryBelowVolts, (p) => `d.battery_volts < ${p}::numeric`)
  filter.flag(filters.batteryLow, IS_BATTERY_LOW)
  filter.flag(filters.silent, IS_SILENT)
  filter.when(isoOrNull(filters.silentSince), (p) => `(${IS_SILENT} and coalesce(d.last_seen_at, d.assigned_at) < ${p}::timestamptz)`)
  filter.when(
    search,
    (p) =>
      `(${searchEui('d.dev_eui', p)} or ${searchIn(`d.dev_eui || ' ' || d.name || ' ' || coalesce(d.location, '')`, p)} or ${searchIn(`coalesce(p.code, '')`, p)})`,
  )
}

export function createDeviceRepository(tx: ReadTx) {
  async function counts(filter: Filter, from: string): Promise<DeviceCount[]> {
    return tx.dynamicRows<DeviceCount>(`select ${COUNTS} ${from} where ${filter.text()} group by d.kind`, filter.values)
  }

  return {
    list({ page, filters }: { page: PageRequest; filters: DeviceFilters }): Promise<Page<DeviceRow>> {
      const filter = createFilter(tx, 'd', page.tenantIds)
      const from = `${DEVICE_FROM} ${modelWindows(filter)}`
      applyFilters(filter, filters, page.search)
      return listPage<DeviceRow>(tx, { columns: DEVICE_COLUMNS, from, filter, sorts: DEVICE_SORTS, idColumn: 'd.id', page })
    },

    /** Counters of the same rows as `list` (API-235 `include_stats`). */
    countsOf({ page, filters }: { page: Pick<PageRequest, 'tenantIds' | 'search'>; filters: DeviceFilters }): Promise<DeviceCount[]> {
      const filter = createFilter(tx, 'd', page.tenantIds)
      const from = `${DEVICE_FROM} ${modelWindows(filter)}`
      applyFilters(filter, filters, page.search)
      return counts(filter, from)
    },

    /** The live row of an EUI before an archived one. */
    async get(ref: DeviceRef): Promise<DeviceRow | null> {
      const filter = createFilter(tx, 'd')
      filter.and('id' in ref ? `d.id = ${filter.bind(ref.id)}` : `d.dev_eui = ${filter.bind(ref.eui)} and d.archived_at is null`)
      return (await tx.dynamicRows<DeviceRow>(`select ${DEVICE_COLUMNS} ${DEVICE_FROM} where ${filter.text()}`, filter.values))[0] ?? null
    },

    gatewaysOf: (tenantId: string, deviceId: string): Promise<HearingGateway[]> => tx.rows<HearingGateway>(GATEWAYS, [tenantId, deviceId]),

    assignmentOf: (tenantId: string, deviceId: string): Promise<AssignmentRow | null> =>
      tx.row<AssignmentRow>(ASSIGNMENT, [tenantId, deviceId]),

    /** Frames of the last day that its codec could not read. */
    undecodedOf: (tenantId: string, deviceId: string) =>
      tx.row<{ count: number; since: Instant | null; lastError: string | null }>(UNDECODED, [tenantId, deviceId]),

    async orphanCount(tenantIds: readonly string[] | null): Promise<number> {
      const filter = createFilter(tx, 'o', tenantIds)
      filter.and('o.ignored_at is null')
      const [row] = await tx.dynamicRows<{ count: number }>(
        `select count(*)::int as count from orphan_devices o where ${filter.text()}`,
        filter.values,
      )
      return row?.count ?? 0
    },
  }
}

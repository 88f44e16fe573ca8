/** Gateways for reading: list, one, counters; what they hear, serve and have used of the air (DB-237, API-380, 381, 386). */
import type { Instant } from '#domain/shared/instant'
import { epochMs } from './columns'
import { createFilter, listPage, searchEui, searchIn, type Page, type PageRequest, type ReadTx, type SortColumn } from './list-query'

export interface GatewayRow {
  readonly gatewayRef: string
  readonly tenantId: string
  readonly tenantName: string
  readonly gatewayEui: string
  readonly name: string
  readonly description: string | null
  readonly location: string | null
  readonly latitude: number | null
  readonly longitude: number | null
  readonly altitudeMetres: number | null
  readonly siteId: string | null
  readonly siteName: string | null
  readonly model: string | null
  readonly enabled: boolean
  readonly config: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
  readonly status: 'online' | 'offline' | 'never_seen'
  readonly statusSince: Instant
  readonly lastSeenAt: Instant | null
  readonly devicesHeard: number
  readonly affectedSpaces: number
  readonly airtimeUsedMs: number
  readonly syncStatus: string
  readonly chirpstackId: string | null
  readonly version: number
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

export interface GatewayFilters {
  readonly siteIds?: readonly string[] | undefined
  readonly statuses?: readonly string[] | undefined
  readonly online?: boolean | undefined
}

/** By UUID or by EUI (API-381). */
export type GatewayRef = { readonly id: string } | { readonly eui: string }

const HEARD = `from device_gateways h where h.tenant_id = g.tenant_id and h.gateway_eui = g.gateway_id and h.last_heard_at > now() - interval '24 hours'`

const COLUMNS = `
  g.id as "gatewayRef", g.tenant_id as "tenantId", t.name as "tenantName", g.gateway_id as "gatewayEui", g.name, g.description, g.location,
  g.latitude, g.longitude, g.altitude_metres as "altitudeMetres", g.site_id as "siteId", i.name as "siteName", g.model, g.enabled, g.config,
  g.metadata, g.status, ${epochMs('g.status_since')} as "statusSince", ${epochMs('g.last_seen_at')} as "lastSeenAt",
  (select count(*)::int ${HEARD}) as "devicesHeard",
  (select count(distinct d.assigned_space_id)::int from devices d where d.tenant_id = g.tenant_id and d.assigned_space_id is not null
    and d.id in (select h.device_id ${HEARD})) as "affectedSpaces",
  (select coalesce(sum(a.charged_ms), 0)::float8 from downlink_attempts a where a.tenant_id = g.tenant_id and a.charged_gateway_eui = g.gateway_id
    and a.budget_granted_at > now() - interval '1 hour') as "airtimeUsedMs",
  g.chirpstack_sync_status as "syncStatus", g.chirpstack_gateway_id as "chirpstackId", g.version,
  ${epochMs('g.created_at')} as "createdAt", ${epochMs('g.updated_at')} as "updatedAt"`

const FROM = `
  from gateways g
  join tenants t on t.id = g.tenant_id
  left join sites i on i.tenant_id = g.tenant_id and i.id = g.site_id`

const SORTS: Readonly<Record<string, SortColumn>> = {
  name: { sql: 'g.name', type: 'text' },
  gateway_id: { sql: 'g.gateway_id', type: 'text' },
  last_seen_at: { sql: 'g.last_seen_at', type: 'timestamptz', isNullable: true },
  status: { sql: 'g.status', type: 'text' },
}

export function createGatewayRepository(tx: ReadTx) {
  return {
    list({ page, filters }: { page: PageRequest; filters: GatewayFilters }): Promise<Page<GatewayRow>> {
      const filter = createFilter(tx, 'g', page.tenantIds)
      filter.when(filters.siteIds, (p) => `g.site_id = any(${p}::uuid[])`)
      filter.when(filters.statuses, (p) => `g.status = any(${p}::text[])`)
      filter.flag(filters.online, `g.status = 'online'`)
      filter.when(
        page.search,
        (p) => `(${searchEui('g.gateway_id', p)} or ${searchIn(`g.gateway_id || ' ' || g.name || ' ' || coalesce(g.location, '')`, p)})`,
      )
      return listPage<GatewayRow>(tx, { columns: COLUMNS, from: FROM, filter, sorts: SORTS, idColumn: 'g.id', page })
    },

    async get(ref: GatewayRef): Promise<GatewayRow | null> {
      const filter = createFilter(tx, 'g')
      filter.and('id' in ref ? `g.id = ${filter.bind(ref.id)}` : `g.gateway_id = ${filter.bind(ref.eui)}`)
      return (
        (
          await tx.dynamicRows<GatewayRow>(`select ${COLUMNS} ${FROM} where ${filter.text()} order by g.created_at limit 1`, filter.values)
        )[0] ?? null
      )
    },

    counts(siteId: string | undefined, tenantIds: readonly string[] | null): Promise<{ status: GatewayRow['status']; count: number }[]> {
      const filter = createFilter(tx, 'g', tenantIds)
      filter.when(siteId, (p) => `g.site_id = ${p}::uuid`)
      return tx.dynamicRows(`select g.status, count(*)::int as count from gateways g where ${filter.text()} group by 1`, filter.values)
    },
  }
}

/** Car parks with their counters, for reading (DB-220, DB-223). */
import type { Instant } from '#domain/shared/instant'
import { epochMs } from './columns'
import { createFilter, listPage, searchIn, type Page, type PageRequest, type ReadTx, type SortColumn } from './list-query'

export interface SiteRow {
  readonly siteId: string
  readonly tenantId: string
  readonly tenantName: string
  readonly name: string
  readonly slug: string
  readonly timezone: string
  readonly location: Readonly<Record<string, unknown>>
  readonly settings: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
  readonly isActive: boolean
  readonly total: number
  readonly free: number
  readonly occupied: number
  readonly reserved: number
  readonly maintenance: number
  readonly unknown: number
  readonly deviceCount: number
  readonly gatewayCount: number
  readonly gatewaysOnline: number
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

export interface SiteFilters {
  readonly isActive?: boolean | undefined
  readonly countries?: readonly string[] | undefined
  readonly cities?: readonly string[] | undefined
  readonly hasAlerts?: boolean | undefined
}

const COLUMNS = `
  s.id as "siteId", s.tenant_id as "tenantId", t.name as "tenantName", s.name, s.slug, s.timezone, s.location, s.settings, s.metadata,
  s.is_active as "isActive", coalesce(o.total, 0) as total, coalesce(o.free, 0) as free, coalesce(o.occupied, 0) as occupied,
  coalesce(o.reserved, 0) as reserved, coalesce(o.maintenance, 0) as maintenance, coalesce(o.unknown, 0) as unknown,
  (select count(*)::int from devices d join spaces p on p.tenant_id = d.tenant_id and p.id = d.assigned_space_id
    where d.tenant_id = s.tenant_id and p.site_id = s.id and d.archived_at is null) as "deviceCount",
  (select count(*)::int from gateways g where g.tenant_id = s.tenant_id and g.site_id = s.id) as "gatewayCount",
  (select count(*)::int from gateways g where g.tenant_id = s.tenant_id and g.site_id = s.id and g.status = 'online') as "gatewaysOnline",
  ${epochMs('s.created_at')} as "createdAt", ${epochMs('s.updated_at')} as "updatedAt", s.version`

const FROM = `
  from sites s
  join tenants t on t.id = s.tenant_id
  left join site_occupancy o on o.tenant_id = s.tenant_id and o.site_id = s.id`

const RATE = `case when coalesce(o.total, 0) = 0 then 0 else o.occupied::numeric / o.total end`

const SORTS: Readonly<Record<string, SortColumn>> = {
  name: { sql: 's.name', type: 'text' },
  slug: { sql: 's.slug', type: 'text' },
  created_at: { sql: 's.created_at', type: 'timestamptz' },
  space_count: { sql: 'coalesce(o.total, 0)', type: 'numeric' },
  occupancy_rate: { sql: `(${RATE})`, type: 'numeric' },
}

/** Bound to one tenant, or to the platform over all. */
export function createSiteRepository(tx: ReadTx) {
  return {
    list({ page, filters }: { page: PageRequest; filters: SiteFilters }): Promise<Page<SiteRow>> {
      const filter = createFilter(tx, 's', page.tenantIds)
      filter.and('s.deleted_at is null')
      filter.flag(filters.isActive, 's.is_active')
      filter.when(filters.countries, (p) => `s.location->>'country' = any(${p}::text[])`)
      filter.when(filters.cities, (p) => `s.location->>'city' = any(${p}::text[])`)
      filter.flag(
        filters.hasAlerts,
        'exists (select from alerts a where a.tenant_id = s.tenant_id and a.site_id = s.id and a.closed_at is null)',
      )
      filter.when(
        page.search,
        (p) =>
          `(${searchIn(`s.name || ' ' || s.slug`, p)} or ${searchIn(`coalesce(s.location->>'city', '') || ' ' || coalesce(s.location->>'address', '')`, p)})`,
      )
      return listPage<SiteRow>(tx, { columns: COLUMNS, from: FROM, filter, sorts: SORTS, idColumn: 's.id', page })
    },

    async get(siteId: string): Promise<SiteRow | null> {
      const filter = createFilter(tx, 's')
      filter.and('s.deleted_at is null')
      filter.and(`s.id = ${filter.bind(siteId)}`)
      const [row] = await tx.dynamicRows<SiteRow>(`select ${COLUMNS} ${FROM} where ${filter.text()}`, filter.values)
      return row ?? null
    },

    /** Every site, by name. */
    all(): Promise<SiteRow[]> {
      const filter = createFilter(tx, 's')
      filter.and('s.deleted_at is null')
      return tx.dynamicRows<SiteRow>(`select ${COLUMNS} ${FROM} where ${filter.text()} order by s.name, s.id`, filter.values)
    },
  }
}

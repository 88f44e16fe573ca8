/** Spaces for reading: list, one, counters (DB-222, API-320, 321, 327). The projection alone writes their state. */
import type { Instant } from '#domain/shared/instant'
import { epochMs } from './columns'
import { createFilter, listPage, searchEui, searchIn, type Filter, type Page, type PageRequest, type ReadTx } from './list-query'
import { PROOF_WORD, SPACE_COLUMNS, SPACE_FROM, SPACE_SORTS, type SpaceRow } from './space-columns'

export interface SpaceFilters {
  readonly siteIds?: readonly string[] | undefined
  readonly states?: readonly string[] | undefined
  readonly reasons?: readonly string[] | undefined
  readonly buildings?: readonly string[] | undefined
  readonly floors?: readonly string[] | undefined
  readonly zones?: readonly string[] | undefined
  readonly kinds?: readonly string[] | undefined
  readonly labels?: readonly string[] | undefined
  readonly enabled?: boolean | undefined
  readonly isReservable?: boolean | undefined
  readonly hasSensor?: boolean | undefined
  readonly hasDisplay?: boolean | undefined
  readonly overridden?: boolean | undefined
  readonly suspect?: boolean | undefined
  readonly alert?: boolean | undefined
  readonly proofs?: readonly string[] | undefined
}

export interface StateCount {
  readonly state: string
  readonly reason: string
  readonly kind: string
  readonly count: number
}

const IS_OVERRIDDEN = `exists (select from space_overrides x where x.tenant_id = s.tenant_id and x.space_id = s.id and x.ended_at is null
  and x.starts_at <= now() and (x.ends_at is null or x.ends_at > now()))`
const HAS_ALERT = `exists (select from alerts a where a.tenant_id = s.tenant_id and a.space_id = s.id and a.closed_at is null)`

function applyFilters(filter: Filter, filters: SpaceFilters, search: string | null): void {
  filter.and('s.deleted_at is null')
  const among = (values: readonly string[] | undefined, column: string, type = 'text') =>
    filter.when(values, (p) => `${column} = any(${p}::${type}[])`)
  among(filters.siteIds, 's.site_id', 'uuid')
  among(filters.states, 's.current_state')
  among(filters.reasons, 's.state_reason')
  among(filters.buildings, 's.building')
  among(filters.floors, 's.floor')
  among(filters.zones, 's.zone')
  among(filters.kinds, 's.kind')
  filter.when(filters.labels, (p) => `s.labels && ${p}::text[]`)
  filter.flag(filters.enabled, 's.enabled')
  filter.flag(filters.isReservable, 's.is_reservable')
  filter.flag(filters.hasSensor, 's.sensor_device_id is not null')
  filter.flag(filters.hasDisplay, 's.display_device_id is not null')
  filter.flag(filters.overridden, IS_OVERRIDDEN)
  filter.flag(filters.suspect, 'f.suspect_since is not null')
  filter.flag(filters.alert, HAS_ALERT)
  among(filters.proofs, `(${PROOF_WORD})`)
  filter.when(
    search,
    (p) =>
      `(${searchIn(`s.code || ' ' || s.name || ' ' || coalesce(s.display_name, '')`, p)} or ${searchEui('d.dev_eui', p)} or ${searchEui('l.dev_eui', p)})`,
  )
}

export function createSpaceRepository(tx: ReadTx) {
  return {
    list({ page, filters }: { page: PageRequest; filters: SpaceFilters }): Promise<Page<SpaceRow>> {
      const filter = createFilter(tx, 's', page.tenantIds)
      applyFilters(filter, filters, page.search)
      return listPage<SpaceRow>(tx, { columns: SPACE_COLUMNS, from: SPACE_FROM, filter, sorts: SPACE_SORTS, idColumn: 's.id', page })
    },

    async get(spaceId: string): Promise<SpaceRow | null> {
      const filter = createFilter(tx, 's')
      filter.and('s.deleted_at is null')
      filter.and(`s.id = ${filter.bind(spaceId)}`)
      const [row] = await tx.dynamicRows<SpaceRow>(`select ${SPACE_COLUMNS} ${SPACE_FROM} where ${filter.text()}`, filter.values)
      return row ?? null
    },

    counts({
      filters,
      search,
      tenantIds,
    }: {
      filters: SpaceFilters
      search: string | null
      tenantIds: readonly string[] | null
    }): Promise<StateCount[]> {
      const filter = createFilter(tx, 's', tenantIds)
      applyFilters(filter, filters, search)
      const text = `select s.current_state as state, s.state_reason as reason, s.kind, count(*)::int as count ${SPACE_FROM}
        where ${filter.text()} group by 1, 2, 3`
      return tx.dynamicRows<StateCount>(text, filter.values)
    },

    /** The database's clock, which every transition is recorded by. */
    async now(): Promise<Instant> {
      const row = await tx.row<{ now: Instant }>(`select ${epochMs('clock_timestamp()')} as now`)
      if (row === null) throw new Error('the database has no clock')
      return row.now
    },
  }
}

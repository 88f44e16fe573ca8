/** Spaces for reading: list, one, counters, the whole grid (DB-222, API-320, 321, 327, 338). The projection alone writes their state. */
import { toIso, type Instant } from '#domain/shared/instant'
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

/** One bay of the compact grid (API-338). */
export interface StateRow {
  readonly spaceId: string
  readonly code: string
  readonly state: string
  readonly stateReason: string
  readonly since: Instant
  readonly sequence: number
  readonly color: string | null
  readonly pattern: string | null
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

const GRID_NOW = `
  select s.id as "spaceId", s.code, s.current_state as state, s.state_reason as "stateReason", ${epochMs('s.state_changed_at')} as since,
    s.state_sequence as sequence, c.wanted_color as color, c.wanted_pattern as pattern
  from spaces s
  left join display_state_cache c on c.tenant_id = s.tenant_id and c.device_id = s.display_device_id`

/** Backwards through the partitions' own index, one bay at a time: the last transition recorded by then (DOM-252). */
const gridThen = (at: string): string => `
  select s.id as "spaceId", s.code, k.new_state as state, k.state_reason as "stateReason", ${epochMs('k.recorded_at')} as since,
    k.sequence, k.display->>'color' as color, k.display->>'pattern' as pattern
  from spaces s
  join lateral (select h.new_state, h.state_reason, h.recorded_at, h.sequence, h.display from state_changes h
    where h.tenant_id = s.tenant_id and h.space_id = s.id and h.recorded_at <= ${at}::timestamptz
    order by h.recorded_at desc, h.sequence desc limit 1) k on true`

/** A transition is recorded a moment before it is committed: looking back ten seconds misses none, and repeats are harmless (API-864). */
const changedAfter = (
  instant: string,
): string => `(c.updated_at >= ${instant} - interval '10 seconds' or exists (select from state_changes h
  where h.tenant_id = s.tenant_id and h.space_id = s.id and h.recorded_at >= ${instant} - interval '10 seconds'))`

export function createSpaceRepository(tx: ReadTx) {
  function onSite(siteId: string | undefined): Filter {
    const filter = createFilter(tx, 's')
    filter.when(siteId, (p) => `s.site_id = ${p}::uuid`)
    return filter
  }

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

    /** Every bay now; with `changedSince` those whose state or light changed since, and for safety some seconds before. */
    gridNow({
      siteId,
      changedSince,
      limit,
    }: {
      siteId?: string | undefined
      changedSince?: Instant | undefined
      limit: number
    }): Promise<StateRow[]> {
      const filter = onSite(siteId)
      filter.and('s.deleted_at is null')
      filter.when(changedSince, (p) => changedAfter(`to_timestamp(${p}::double precision / 1000)`))
      return tx.dynamicRows<StateRow>(
        `${GRID_NOW} where ${filter.text()} order by s.code collate natural_order, s.id limit ${filter.bind(limit)}`,
        filter.values,
      )
    },

    /** Every bay that existed then, as it was known then. */
    gridThen({ siteId, at, limit }: { siteId?: string | undefined; at: Instant; limit: number }): Promise<StateRow[]> {
      const filter = onSite(siteId)
      const then = filter.bind(toIso(at))
      filter.and(`(s.deleted_at is null or s.deleted_at > ${then}::timestamptz)`)
      return tx.dynamicRows<StateRow>(
        `${gridThen(then)} where ${filter.text()} order by s.code collate natural_order, s.id limit ${filter.bind(limit)}`,
        filter.values,
      )
    },

    /** The database's clock, which every transition is recorded by. */
    async now(): Promise<Instant> {
      const row = await tx.row<{ now: Instant }>(`select ${epochMs('clock_timestamp()')} as now`)
      if (row === null) throw new Error('the database has no clock')
      return row.now
    },
  }
}

/** The whole grid in compact rows: now, what changed since, or as it was known then (API-338, DOM-252). */
import { toIso, type Instant } from '#domain/shared/instant'
import { epochMs } from './columns'
import { createFilter, type Filter, type ReadTx } from './list-query'

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

export function createSpaceGridRepository(tx: ReadTx) {
  function onSite(siteId: string | undefined): Filter {
    const filter = createFilter(tx, 's')
    filter.when(siteId, (p) => `s.site_id = ${p}::uuid`)
    return filter
  }

  return {
    /** Every bay now; with `changedSince` those whose state or light changed since, and for safety some seconds before. */
    now({
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
    then({ siteId, at, limit }: { siteId?: string | undefined; at: Instant; limit: number }): Promise<StateRow[]> {
      const filter = onSite(siteId)
      const then = filter.bind(toIso(at))
      filter.and(`(s.deleted_at is null or s.deleted_at > ${then}::timestamptz)`)
      return tx.dynamicRows<StateRow>(
        `${gridThen(then)} where ${filter.text()} order by s.code collate natural_order, s.id limit ${filter.bind(limit)}`,
        filter.values,
      )
    },
  }
}

/** Counters of spaces: five states that add up, why unknown ones are, and kinds (API-327). */
import { toIso, type Instant } from '#domain/shared/instant'
import { percent } from '../shared/present'
import type { Repositories } from '../shared/repositories'

type StateCount = Awaited<ReturnType<Repositories['spaces']['counts']>>[number]

export interface StatsContext {
  readonly siteId: string | undefined
  readonly tenantId: string
  readonly now: Instant
}

export function presentStats(counts: readonly StateCount[], { siteId, tenantId, now }: StatsContext) {
  const byState = sumBy(counts, ({ state }) => state)
  const of = (state: string) => byState[state] ?? 0
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  return {
    total_spaces: total,
    free: of('free'),
    occupied: of('occupied'),
    reserved: of('reserved'),
    maintenance: of('maintenance'),
    unknown: of('unknown'),
    available: of('free'),
    occupancy_rate: percent(of('occupied'), total),
    ...(siteId === undefined ? {} : { site_id: siteId }),
    tenant_id: tenantId,
    unknown_reasons: sumBy(
      counts.filter(({ state }) => state === 'unknown'),
      ({ reason }) => reason,
    ),
    by_kind: sumBy(counts, ({ kind }) => kind),
    generated_at: toIso(now),
  }
}

function sumBy(counts: readonly StateCount[], keyOf: (count: StateCount) => string): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const count of counts) sums[keyOf(count)] = (sums[keyOf(count)] ?? 0) + count.count
  return sums
}

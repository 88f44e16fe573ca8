/** Query of API-234 to the filters of the repository. */
import type { z } from 'zod'
import type { listSpaces } from '#contract/spaces'
import type { ReadRepositories } from '../shared/reads'

export type SpaceFilters = Parameters<ReadRepositories['spaces']['list']>[0]['filters']
type FilterQuery = Omit<z.output<(typeof listSpaces)['query']>, 'site_id'>

/** `status` is another spelling of `current_state`; given both, both hold. */
export function filtersOf(query: FilterQuery, siteIds: readonly string[] | undefined): SpaceFilters {
  return {
    siteIds,
    states: both(query.current_state, query.status),
    reasons: query.state_reason,
    buildings: query.building,
    floors: query.floor,
    zones: query.zone,
    kinds: query.kind,
    labels: query.label,
    enabled: query.enabled,
    isReservable: query.is_reservable,
    hasSensor: query.has_sensor,
    hasDisplay: query.has_display,
    overridden: query.overridden,
    suspect: query.suspect,
    alert: query.alert,
    proofs: query.proof,
  }
}

function both(a: readonly string[] | undefined, b: readonly string[] | undefined): readonly string[] | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a.filter((value) => b.includes(value))
}

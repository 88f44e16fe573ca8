/** What a light shows of all that is true: the policy's ranking picks (DOM-228, DOM-303). */
import type { RankedSituation, Situation } from './policy'

/** What a place in the ranking stands for, the first true one before the second. */
const STANDS_FOR: Readonly<Record<RankedSituation, readonly Situation[]>> = {
  maintenance: ['out_of_service', 'blocked'],
  occupied: ['occupied'],
  reserved: ['reserved'],
  reserved_soon: ['reserved_soon'],
  free: ['free'],
  unknown: ['error', 'unknown'],
}

/** The eight situations in the order in which a ranking of six prefers them. */
export function expandRanking(ranking: readonly RankedSituation[]): readonly Situation[] {
  return ranking.flatMap((place) => STANDS_FOR[place])
}

/** The first true situation of the ranking. `unknown` is always true, so it is also the answer of a ranking that lacks it. */
export function rankSituation(ranking: readonly RankedSituation[], holding: ReadonlySet<Situation>): Situation {
  return expandRanking(ranking).find((situation) => holding.has(situation)) ?? 'unknown'
}

/** Situations that can never be shown because they rank below `unknown`, which is always true; a policy gets a warning for each. */
export function hiddenSituations(ranking: readonly RankedSituation[]): readonly RankedSituation[] {
  const place = ranking.indexOf('unknown')
  return place < 0 ? [] : ranking.slice(place + 1)
}

/** When an operator's statement about a bay lapses by itself (DOM-266). */
import type { Instant } from '../shared/instant'

/** After this a statement is no longer worth believing, whoever made it. */
const STATEMENT_TTL_MS = 24 * 3_600_000

export interface StatementTerms {
  readonly kind: 'occupied' | 'free'
  readonly startsAt: Instant
  /** The command's own `until`; wins over everything. At most 30 days ahead, which the contract checks. */
  readonly until: Instant | null
  /** The space's setting; only a statement `occupied` knows it. */
  readonly autoReleaseMinutes: number | null
}

/** The instant to store as the override's end. The next newer fresh reading ends the statement earlier. */
export function statementEndsAt({ kind, startsAt, until, autoReleaseMinutes }: StatementTerms): Instant {
  if (until !== null) return until
  const releases = kind === 'occupied' && autoReleaseMinutes !== null
  return startsAt + (releases ? autoReleaseMinutes * 60_000 : STATEMENT_TTL_MS)
}

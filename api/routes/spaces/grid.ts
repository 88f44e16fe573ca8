/** The compact grid and its cursor: the instant of an answer, from which the next one goes on (API-338). */
import { issueAt } from '#contract/issues'
import { DomainError } from '#domain/shared/domain-error'
import { toIso, type Instant } from '#domain/shared/instant'
import type { Repositories } from '../shared/repositories'

type StateRow = Awaited<ReturnType<Repositories['spaceGrid']['now']>>[number]

const CURSOR = /^g([0-9a-z]{1,11})$/

const writeGridCursor = (instant: Instant): string => `g${instant.toString(36)}`

/** Throws `bad_cursor` for what no answer gave. */
export function readGridCursor(cursor: string): Instant {
  const digits = CURSOR.exec(cursor)?.[1]
  const instant = digits === undefined ? Number.NaN : Number.parseInt(digits, 36)
  if (Number.isSafeInteger(instant) && instant < 8.64e15) return instant
  throw new DomainError('validation.failed', { issues: [issueAt('query', '/changed_since', 'bad_cursor')] })
}

export function presentGrid(rows: readonly StateRow[], { at, asOf, tenantId }: { at: Instant | null; asOf: Instant; tenantId: string }) {
  return {
    at: toIso(at ?? asOf),
    known: at === null ? 'now' : 'then',
    cursor: writeGridCursor(asOf),
    spaces: rows.map(presentCell),
    tenant_id: tenantId,
  }
}

function presentCell({ spaceId, code, state, stateReason, since, sequence, color, pattern }: StateRow) {
  const display = color === null || pattern === null ? null : { color, pattern }
  return { space_id: spaceId, code, state, state_reason: stateReason, since: toIso(since), sequence, display }
}

/** SQLSTATE and constraint name → error code, once and for all (DB-873, H-41). No driver text leaves this file. */
import { DomainError, isDomainError } from '#domain/shared/domain-error'
import type { ErrorCode } from '#domain/shared/error-codes'

interface PgError extends Error {
  readonly code?: string
  readonly constraint?: string
}

const isPgError = (error: unknown): error is PgError => error instanceof Error && typeof (error as PgError).code === 'string'

const SERIALIZATION_FAILURE = '40001'
const DEADLOCK = '40P01'
/** Lock and statement time-outs: somebody else holds what we need. */
const BUSY = new Set(['55P03', '57014'])
/** The server is going away, starting, out of connections or unreachable. */
const AWAY = new Set([
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08000',
  '08001',
  '08003',
  '08006',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  '25006',
])
const POOL_WAIT_OVER = /timeout exceeded when trying to connect/
const CONNECTION_LOST = /Connection terminated|Client has encountered a connection error|connection ended unexpectedly/i

export function isRetryable(error: unknown): boolean {
  return isPgError(error) && (error.code === SERIALIZATION_FAILURE || error.code === DEADLOCK)
}

/** SQLSTATE classes that blame a value: cardinality violation, data exception, integrity constraint. */
const BLAMES_A_ROW = /^(21|22|23)/

/**
 * Whether leaving a row out could help. A missing right, a missing column or a full disk would refuse any row: whoever then sets rows aside
 * would set all of them aside.
 */
export function isRowRefusal(error: unknown): boolean {
  return !isPgError(error) || BLAMES_A_ROW.test(error.code ?? '')
}

export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return (isPgError(error) && AWAY.has(error.code ?? '')) || CONNECTION_LOST.test(error.message)
}

const unavailable = (code: ErrorCode, cause: unknown) =>
  new DomainError(code, { cause, retryAfterSeconds: 5, ...(code === 'server.unavailable' ? { extra: { dependency: 'database' } } : {}) })

/** Any error of a transaction → what the rest of the product may see. Errors that mean a bug of ours stay as they are (→ 500). */
export function translateDatabaseError(error: unknown): unknown {
  if (isDomainError(error) || !(error instanceof Error)) return error
  if (POOL_WAIT_OVER.test(error.message)) return unavailable('server.busy', error)
  if (isDatabaseAway(error)) return unavailable('server.unavailable', error)
  if (!isPgError(error)) return error
  return translateSqlState(error)
}

/** `on delete restrict`, a state of its own since PostgreSQL 18; before, 23503. */
const RESTRICTED = '23001'

/** Constraints that have a code of their own; every other one of its kind gets the general code. */
const NAMED_CONSTRAINTS: Readonly<Record<string, ErrorCode>> = {
  devices__eui: 'device.eui_unavailable',
  reservations__no_overlap: 'reservation.conflict',
}

function translateSqlState(error: PgError): unknown {
  const code = error.code ?? ''
  if (code === SERIALIZATION_FAILURE || code === DEADLOCK || BUSY.has(code)) return unavailable('server.busy', error)
  const refusal = NAMED_CONSTRAINTS[error.constraint ?? ''] ?? constraintCode(code, error.message)
  return refusal === null ? error : new DomainError(refusal, { cause: error })
}

/** Null: no caller could have caused it, so it is a bug of ours. */
function constraintCode(sqlState: string, message: string): ErrorCode | null {
  if (sqlState === '23505') return 'resource.duplicate'
  if (sqlState === '23P01' || sqlState === RESTRICTED) return 'resource.in_use'
  if (sqlState === '23503') return /update or delete on table/.test(message) ? 'resource.in_use' : 'resource.not_found'
  return sqlState === '23514' || sqlState.startsWith('22') ? 'validation.failed' : null
}

/** Any error → the one shape that leaves the server; the only place where that is decided (H-24, H-41, API-070). */
import { translateDatabaseError } from '#db/errors'
import { isDomainError, type DomainError } from '#domain/shared/domain-error'
import { ERROR_CODES, type ErrorCode, type LogLevel } from '#domain/shared/error-codes'
import { MAX_ISSUES } from '#contract/issues'

export interface Problem {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
  readonly log: LogLevel
}

/** Members beyond API-070 that a code may carry (API-072); everything else stays inside. */
const EXTRA_MEMBERS: Readonly<Partial<Record<ErrorCode, readonly string[]>>> = {
  'permission.role': ['required_role'],
  'permission.scope': ['required_scope'],
  'feature.disabled': ['feature'],
  'resource.in_use': ['blockers'],
  'limit.exceeded': ['limit', 'maximum', 'current'],
  'device.illegal_transition': ['from', 'to', 'allowed'],
  'reservation.conflict': ['conflicts', 'next_free', 'alternatives'],
  'reservation.series_conflict': ['conflicts'],
  'reservation.space_not_reservable': ['reason'],
  'reservation.illegal_transition': ['from', 'action'],
  'job.not_undoable': ['conflicts'],
  'precondition.stale': ['current_version', 'current', 'updated_by', 'updated_at'],
  'server.unavailable': ['dependency'],
}

const UNEXPECTED = 'Unexpected error; quote the request id.'
const DEFAULT_RETRY_SECONDS = 5
/** Node and ioredis name what went wrong with a connection like this. */
const CONNECTION_TROUBLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'NOAUTH'])
const GRPC_AWAY = new Set([4, 8, 14])

export function toProblem(error: unknown, requestId: string): Problem {
  const known = asDomainError(error)
  if (known === null) return present({ code: 'server.internal', detail: UNEXPECTED, requestId })
  const { detail, issues = [], extra = {}, retryAfterSeconds } = known.details
  const allowed = EXTRA_MEMBERS[known.code] ?? []
  const members = Object.fromEntries(Object.entries(extra).filter(([name]) => allowed.includes(name)))
  return present({
    code: known.code,
    detail: known.code === 'server.internal' ? UNEXPECTED : (detail ?? sentence(known.code)),
    requestId,
    issues,
    members,
    retryAfterSeconds,
  })
}

interface Parts {
  readonly code: ErrorCode
  readonly detail: string
  readonly requestId: string
  readonly issues?: readonly unknown[]
  readonly members?: Readonly<Record<string, unknown>>
  readonly retryAfterSeconds?: number | undefined
}

function present({ code, detail, requestId, issues = [], members = {}, retryAfterSeconds }: Parts): Problem {
  const { status, title, log } = ERROR_CODES[code]
  const retry = retryAfterSeconds ?? (status === 503 || status === 429 ? DEFAULT_RETRY_SECONDS : undefined)
  return {
    status,
    log,
    headers: {
      ...(retry === undefined ? {} : { 'Retry-After': String(Math.max(1, Math.ceil(retry))) }),
      ...(status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
    },
    body: { type: `/problems/${code}`, title, status, detail, instance: requestId, code, errors: issues.slice(0, MAX_ISSUES), ...members },
  }
}

const sentence = (code: ErrorCode): string => `${ERROR_CODES[code].title}.`

function asDomainError(error: unknown): Pick<DomainError, 'code' | 'details'> | null {
  const translated = translateDatabaseError(error)
  if (isDomainError(translated)) return translated
  if (!(translated instanceof Error)) return null
  const { code } = translated as { code?: unknown }
  if (translated.name === 'MaxRetriesPerRequestError' || (typeof code === 'string' && CONNECTION_TROUBLE.has(code)))
    return { code: 'server.unavailable', details: {} }
  if (typeof code === 'number' && GRPC_AWAY.has(code)) return { code: 'server.unavailable', details: { extra: { dependency: 'temporal' } } }
  return null
}

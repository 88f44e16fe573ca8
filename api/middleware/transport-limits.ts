/** Refuses what is too long, too many or crooked before anything looks at it (API-002, API-059). */
import { DomainError } from '#domain/shared/domain-error'
import type { ApiContext, ApiMiddleware } from './call'

const MAX_URL_BYTES = 8 * 1024
const MAX_HEADER_BYTES = 16 * 1024
const MAX_HEADERS = 100
const KIB = 1024

/** Body limits by where the request goes; the first that fits counts. */
const BODY_LIMITS: readonly (readonly [RegExp, number])[] = [
  [/^\/api\/auth(\/|$)/, 16 * KIB],
  [/^\/webhooks(\/|$)/, 256 * KIB],
  [/./, KIB * KIB],
]

export function bodyLimitFor(path: string): number {
  return BODY_LIMITS.find(([pattern]) => pattern.test(path))?.[1] ?? KIB * KIB
}

/** Doubled slashes, dot segments and escaped slashes are never normalised: such a path names nothing. */
const CROOKED = /\/\/|\/\.{1,2}(\/|$)|%2f|%5c|\\/i

export const transportLimits: ApiMiddleware = async (ctx, next) => {
  const url = ctx.req.url ?? ''
  if (url.length > MAX_URL_BYTES) throw new DomainError('request.uri_too_long')
  if (!url.startsWith('/')) throw crooked(ctx, 'The request target must be a path.')
  if (ctx.req.httpVersionMinor === 1 && ctx.req.headers.host === undefined) throw crooked(ctx, 'The Host header is missing.')
  assertHeaders(ctx)
  assertBodyHeaders(ctx)
  if (CROOKED.test(pathOf(url))) throw new DomainError('request.route_not_found')
  assertDecodable(url)
  await next()
}

/** Whoever frames requests like this is not asked for another one (RFC 9112 § 3.2). */
function crooked(ctx: ApiContext, detail: string): DomainError {
  ctx.set('Connection', 'close')
  return new DomainError('request.malformed', { detail })
}

const pathOf = (url: string): string => url.split('?', 1)[0] ?? url

function assertHeaders(ctx: ApiContext): void {
  const raw = ctx.req.rawHeaders
  const bytes = raw.reduce((sum, part) => sum + part.length + 2, 0)
  if (raw.length / 2 > MAX_HEADERS || bytes > MAX_HEADER_BYTES) throw new DomainError('request.headers_too_large')
}

/** A declared length is enough to refuse: nothing is read first. */
function assertBodyHeaders(ctx: ApiContext): void {
  const length = Number(ctx.get('Content-Length') || 0)
  if (length > bodyLimitFor(ctx.path)) throw new DomainError('request.too_large')
  const encoding = ctx.get('Content-Encoding')
  if (encoding !== '' && encoding.toLowerCase() !== 'identity')
    throw new DomainError('request.unsupported_media_type', { detail: 'Compressed bodies are not read.' })
}

function assertDecodable(url: string): void {
  try {
    decodeURIComponent(pathOf(url))
  } catch {
    throw new DomainError('request.malformed', { detail: 'The path holds a broken percent sign.' }) // URIError says no more than that
  }
}

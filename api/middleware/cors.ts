/** Which pages may call: exact origins of the configuration, never `*`, never `null` (API-062). */
import { DomainError } from '#domain/shared/domain-error'
import type { ApiContext, ApiMiddleware } from './call'

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'
const REQUEST_HEADERS =
  'Authorization, Content-Type, Accept, Accept-Language, X-API-Key, X-Request-ID, If-Match, If-None-Match, Idempotency-Key, X-Requested-With, X-Refresh-Mode, X-Tenant-Slug, X-Device-Fingerprint'
const EXPOSED =
  'ETag, Location, Retry-After, X-Request-ID, X-RateLimit-Budget, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Idempotency-Replayed, Content-Disposition'
const MAX_AGE_SECONDS = '600'

/** `ownOrigin`: pages of the platform's own address need no permission, but may send an `Origin`. */
export function cors(origins: readonly string[], ownOrigin: string): ApiMiddleware {
  const allowed = new Set([...origins.filter((origin) => origin !== '*' && origin !== 'null'), ownOrigin])
  return async (ctx, next) => {
    ctx.vary('Origin')
    const origin = ctx.get('Origin')
    const isAllowed = origin !== '' && allowed.has(origin)
    if (isAllowed) allow(ctx, origin)
    if (!isPreflight(ctx)) return next()
    if (!isAllowed) throw new DomainError('request.origin_denied')
    ctx.set({
      'Access-Control-Allow-Methods': METHODS,
      'Access-Control-Allow-Headers': REQUEST_HEADERS,
      'Access-Control-Max-Age': MAX_AGE_SECONDS,
    })
    ctx.status = 204
  }
}

function allow(ctx: ApiContext, origin: string): void {
  ctx.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true', 'Access-Control-Expose-Headers': EXPOSED })
}

const isPreflight = (ctx: ApiContext): boolean =>
  ctx.method === 'OPTIONS' && ctx.get('Origin') !== '' && ctx.get('Access-Control-Request-Method') !== ''

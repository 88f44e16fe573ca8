/** Who asks: one bearer token, or nobody; a bad one never falls back to anything else (API-011 to API-016). */
import { DomainError } from '#domain/shared/domain-error'
import type { ApiContext, ApiMiddleware, Credential } from './call'
import type { RateLimiter } from './rate-limiter'

export interface Authenticator {
  /** The person behind an access token as they stand now; null for anything that is not accepted, whatever the reason. */
  authenticate(token: string): Promise<Credential | null>
}

const BEARER = /^bearer +([^\s]{1,4096})$/i

export function authenticate(authenticator: Authenticator, limiter: RateLimiter): ApiMiddleware {
  return async (ctx, next) => {
    const token = readToken(ctx)
    const credential = token === null ? null : await authenticator.authenticate(token)
    if (credential === null) {
      await limiter.takeWrongToken(ctx.state.address)
      throw new DomainError('auth.invalid_token')
    }
    ctx.state.credential = credential
    await next()
  }
}

/** The bearer token, null for something unreadable; throws `auth.required` when nothing was sent. */
function readToken(ctx: ApiContext): string | null {
  const headers = ctx.req.headersDistinct['authorization'] ?? []
  if (headers.length > 1) return null
  const [header] = headers
  if (header !== undefined) return BEARER.exec(header)?.[1] ?? null
  if (ctx.get('X-API-Key') !== '') return null // keys are not issued yet: none is known
  throw new DomainError('auth.required')
}

/** Takes one call from its budget and says how much is left (API-056). */
import type { Operation } from '#contract/operation'
import { DomainError } from '#domain/shared/domain-error'
import type { Metrics } from '#runtime/metrics'
import type { ApiMiddleware } from './call'
import type { RateLimiter } from './rate-limiter'

export function limitRate(operation: Operation, limiter: RateLimiter, metrics: Pick<Metrics, 'rateLimitRejections'>): ApiMiddleware {
  return async (ctx, next) => {
    const taken = await limiter.take(operation.budget, ctx.state.credential?.principal ?? null, ctx.state.address)
    if (taken === null) return next()
    ctx.set({
      'X-RateLimit-Budget': taken.budget,
      'X-RateLimit-Limit': String(taken.limit),
      'X-RateLimit-Remaining': String(taken.remaining),
      'X-RateLimit-Reset': String(taken.resetSeconds),
    })
    if (taken.granted) return next()
    metrics.rateLimitRejections.inc({ scope: taken.budget, endpoint: ctx.state.endpoint })
    throw new DomainError('rate.limited', { retryAfterSeconds: taken.resetSeconds })
  }
}

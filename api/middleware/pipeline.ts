/** What a request goes through once its route is known, in the order in which it may be refused (API-018). */
import type { Metrics } from '#runtime/metrics'
import { authenticate, type Authenticator } from './authenticate'
import type { ApiMiddleware, Next, Route } from './call'
import { can } from './can'
import { guard } from './guard'
import { claimIdempotency } from './idempotency'
import { limitRate } from './limit-rate'
import type { RateLimiter } from './rate-limiter'
import { readBody } from './read-body'
import { reply, type ReplyOptions } from './reply'
import { timeLimit } from './time-limit'

export interface PipelineDeps extends ReplyOptions {
  readonly authenticator: Authenticator
  readonly limiter: RateLimiter
  readonly metrics: Pick<Metrics, 'rateLimitRejections'>
}

export function pipelineOf(route: Route, deps: PipelineDeps): ApiMiddleware {
  const { operation } = route
  const who = operation.permission === null ? [] : [authenticate(deps.authenticator, deps.limiter)]
  const may = operation.permission === null ? [] : [can(operation.permission)]
  return compose([
    ...who,
    limitRate(operation, deps.limiter, deps.metrics),
    ...may,
    readBody(operation),
    guard(operation),
    claimIdempotency(operation),
    timeLimit(),
    reply(route, deps),
  ])
}

/** Each step calls the next one, or ends the request by throwing. */
function compose(steps: readonly ApiMiddleware[]): ApiMiddleware {
  return (ctx, next) => {
    const run = (index: number): ReturnType<Next> => steps[index]?.(ctx, () => run(index + 1)) ?? next()
    return run(0)
  }
}

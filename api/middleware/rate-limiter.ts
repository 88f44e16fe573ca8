/** HTTP budgets: a sliding minute in Redis that all replicas share; open when Redis is away (API-049 to API-058). */
import type { Redis } from 'ioredis'
import type { UserPrincipal } from '#domain/authorization/principal'
import { DomainError } from '#domain/shared/domain-error'
import type { Logger } from '#runtime/logger'
import type { Metrics } from '#runtime/metrics'
import type { Budget } from '#contract/operation'

/** What a tenant may ask per minute: its tier's numbers, or those set by hand that then bind everybody there (API-063). */
export interface TenantBudget {
  readonly read: number
  readonly write: number
  readonly bindsEverybody: { readonly read: boolean; readonly write: boolean }
}

export interface Taken {
  readonly budget: string
  readonly limit: number
  readonly remaining: number
  /** Whole seconds until the window frees. */
  readonly resetSeconds: number
  readonly granted: boolean
}

export interface RateLimiter {
  /** Null when nothing is counted: limits off, Redis away, or an uncounted operation. */
  take(budget: Budget, principal: UserPrincipal | null, address: string): Promise<Taken | null>
  /** Counts a refused token against its address; throws `rate.limited` when there were too many. */
  takeWrongToken(address: string): Promise<void>
  /** One call of a named counter, e.g. refreshes of a session; false when over. */
  takeNamed(scope: string, id: string, limit: number): Promise<boolean>
}

export interface RateLimiterOptions {
  readonly redis: Redis
  readonly isEnabled: boolean
  readonly budgetOf: (tenantId: string) => Promise<TenantBudget>
  readonly log: Pick<Logger, 'warn'>
  readonly metrics: Pick<Metrics, 'redisErrors' | 'rateLimitRejections'>
}

interface Counter {
  readonly key: string
  readonly limit: number
}

const WINDOW_SECONDS = 60
const SESSION_LIMIT = 120
const USER_LIMIT = 1_200
const PUBLIC_LIMIT = 300
const WRONG_TOKEN_LIMIT = 600

/**
 * Sums each counter's parts of one second over the window; takes from all or from none.
 * Answers, per counter, how much was used before this call and when its oldest part was made, after the counter that refused (0: none).
 */
const SLIDING_WINDOW = `
local now = tonumber(redis.call('TIME')[1])
local window = tonumber(ARGV[1])
local answer = { 0, now }
for i, key in ipairs(KEYS) do
  local parts = redis.call('HGETALL', key)
  local used, oldest = 0, now
  for j = 1, #parts, 2 do
    local at = tonumber(parts[j])
    if at <= now - window then redis.call('HDEL', key, parts[j])
    else
      used = used + tonumber(parts[j + 1])
      if at < oldest then oldest = at end
    end
  end
  if used >= tonumber(ARGV[1 + i]) and answer[1] == 0 then answer[1] = i end
  answer[#answer + 1] = used
  answer[#answer + 1] = oldest
end
if answer[1] == 0 then
  for _, key in ipairs(KEYS) do
    redis.call('HINCRBY', key, now, 1)
    redis.call('EXPIRE', key, window + 1)
  end
end
return answer`

export function createRateLimiter({ redis, isEnabled, budgetOf, log, metrics }: RateLimiterOptions): RateLimiter {
  async function takeAll(budget: string, counters: readonly Counter[]): Promise<Taken | null> {
    if (!isEnabled || counters.length === 0) return null
    try {
      const keys = counters.map(({ key }) => `rl:${key}`)
      const answer = (await redis.eval(
        SLIDING_WINDOW,
        keys.length,
        ...keys,
        WINDOW_SECONDS,
        ...counters.map(({ limit }) => limit),
      )) as number[]
      return readAnswer(budget, counters, answer)
    } catch (error) {
      metrics.redisErrors.inc()
      log.warn({ err: error, budget }, 'rate limits are off: Redis does not answer') // fails open (API-058)
      return null
    }
  }

  return {
    async take(budget, principal, address) {
      if (!isEnabled) return null
      return takeAll(budget, await countersOf(budgetOf, budget, { principal, address }))
    },
    async takeWrongToken(address) {
      const taken = await takeAll('wrong_token', [{ key: `wrong_token:${address}`, limit: WRONG_TOKEN_LIMIT }])
      if (taken?.granted === false) throw new DomainError('rate.limited', { retryAfterSeconds: taken.resetSeconds })
    },
    async takeNamed(scope, id, limit) {
      const taken = await takeAll(scope, [{ key: `${scope}:${id}`, limit }])
      return taken?.granted !== false
    },
  }
}

/** Which counters a call takes from, and how much each allows. */
async function countersOf(
  budgetOf: RateLimiterOptions['budgetOf'],
  budget: Budget,
  { principal, address }: { principal: UserPrincipal | null; address: string },
): Promise<readonly Counter[]> {
  if (budget === 'none') return []
  if (principal === null || budget === 'public') return [{ key: `public:${address}`, limit: PUBLIC_LIMIT }]
  const { tenantId, userId } = principal
  if (budget === 'session') return [{ key: `session:${tenantId}:${userId}`, limit: SESSION_LIMIT }]
  const tenant = await budgetOf(tenantId)
  const whole = { key: `${budget}:tenant:${tenantId}`, limit: tenant[budget] }
  return tenant.bindsEverybody[budget] ? [whole] : [{ key: `${budget}:user:${tenantId}:${userId}`, limit: USER_LIMIT }, whole]
}

/** Of several counters the one that refused, else the one nearest to its limit, is told. */
function readAnswer(budget: string, counters: readonly Counter[], answer: readonly number[]): Taken {
  const [refusedBy = 0, now = 0, ...figures] = answer
  const granted = refusedBy === 0
  const all = counters.map(({ limit }, index) => {
    const used = (figures[index * 2] ?? 0) + (granted ? 1 : 0)
    const oldest = figures[index * 2 + 1] ?? now
    return { budget, limit, remaining: Math.max(0, limit - used), resetSeconds: Math.max(1, oldest + WINDOW_SECONDS - now), granted }
  })
  const told = granted ? [...all].sort((a, b) => a.remaining - b.remaining)[0] : all[refusedBy - 1]
  if (told === undefined) throw new Error('a window was asked for no counter')
  return told
}

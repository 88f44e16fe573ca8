/** How many sockets a person, key or tenant may hold over all replicas (API-893, OPS-360); fails open when Redis is away (API-058). */
import type { Principal } from '#domain/authorization/principal'
import type { RealtimeDependencies, SocketIdentity } from './dependencies'

const MAX_SOCKETS_PER_PRINCIPAL = 20
/** A process that died keeps its places for this long; a living one renews them with every ping. */
const PLACE_MS = 90_000

/** Takes a place under both keys, or none. Expired places are given back first. */
const TAKE = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[1])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) or redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[5]) then return 0 end
for i = 1, 2 do
  redis.call('ZADD', KEYS[i], ARGV[2], ARGV[3])
  redis.call('PEXPIREAT', KEYS[i], ARGV[2])
end
return 1`

interface Holder {
  readonly id: string
  readonly principal: Principal
}

/** Keys carry the tenant (DOM-1120). */
function keysOf(principal: Principal): [tenant: string, own: string] {
  const owner = principal.kind === 'user' ? `user:${principal.userId}` : `key:${principal.apiKeyId}`
  return [`ws:sockets:${principal.tenantId}`, `ws:sockets:${principal.tenantId}:${owner}`]
}

export function createSocketQuota({ redis, clock, log }: Pick<RealtimeDependencies, 'redis' | 'clock' | 'log'>) {
  const tell = (error: unknown) => log.warn({ err: error }, 'feed: socket places are not counted')
  return {
    /** Whether one more socket is within both limits; takes its place when it is. */
    async take(id: string, { principal, maxSockets }: SocketIdentity): Promise<boolean> {
      const now = clock.now()
      const limits = [now, now + PLACE_MS, id, maxSockets, MAX_SOCKETS_PER_PRINCIPAL]
      try {
        return (await redis.eval(TAKE, 2, ...keysOf(principal), ...limits)) === 1
      } catch (error) {
        tell(error)
        return true
      }
    },

    /** Keeps the places of living sockets; also brings back what an emptied Redis forgot. */
    async renew(holders: readonly Holder[]): Promise<void> {
      const until = clock.now() + PLACE_MS
      const commands = holders.flatMap(({ id, principal }) =>
        keysOf(principal).flatMap((key) => [
          ['zadd', key, until, id],
          ['pexpireat', key, until],
        ]),
      )
      await redis.pipeline(commands).exec().catch(tell)
    },

    async release({ id, principal }: Holder): Promise<void> {
      await Promise.all(keysOf(principal).map((key) => redis.zrem(key, id))).catch(tell)
    },
  }
}

export type SocketQuota = ReturnType<typeof createSocketQuota>

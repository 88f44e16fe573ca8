/** Redis clients: short patience on request paths, endless for subscribers (Q-TRP-50, Q-TRP-51). Everything in it may vanish (Q-TRP-53). */
import { Redis, type RedisOptions } from 'ioredis'

/** A command that takes longer falls through to the database or is lost without harm. */
const COMMAND_TIMEOUT_MS = 250
const RECONNECT_STEP_MS = 100
const RECONNECT_MAX_MS = 2_000

export interface RedisClientOptions {
  readonly url: string
  /** Called for connection errors; the client reconnects by itself. */
  readonly onError: (error: Error) => void
}

const common: RedisOptions = {
  autoResendUnfulfilledCommands: false,
  retryStrategy: (times) => Math.min(times * RECONNECT_STEP_MS, RECONNECT_MAX_MS),
}

/** For commands: fails at once while Redis is away instead of queueing. */
export function createRedis({ url, onError }: RedisClientOptions): Redis {
  const redis = new Redis(url, {
    ...common,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableAutoPipelining: true,
  })
  return redis.on('error', onError)
}

/** For `subscribe` alone: waits for ever, and subscribes again after each reconnection. */
export function createRedisSubscriber({ url, onError }: RedisClientOptions): Redis {
  const redis = new Redis(url, { ...common, maxRetriesPerRequest: null, enableOfflineQueue: true })
  return redis.on('error', onError)
}

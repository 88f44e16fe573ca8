/** Publishes committed events to every api process: one stream per tenant for resume, one channel for fan-out (DOM-1109, API-863). */
import type { Redis } from 'ioredis'
import type { FeedEvent } from '#domain/shared/outbox'

export interface EventPublisher {
  /** In order; call only after the commit. Rejects when Redis is away: the outbox row then stays and the relay tries again. */
  publish(events: readonly FeedEvent[]): Promise<void>
}

/** The whole fan-out channel; sockets filter by tenant. Message: `{"cursor":"<stream id>","event":{…}}`. */
const FEED_CHANNEL = 'feed'
const STREAM_EVENTS = 10_000
/** A quiet tenant's stream vanishes; no cursor is good for longer than 10 min anyway (API-883). */
const STREAM_TTL_MS = 60 * 60_000

/** Stream and channel are written as one, so that cursors reach the sockets in their own order. */
const PUBLISH_SCRIPT = `
local cursor = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'event', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PUBLISH', ARGV[4], '{"cursor":"' .. cursor .. '","event":' .. ARGV[3] .. '}')
return cursor`

type PublishCommand = (...keyAndArguments: readonly (string | number)[]) => Promise<string>

export const eventStreamKey = (tenantId: string): string => `events:${tenantId}`

export function createEventPublisher(redis: Redis): EventPublisher {
  redis.defineCommand('publishFeedEvent', { numberOfKeys: 1, lua: PUBLISH_SCRIPT })
  const publishOne = (redis as Redis & { publishFeedEvent: PublishCommand }).publishFeedEvent.bind(redis) // added by defineCommand
  return {
    async publish(events) {
      for (const event of events) {
        await publishOne(eventStreamKey(event.tenantId), STREAM_EVENTS, STREAM_TTL_MS, JSON.stringify(event), FEED_CHANNEL)
      }
    },
  }
}

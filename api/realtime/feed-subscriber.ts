/** What Redis tells this process: events of committed transactions and revocations, and when some may have been missed (Q-TRP-52). */
import type { Redis } from 'ioredis'
import type { FeedEvent } from '#domain/shared/outbox'
import type { RealtimeDependencies } from './dependencies'
import { createEventFrame, type EventFrame } from './event-frame'
import { parseRevocation, type Revocation } from './revocations'

export const FEED_CHANNEL = 'feed'
export const REVOCATION_CHANNEL = 'auth:revoked'

export interface FeedListener {
  readonly onEvent: (frame: EventFrame) => void
  readonly onRevocation: (revocation: Revocation) => void
  /** The connection to Redis is gone; what happens from here on is missed. */
  readonly onInterrupted: () => void
  /** It is there, and subscribed: told after the start and after every return. */
  readonly onRestored: () => void
}

type SubscriberOptions = Pick<RealtimeDependencies, 'log'> & { readonly subscriber: Redis; readonly listener: FeedListener }

/** Subscribes at once or as soon as Redis answers, and again after every return. Answers a function that stops listening. */
export function subscribeToFeed({ subscriber, listener, log }: SubscriberOptions): { stop: () => Promise<void> } {
  let wasInterrupted = true // what happened before the first subscription was missed as well
  const subscribe = () =>
    subscriber.subscribe(FEED_CHANNEL, REVOCATION_CHANNEL).then(
      () => {
        if (wasInterrupted) listener.onRestored()
        wasInterrupted = false
      },
      (error: unknown) => log.warn({ err: error }, 'feed: not subscribed, waiting for Redis'), // `ready` comes again
    )
  const onReady = () => void subscribe()
  const onGone = () => {
    if (!wasInterrupted) listener.onInterrupted()
    wasInterrupted = true
  }
  const onMessage = (channel: string, text: string) => hear({ channel, text, listener, log })
  subscriber.on('ready', onReady).on('close', onGone).on('message', onMessage)
  void subscribe()
  return {
    stop: async () => {
      subscriber.off('ready', onReady).off('close', onGone).off('message', onMessage)
      if (subscriber.status === 'ready') await subscriber.unsubscribe(FEED_CHANNEL, REVOCATION_CHANNEL)
    },
  }
}

type Heard = Pick<SubscriberOptions, 'listener' | 'log'> & { readonly channel: string; readonly text: string }

/** A message that cannot be read is a bug of ours, and must not end the process that hears it. */
function hear({ channel, text, listener, log }: Heard): void {
  try {
    if (channel === FEED_CHANNEL) listener.onEvent(parseFeedMessage(text))
    if (channel === REVOCATION_CHANNEL) {
      const revocation = parseRevocation(text)
      if (revocation) listener.onRevocation(revocation)
    }
  } catch (error) {
    log.error({ err: error, channel }, 'feed: a message could not be read')
  }
}

/** Shape of `feed`: `{"cursor":"<stream id>","event":{FeedEvent}}`; throws when it is another. */
function parseFeedMessage(text: string): EventFrame {
  const { cursor, event }: { cursor?: unknown; event?: unknown } = JSON.parse(text)
  if (typeof cursor !== 'string' || !isFeedEvent(event)) throw new TypeError('not a feed message')
  return createEventFrame(cursor, event)
}

/** The members that routing and the envelope need; the publisher is ours, so the rest is not looked at again. */
export function isFeedEvent(value: unknown): value is FeedEvent {
  if (typeof value !== 'object' || value === null) return false
  const event: Partial<Record<keyof FeedEvent, unknown>> = value
  return (
    typeof event.tenantId === 'string' &&
    typeof event.type === 'string' &&
    typeof event.eventId === 'string' &&
    typeof event.at === 'number' &&
    Array.isArray(event.channels)
  )
}

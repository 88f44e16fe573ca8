/** Tells the sockets what a commit changed; a lost event is met by the next one's version or by a resync (DOM-1001). */
import type { FeedEvent } from '#domain/shared/outbox'
import type { ActivityDeps } from './deps'

/** After the commit. An absent Redis never makes an effect wait or run again. */
export async function announce({ publisher, log }: Pick<ActivityDeps, 'publisher' | 'log'>, events: readonly FeedEvent[]): Promise<void> {
  if (events.length === 0) return
  try {
    await publisher.publish(events)
  } catch (error) {
    log.warn({ err: error, events: events.length }, 'feed events were not published')
  }
}

/** Settles what nobody settled in time, until there is nothing left or 8 s have passed (WF-210). */
import type { OutboxPort } from '#workflows/outbox-relay/port'
import type { ActivityDeps } from '../deps'

const BATCH = 200
const AT_MOST_MS = 8_000

export function createDrainOutbox({ dispatcher }: Pick<ActivityDeps, 'dispatcher'>): OutboxPort['drainOutbox'] {
  return async () => {
    const deadline = Date.now() + AT_MOST_MS
    let drained = 0
    for (;;) {
      const looked = await dispatcher.drain(BATCH)
      drained += looked
      // A full batch may hold rows that cannot be settled now; the next pass meets them again.
      if (looked < BATCH || Date.now() >= deadline) return { drained }
    }
  }
}

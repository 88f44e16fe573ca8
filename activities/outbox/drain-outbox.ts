/** Settles what nobody settled in time, until a pass settles nothing or 8 s have passed (WF-210). */
import type { OutboxPort } from '#workflows/outbox-relay/port'
import type { ActivityDeps } from '../deps'

const BATCH = 200
const AT_MOST_MS = 8_000

export function createDrainOutbox({ dispatcher }: Pick<ActivityDeps, 'dispatcher'>): OutboxPort['drainOutbox'] {
  return async () => {
    const deadline = Date.now() + AT_MOST_MS
    let drained = 0
    for (;;) {
      const settled = await dispatcher.drain(BATCH)
      drained += settled
      // Rows that cannot be settled now wait for the next run: asking at once again would only burden who is away.
      if (settled === 0 || Date.now() >= deadline) return { drained }
    }
  }
}

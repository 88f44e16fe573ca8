/** After the acknowledgement: settles outbox rows at once, one at a time per target, a few at a time in all (DOM-909). */
import type { OutboxRow } from '#domain/shared/outbox'

export interface FollowUpQueue {
  /** Takes rows that were just committed; of one target only the newest waits. */
  push(rows: readonly OutboxRow[]): void
  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void>
}

export interface FollowUpOptions {
  /** Never rejects: what it cannot do stays in the table for the relay. */
  readonly settle: (row: OutboxRow) => Promise<void>
  readonly concurrency?: number
  readonly maxWaiting?: number
}

const CONCURRENCY = 8
/** Beyond this the relay takes over: memory stays flat however long projections take. */
const MAX_WAITING = 2_000

export function createFollowUpQueue({ settle, concurrency = CONCURRENCY, maxWaiting = MAX_WAITING }: FollowUpOptions): FollowUpQueue {
  const waiting = new Map<string, OutboxRow>()
  const running = new Map<string, Promise<void>>()

  function pump(): void {
    for (const [target, row] of waiting) {
      if (running.size >= concurrency) return
      if (running.has(target)) continue
      waiting.delete(target)
      running.set(target, finish(target, row))
    }
  }

  async function finish(target: string, row: OutboxRow): Promise<void> {
    await settle(row)
    running.delete(target)
    pump()
  }

  return {
    push(rows) {
      for (const row of rows) if (waiting.has(row.target) || waiting.size < maxWaiting) waiting.set(row.target, row)
      pump()
    },
    async idle() {
      while (running.size > 0) await Promise.all(running.values())
    },
  }
}

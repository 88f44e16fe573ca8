/** After the acknowledgement: works off what follows at once, one at a time per target, a few at a time in all (DOM-909). */

/** Something to do for one outbox target. */
interface Targeted {
  readonly target: string
}

export interface FollowUpQueue<T extends Targeted> {
  /** Of one target only the newest waits. */
  push(items: readonly T[]): void
  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void>
}

export interface FollowUpOptions<T extends Targeted> {
  /** Never rejects: what it cannot do stays in the table for the relay. */
  readonly settle: (item: T) => Promise<void>
  readonly concurrency?: number
  readonly maxWaiting?: number
}

const CONCURRENCY = 8
/** Beyond this the relay takes over: memory stays flat however long things take. */
const MAX_WAITING = 2_000

export function createFollowUpQueue<T extends Targeted>({
  settle,
  concurrency = CONCURRENCY,
  maxWaiting = MAX_WAITING,
}: FollowUpOptions<T>): FollowUpQueue<T> {
  const waiting = new Map<string, T>()
  const running = new Map<string, Promise<void>>()

  function pump(): void {
    for (const [target, item] of waiting) {
      if (running.size >= concurrency) return
      if (running.has(target)) continue
      waiting.delete(target)
      running.set(target, finish(target, item))
    }
  }

  async function finish(target: string, item: T): Promise<void> {
    await settle(item)
    running.delete(target)
    pump()
  }

  return {
    push(items) {
      for (const item of items) if (waiting.has(item.target) || waiting.size < maxWaiting) waiting.set(item.target, item)
      pump()
    },
    async idle() {
      while (running.size > 0) await Promise.all(running.values())
    },
  }
}

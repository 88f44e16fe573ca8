/** Gathers messages of many connections into micro-batches, one commit at a time; each waits for the commit it is in (DOM-907, Q-TRP-41). */

export interface GroupCommitOptions<T> {
  /** Resolves when every item is committed; rejects when none of the rejected ones is. */
  readonly commit: (items: readonly T[]) => Promise<void>
  readonly maxItems?: number
  /** How long the first item of a batch waits for company. */
  readonly lingerMs?: number
}

export interface GroupCommit<T> {
  add(item: T): Promise<void>
  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void>
}

const MAX_ITEMS = 256
/** Within the 20 ms of DOM-907; while one batch commits, the next one gathers anyway. */
const LINGER_MS = 4

interface Waiting<T> {
  readonly item: T
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export function createGroupCommit<T>({ commit, maxItems = MAX_ITEMS, lingerMs = LINGER_MS }: GroupCommitOptions<T>): GroupCommit<T> {
  const waiting: Waiting<T>[] = []
  let running: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null

  function schedule(): void {
    if (running !== null || waiting.length === 0) return
    if (waiting.length >= maxItems) return start()
    timer ??= setTimeout(start, lingerMs)
  }

  function start(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (running !== null) return
    const batch = waiting.splice(0, maxItems)
    running = settle(batch, commit).finally(() => {
      running = null
      schedule()
    })
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        schedule()
      }),
    async idle() {
      while (running !== null || waiting.length > 0) {
        if (running === null) start()
        await running
      }
    },
  }
}

async function settle<T>(batch: readonly Waiting<T>[], commit: GroupCommitOptions<T>['commit']): Promise<void> {
  try {
    await commit(batch.map(({ item }) => item))
    for (const { resolve } of batch) resolve()
  } catch (error) {
    for (const { reject } of batch) reject(error) // each sender decides what becomes of its own
  }
}

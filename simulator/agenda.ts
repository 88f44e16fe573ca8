/** What is to be done when, for a virtual clock: a binary heap by instant, then by order of asking. */

interface Entry {
  readonly instant: number
  readonly order: number
  task: (() => void) | null
}

export interface Agenda {
  add(instant: number, task: () => void): () => void
  /** Of the earliest task that was not cancelled, or null. */
  nextInstant(): number | null
  /** Removes and yields what is due, including what the tasks add for the same instant. */
  takeDue(now: number): Iterable<() => void>
  clear(): void
}

const isBefore = (a: Entry, b: Entry): boolean => a.instant < b.instant || (a.instant === b.instant && a.order < b.order)

export function createAgenda(): Agenda {
  const heap: Entry[] = []
  let order = 0

  const dropCancelled = (): void => {
    while (heap[0] && heap[0].task === null) removeFirst(heap)
  }

  function* takeDue(now: number): Iterable<() => void> {
    for (dropCancelled(); heap[0] && heap[0].instant <= now; dropCancelled()) {
      const { task } = removeFirst(heap)
      if (task) yield task
    }
  }

  return {
    add: (instant, task) => {
      const entry: Entry = { instant, order: order++, task }
      insert(heap, entry)
      return () => {
        entry.task = null
      }
    },
    nextInstant: () => {
      dropCancelled()
      return heap[0]?.instant ?? null
    },
    takeDue,
    clear: () => {
      heap.length = 0
    },
  }
}

function insert(heap: Entry[], entry: Entry): void {
  let index = heap.push(entry) - 1
  while (index > 0) {
    const parentIndex = (index - 1) >> 1
    const parent = heap[parentIndex]
    if (!parent || isBefore(parent, entry)) break
    heap[index] = parent
    index = parentIndex
  }
  heap[index] = entry
}

/** Asked only of a heap that is not empty. */
function removeFirst(heap: Entry[]): Entry {
  const [first] = heap
  const last = heap.pop()
  if (!first || !last) throw new Error('the agenda is empty')
  if (heap.length > 0) sink(heap, last)
  return first
}

function sink(heap: Entry[], entry: Entry): void {
  let index = 0
  for (;;) {
    const left = 2 * index + 1
    const [leftChild, rightChild] = [heap[left], heap[left + 1]]
    if (!leftChild) break
    const isRight = rightChild !== undefined && isBefore(rightChild, leftChild)
    const child = isRight ? rightChild : leftChild
    if (isBefore(entry, child)) break
    heap[index] = child
    index = isRight ? left + 1 : left
  }
  heap[index] = entry
}

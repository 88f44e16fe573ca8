/** The downlink queue of one device as ChirpStack keeps it: FIFO, at most one pending at its head (LW-Q01 to LW-Q04, LW-Q12). */

export interface QueueItem {
  readonly id: string
  readonly confirmed: boolean
  readonly fPort: number
  readonly data: Uint8Array
  readonly isEncrypted: boolean
  /** Epoch microseconds: ChirpStack keeps no more. Null = never. */
  readonly expiresAtMicros: number | null
  /** Given by the caller of an encrypted item, or set when the item becomes pending. */
  fCntDown: number
  isPending: boolean
  /** Class C: when a pending item is given up, epoch ms; null in class A. */
  timeoutAt: number | null
}

export type NewQueueItem = Omit<QueueItem, 'isPending' | 'timeoutAt'>

export interface DeviceQueue {
  add(item: NewQueueItem): void
  head(): QueueItem | null
  find(id: string): QueueItem | null
  remove(id: string): void
  /** Everything, pending too (LW-Q04, LW-Q12). */
  clear(): void
  /** All but what is pending (LW-Q03). */
  clearUnsent(): void
  items(): readonly QueueItem[]
}

export function createDeviceQueue(): DeviceQueue {
  let items: QueueItem[] = []
  return {
    add: (item) => {
      items.push({ ...item, isPending: false, timeoutAt: null })
    },
    head: () => items[0] ?? null,
    find: (id) => items.find((item) => item.id === id) ?? null,
    remove: (id) => {
      items = items.filter((item) => item.id !== id)
    },
    clear: () => {
      items = []
    },
    clearUnsent: () => {
      items = items.filter((item) => item.isPending)
    },
    items: () => items,
  }
}

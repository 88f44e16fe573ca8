/** Task queues of the product (WF-001): which work waits with which. The network queue carries activities only. */
export const TASK_QUEUES = {
  core: 'parking-core',
  delivery: 'parking-delivery',
  network: 'parking-network',
  ops: 'parking-ops',
} as const

export type TaskQueueName = keyof typeof TASK_QUEUES

/** Whether a configured word names a queue that this build serves; others belong to other worker kinds. */
export const isTaskQueueName = (word: string): word is TaskQueueName => Object.hasOwn(TASK_QUEUES, word)

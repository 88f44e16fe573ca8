/** How long each kind of effect may take, and why its retries end or do not (domain.md § 8.1, H-34). */
import type { ActivityOptions } from '@temporalio/workflow'

/** Only activities that call the network server: capped in number per worker (WF-001, Q-TRP-09). */
const NETWORK_TASK_QUEUE = 'parking-network'

/** One short transaction, statement time-out 5 s: longer means a lock. The database comes back, so retries have no end. */
export const database = {
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
} satisfies ActivityOptions

/** 5 s call + 5 s read-back + 8 s wait for an unowned `txack` + margin. Without end, visibly: nothing is concluded about the light. */
export const networkServer = {
  taskQueue: NETWORK_TASK_QUEUE,
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '60 seconds' },
} satisfies ActivityOptions

/** One RPC to Temporal itself. The receiver ignores what it has seen, so retries have no end. */
export const tell = {
  startToCloseTimeout: '5 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
} satisfies ActivityOptions

/** Many short transactions in a row, each safe to repeat; the next pass of the loop does what a lost one left. */
export const sweep = {
  startToCloseTimeout: '60 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
} satisfies ActivityOptions

/** Every schedule of the product in one list, applied idempotently (domain.md § 8.3, OPS-270); and the loops that never end. */
import {
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  WorkflowExecutionAlreadyStartedError,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client'
import { DISPLAY_RECONCILE_WORKFLOW_ID } from '#domain/shared/workflow-ids'
import type { GatewayWatchInput } from '#workflows/gateway-watch/messages'
import { loopStarts } from './starts'
import { TASK_QUEUES } from './task-queues'

const SCHEDULES: readonly ScheduleOptions[] = [
  {
    scheduleId: 'display-reconcile',
    spec: { intervals: [{ every: '2 minutes' }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '10 minutes' },
    action: {
      type: 'startWorkflow',
      workflowType: 'displayReconcile',
      workflowId: DISPLAY_RECONCILE_WORKFLOW_ID,
      taskQueue: TASK_QUEUES.ops,
      staticSummary: 'Display reconcile',
    },
  },
]

/** Created or brought up to date; a second run changes nothing. */
export async function ensureSchedules(client: Client): Promise<void> {
  for (const options of SCHEDULES) {
    try {
      await client.schedule.getHandle(options.scheduleId).update((current) => ({ ...options, state: current.state }))
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error
      await createUnlessThere(client, options)
    }
  }
}

async function createUnlessThere(client: Client, options: ScheduleOptions): Promise<void> {
  try {
    await client.schedule.create(options)
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ScheduleAlreadyRunning')) throw error // another worker was first with the same list
  }
}

/** One run of each loop per installation, whatever the number of workers. */
export async function ensureLoops(client: Client, links: readonly GatewayWatchInput[]): Promise<void> {
  for (const { type, options } of loopStarts(links)) {
    try {
      await client.workflow.start(type, options)
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error // another worker was first
    }
  }
}

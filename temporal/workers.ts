/** One Temporal worker per task queue: workflow and activity queues apart, calls to the network server few at once (Q-TRP-08, Q-TRP-09). */
import { Worker, type NativeConnection, type WorkerOptions, type WorkflowBundleOption } from '@temporalio/worker'
import { TASK_QUEUES, type TaskQueueName } from './task-queues'

export type WorkflowSource = WorkflowBundleOption | { readonly workflowsPath: string }

export interface WorkersOptions {
  readonly connection: NativeConnection
  readonly namespace: string
  readonly queues: readonly TaskQueueName[]
  readonly bundle: WorkflowSource
  /** What each queue's activities are. */
  readonly activities: Readonly<Record<TaskQueueName, object>>
  readonly networkConcurrency: number
  readonly maxCachedWorkflows?: number | undefined
  readonly shutdownSeconds: number
}

/** Activities of database transactions at once per queue; the pool is larger than what all queues of one worker use at a time. */
const DATABASE_ACTIVITIES = 20

type Shape = Pick<WorkerOptions, 'maxConcurrentActivityTaskExecutions' | 'workflowBundle' | 'workflowsPath' | 'maxCachedWorkflows'>

export async function createWorkers(options: WorkersOptions): Promise<Worker[]> {
  const { connection, namespace, activities, shutdownSeconds } = options
  return Promise.all(
    options.queues.map((queue) =>
      Worker.create({
        connection,
        namespace,
        taskQueue: TASK_QUEUES[queue],
        activities: activities[queue],
        shutdownGraceTime: `${shutdownSeconds}s`,
        shutdownForceTime: `${shutdownSeconds * 2}s`,
        ...shapeOf(queue, options),
      }),
    ),
  )
}

function shapeOf(queue: TaskQueueName, { bundle, networkConcurrency, maxCachedWorkflows }: WorkersOptions): Shape {
  if (queue === 'network') return { maxConcurrentActivityTaskExecutions: networkConcurrency }
  return {
    ...('workflowsPath' in bundle ? bundle : { workflowBundle: bundle }),
    maxConcurrentActivityTaskExecutions: DATABASE_ACTIVITIES,
    ...(maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows }),
  }
}

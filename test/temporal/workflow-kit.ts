/** Runs a workflow type on the real server with effects of the test's own; long waits are skipped by the server (Q-WFE-07). */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Client, Connection } from '@temporalio/client'
import { NativeConnection, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import { connectTemporal, type TemporalConnection } from '#temporal/client'
import { buildWorkflowBundle } from '#temporal/build-bundle'
import { setUpTemporal } from '#temporal/setup'
import { TASK_QUEUES, type TaskQueueName } from '#temporal/task-queues'
import { installQuietRuntime } from './quiet-runtime'
import { testServices } from '#test/harness/services'

const RETENTION_SECONDS = 24 * 60 * 60
const MAX_SKIPS = 1_000

export interface WorkflowKit {
  readonly client: Client
  readonly connection: Connection
  readonly namespace: string
  /** Starts a worker per queue with these effects; ends them before it resolves. */
  withWorkers<T>(effects: Effects, work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

export type Effects = Partial<Readonly<Record<TaskQueueName, object>>>

export interface KitOptions {
  /** `skipped`: waits end at once, so events that a test sends meanwhile come late; `real`: for tests of such events. */
  readonly time: 'skipped' | 'real'
}

let bundle: Promise<WorkflowBundleWithSourceMap> | undefined

export async function createWorkflowKit({ time }: KitOptions): Promise<WorkflowKit> {
  installQuietRuntime()
  const { temporalAddress } = testServices()
  const namespace = `test-${randomUUID()}`
  const temporal = connectTemporal({ address: temporalAddress, namespace })
  if (time === 'skipped') skipTime(temporal)
  await setUpTemporal(temporal.connection, { namespace, retentionSeconds: RETENTION_SECONDS })
  const native = await NativeConnection.connect({ address: temporalAddress })
  const code = await (bundle ??= buildWorkflowBundle({ entry: join(__dirname, '..', '..', 'workflows', 'index.ts'), condition: 'source' }))

  return {
    client: temporal.client,
    connection: temporal.connection,
    namespace,
    async withWorkers(effects, work) {
      const workers = await Promise.all(
        Object.entries(effects).map(([queue, activities]) =>
          Worker.create({
            connection: native,
            namespace,
            taskQueue: TASK_QUEUES[queue as TaskQueueName], // keys of Effects are queue names
            activities,
            ...(queue === 'network' ? {} : { workflowBundle: code }),
          }),
        ),
      )
      const running = Promise.all(workers.map((worker) => worker.run()))
      try {
        return await work()
      } finally {
        for (const worker of workers) worker.shutdown()
        await running
      }
    },
    async close() {
      await native.close()
      await temporal.close()
    },
  }
}

/** The high-level client does not set it yet; every way to start a run does here. Production never enables it (OPS-013). */
function skipTime({ connection }: TemporalConnection): void {
  const { workflowService } = connection
  const timeSkippingConfig = { enabled: true, maxSessionSkipCount: MAX_SKIPS }
  const start = workflowService.startWorkflowExecution.bind(workflowService)
  const signalWithStart = workflowService.signalWithStartWorkflowExecution.bind(workflowService)
  Object.assign(workflowService, {
    startWorkflowExecution: (request: object) => start({ ...request, timeSkippingConfig }),
    signalWithStartWorkflowExecution: (request: object) => signalWithStart({ ...request, timeSkippingConfig }),
  })
}

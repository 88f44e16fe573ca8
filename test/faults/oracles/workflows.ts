/** O8 workflows: none failed, none stuck in its tasks, none for an entity that is gone. */
import { Client, Connection } from '@temporalio/client'
import type { Pool } from 'pg'

const NAMESPACE = 'parking'
const MOST_TASK_FAILURES = 5
const ENDED_BADLY = `ExecutionStatus in ("Failed", "TimedOut", "Terminated")`

export async function findWorkflowFaults(temporalAddress: string, db: Pool): Promise<string[]> {
  const connection = await Connection.connect({ address: temporalAddress })
  try {
    const { workflow } = new Client({ connection, namespace: NAMESPACE })
    const faults: string[] = []
    for await (const { workflowId, status } of workflow.list({ query: ENDED_BADLY })) faults.push(`O8: ${workflowId} is ${status.name}`)
    const spaces = await spaceIds(db)
    for await (const { workflowId } of workflow.list({ query: 'ExecutionStatus = "Running"' })) {
      const { raw } = await workflow.getHandle(workflowId).describe()
      const attempts = raw.pendingWorkflowTask?.attempt ?? 0
      if (attempts > MOST_TASK_FAILURES) faults.push(`O8: ${workflowId} fails its task for the ${attempts}th time`)
      const [kind, , key = ''] = workflowId.split('/')
      if (kind === 'space' && !spaces.has(key)) faults.push(`O8: ${workflowId} is open for a space that is gone`)
    }
    return faults
  } finally {
    await connection.close()
  }
}

async function spaceIds(db: Pool): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ id: string }>('select id from spaces where deleted_at is null')
  return new Set(rows.map(({ id }) => id))
}

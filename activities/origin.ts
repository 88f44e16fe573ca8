/** Who acts when an activity does: the workflow that asked for it (D-16). */
import { Context } from '@temporalio/activity'
import type { Origin } from '#domain/authorization/principal'

export function workflowOrigin(): Origin {
  const { workflowExecution } = Context.current().info
  return {
    actor: { type: 'workflow', id: null },
    requestId: null,
    workflowId: workflowExecution?.workflowId ?? null,
    runId: workflowExecution?.runId ?? null,
  }
}

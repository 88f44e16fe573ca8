/** Replays recorded histories against a bundle, without any server (Q-WFE-03). */
import { Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import type { RecordedHistory } from './histories'

/** Names of the histories that this bundle cannot replay. */
export async function failuresOf(workflowBundle: WorkflowBundleWithSourceMap, recorded: readonly RecordedHistory[]): Promise<string[]> {
  const failed: string[] = []
  const named = recorded.map(({ scenario, history }) => ({ workflowId: scenario, history }))
  for await (const result of Worker.runReplayHistories({ workflowBundle }, named)) {
    if (result.error !== undefined) failed.push(result.workflowId)
  }
  return failed
}

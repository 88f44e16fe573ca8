/** One pass over lights whose wanted and shown differ, or whose proof is old (WF-220, WF-304); the schedule runs it every 2 minutes. */
import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import { sweep } from '../shared/activity-options'
import type { ReconcilePort, ReconcileResult } from './port'

const { reconcileDisplays } = proxyActivities<ReconcilePort>(sweep)

export async function displayReconcile(): Promise<ReconcileResult> {
  const result = await reconcileDisplays.executeWithOptions({ summary: 'nudge lights that need it' }, [])
  setCurrentDetails(`${result.nudged} lights nudged`)
  return result
}

/** When a long-lived run hands over to the next one (WF-005, Q-WFE-06). */
import { allHandlersFinished, condition, workflowInfo } from '@temporalio/workflow'

const LONGEST_HISTORY = 500

/** The server suggests it, or the history has 500 events: a run that a person can still read, and a short replay. */
export function isRunLong(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo()
  return continueAsNewSuggested || historyLength >= LONGEST_HISTORY
}

/** For loops on which a handler may wait for longer than one step: never while one is answering (Q-TRP-01). */
export const isTimeToHandOver = (): boolean => isRunLong() && allHandlersFinished()

/** For loops whose handlers wait for one pass: lets them finish, unless there is more to do; then the run goes on. */
export async function isHandOver(hasMore: () => boolean): Promise<boolean> {
  if (!isRunLong() || hasMore()) return false
  await condition(() => allHandlersFinished() || hasMore())
  return !hasMore()
}

/** Before a run ends, whatever its handlers are answering is answered. */
export const handlersFinished = (): Promise<void> => condition(allHandlersFinished)

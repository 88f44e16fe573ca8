/** When a long-lived run hands over to the next one (WF-005, Q-WFE-06). */
import { allHandlersFinished, condition, workflowInfo } from '@temporalio/workflow'

const LONGEST_HISTORY = 500

/**
 * The server suggests it, or the history has 500 events: a run that a person can still read, and a short replay. Not while
 * a handler is answering: it may wait for the very loop that asks (Q-TRP-01).
 */
export function isTimeToHandOver(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo()
  return (continueAsNewSuggested || historyLength >= LONGEST_HISTORY) && allHandlersFinished()
}

/** Before a run ends, whatever its handlers are answering is answered. */
export const handlersFinished = (): Promise<void> => condition(allHandlersFinished)

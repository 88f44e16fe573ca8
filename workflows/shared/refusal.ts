/** An effect that was refused for good is a bug or a row that vanished; a workflow that must never fail says so and goes on (WF-007, WF-010, WF-020). */
import { ActivityFailure, ApplicationFailure, log } from '@temporalio/workflow'

/** How long a workflow rests before it starts over from the row. */
export const REST_AFTER_REFUSAL = '60 seconds'

/** The error code of a non-retryable effect; null for anything else, cancellation included. */
function refusalOf(error: unknown): string | null {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) return null
  return error.cause.nonRetryable === true ? (error.cause.type ?? 'unknown') : null
}

/** True when `work` was refused; other failures pass on. */
export async function isRefused(work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return false
  } catch (error) {
    const code = refusalOf(error)
    if (code === null) throw error
    log.error('an effect was refused', { code })
    return true
  }
}

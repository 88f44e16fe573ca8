/** Polls a condition until it holds, with a deadline: nothing here sleeps for a fixed time (Q-RUN-11). */
import { setTimeout as delay } from 'node:timers/promises'
import { LocalError } from './errors'

export interface WaitOptions {
  /** What is waited for, as it would end the sentence "… did not answer". */
  readonly what: string
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** Ends the wait early with the error it throws, for instance because the child has died. */
  readonly giveUpIf?: () => void
}

const POLL_MS = 50

/** Resolves with the milliseconds it took. A condition that throws counts as not yet met; its message is told at the deadline. */
export async function waitFor(condition: () => Promise<boolean> | boolean, options: WaitOptions): Promise<number> {
  const start = Date.now()
  for (;;) {
    options.signal?.throwIfAborted()
    const reason = await failureOf(condition)
    if (reason === null) return Date.now() - start
    options.giveUpIf?.()
    if (Date.now() - start > options.timeoutMs) {
      throw new LocalError(`${options.what} did not answer within ${options.timeoutMs / 1000} s${reason && `: ${reason}`}`)
    }
    await delay(POLL_MS)
  }
}

async function failureOf(condition: () => Promise<boolean> | boolean): Promise<string | null> {
  try {
    return (await condition()) ? null : ''
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

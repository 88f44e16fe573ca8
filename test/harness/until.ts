/** Waits for an effect by looking for it, never by sleeping a fixed time (Q-RUN-11). */
export interface UntilOptions {
  readonly timeoutMs?: number
  readonly everyMs?: number
  readonly what?: string
}

type Look<T> = () => Promise<T | null | undefined | false> | T | null | undefined | false

/** Resolves with the first result that is neither null, undefined nor false; the last error is told when the deadline passes. */
export async function until<T>(look: Look<T>, { timeoutMs = 10_000, everyMs = 50, what = 'the effect' }: UntilOptions = {}): Promise<T> {
  const deadline = Date.now() + timeoutMs
  let lastError: unknown
  while (Date.now() <= deadline) {
    try {
      const seen = await look()
      if (seen !== null && seen !== undefined && seen !== false) return seen
    } catch (error) {
      lastError = error
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
  throw new Error(`${what} was not seen within ${timeoutMs} ms`, { cause: lastError })
}

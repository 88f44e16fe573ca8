/** Turns SIGINT and SIGTERM into one orderly stop; a second one ends at once (OPS-005). */

export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal
  /** Aborted by the second. */
  readonly insisted: AbortSignal
  /** Resolves with the name of the first signal. */
  readonly interrupted: Promise<NodeJS.Signals>
  readonly dispose: () => void
}

/** npm passes on the Ctrl+C that the terminal has already delivered: two signals this close are one key press. */
const SAME_PRESS_MS = 700
const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** `endAtOnce` is called after `insisted` was aborted. */
export function listenForInterruption(endAtOnce: () => void): Interruption {
  const controller = new AbortController()
  const insistence = new AbortController()
  let firstAt = 0
  let report: (signal: NodeJS.Signals) => void
  const interrupted = new Promise<NodeJS.Signals>((resolve) => (report = resolve))
  const handle = (signal: NodeJS.Signals): void => {
    if (firstAt > 0 && Date.now() - firstAt < SAME_PRESS_MS) return
    if (firstAt > 0) {
      insistence.abort()
      return endAtOnce()
    }
    firstAt = Date.now()
    controller.abort(new Error(`stopped by ${signal}`))
    report(signal)
  }
  for (const name of SIGNALS) process.on(name, handle)
  const dispose = (): void => SIGNALS.forEach((name) => process.off(name, handle))
  return { signal: controller.signal, insisted: insistence.signal, interrupted, dispose }
}

/** The orderly end of a process: steps in order within a limit, a second signal ends at once (OPS-005, OPS-323). */
import type { Logger } from './logger'

export interface Shutdown {
  /** Steps run in the order in which they were added. */
  add(name: string, step: () => Promise<void> | void): void
  /** Runs the steps once and ends the process. */
  begin(reason: string, exitCode?: number): Promise<void>
  readonly isDraining: () => boolean
}

export interface ShutdownOptions {
  readonly log: Pick<Logger, 'info' | 'error' | 'warn'>
  readonly limitSeconds: number
  readonly exit?: (code: number) => void
}

export function createShutdown({ log, limitSeconds, exit = (code) => process.exit(code) }: ShutdownOptions): Shutdown {
  const steps: { name: string; step: () => Promise<void> | void }[] = []
  let running: Promise<void> | null = null

  async function runSteps(reason: string, exitCode: number): Promise<void> {
    log.info({ reason }, 'stopping')
    const limit = setTimeout(() => {
      log.error({ limit_seconds: limitSeconds }, 'stop took too long')
      exit(1)
    }, limitSeconds * 1000)
    for (const { name, step } of steps) {
      try {
        await step()
      } catch (error) {
        log.error({ err: error, step: name }, 'a stop step failed') // the next ones still have to run
      }
    }
    clearTimeout(limit)
    log.info({ reason }, 'stopped')
    exit(exitCode)
  }

  return {
    add: (name, step) => void steps.push({ name, step }),
    begin: (reason, exitCode = 0) => (running ??= runSteps(reason, exitCode)),
    isDraining: () => running !== null,
  }
}

/** SIGTERM and SIGINT begin the stop, a second one ends at once; what nobody caught is logged and ends the process (OPS-255). */
export function listenForSignals(shutdown: Shutdown, log: Pick<Logger, 'error'>): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (shutdown.isDraining()) process.exit(1)
      void shutdown.begin(signal)
    })
  }
  process.on('unhandledRejection', (error) => {
    log.error({ err: error }, 'unhandled rejection')
    void shutdown.begin('unhandledRejection', 1)
  })
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'uncaught exception')
    void shutdown.begin('uncaughtException', 1)
  })
}

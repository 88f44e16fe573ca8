/** What every worker process has beside its work: SDK runtime, health and metrics ports, the ready-made bundle, an orderly end. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DefaultLogger, Runtime, type Worker } from '@temporalio/worker'
import type { Config } from '#runtime/config'
import { createHealth, type Check, type DependencyName } from '#runtime/health'
import type { Logger } from '#runtime/logger'
import type { Metrics } from '#runtime/metrics'
import type { Shutdown } from '#runtime/shutdown'
import { startStatusServer } from '#runtime/status-server'
import type { BuildVersion } from '#runtime/version'
import type { WorkflowSource } from './workers'

const DIST = join(__dirname, '..')

/** The SDK's own lines become ours; signals are ours to handle (OPS-323). */
export function installRuntime(log: Logger): void {
  const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'debug', WARN: 'warn', ERROR: 'error' } as const
  const logger = new DefaultLogger('INFO', ({ level, message, meta }) => log[levels[level]](meta ?? {}, message))
  Runtime.install({ logger, shutdownSignals: [] })
}

/** The ready-made file; outside production a build without it bundles at start. In production its absence stops the process (Q-WFE-08). */
export function findBundle(environment: string): WorkflowSource {
  const codePath = join(DIST, 'workflow-bundle.js')
  if (existsSync(codePath)) return { codePath }
  if (environment === 'production') throw new Error(`no workflow bundle at ${codePath}: run the build`)
  return { workflowsPath: join(DIST, 'workflows', 'index.js') }
}

export interface StatusOptions {
  readonly config: Config<'worker'>
  readonly version: BuildVersion
  readonly metrics: Metrics
  readonly checks: Readonly<Partial<Record<DependencyName, Check>>>
  readonly shutdown: Shutdown
}

/** Serves health and metrics until it is closed. */
export async function startStatus({ config, version, metrics, checks, shutdown }: StatusOptions): Promise<{ close(): Promise<void> }> {
  const { healthPort, metricsPort } = config
  const gauges: Partial<Record<DependencyName, { set(value: number): void }>> = { temporal: metrics.temporalUp, redis: metrics.redisUp }
  const health = createHealth({
    version,
    checks,
    needed: ['database', 'temporal'],
    isDraining: shutdown.isDraining,
    now: Date.now,
    onResult: (name, ok) => gauges[name]?.set(ok ? 1 : 0),
  })
  await health.start()
  const server = await startStatusServer({ health, metricsText: metrics.text, healthPort, metricsPort, environment: config.nodeEnv })
  return {
    close() {
      health.stop()
      return server.close()
    },
  }
}

const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 30_000

/** Tries for as long as it takes, since Temporal may come after its workers (OPS-058); readiness tells so meanwhile. */
export async function patiently<T>(what: string, log: Pick<Logger, 'warn'>, attempt: () => Promise<T>): Promise<T> {
  for (let pause = FIRST_RETRY_MS; ; pause = Math.min(pause * 2, LONGEST_RETRY_MS)) {
    try {
      return await attempt()
    } catch (error) {
      log.warn({ err: error, retry_in_ms: pause }, what)
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}

/** A worker that ends by itself has met what it cannot mend: the process ends too and is started again. */
export function runWorkers(workers: readonly Worker[], { shutdown, log }: { shutdown: Shutdown; log: Logger }): void {
  const running = Promise.all(workers.map((worker) => worker.run()))
  running.catch((error: unknown) => {
    log.error({ err: error }, 'a worker ended')
    void shutdown.begin('a worker ended', 1)
  })
  shutdown.add('workers', async () => {
    for (const worker of workers.filter((one) => one.getState() === 'RUNNING')) worker.shutdown()
    await running
  })
}

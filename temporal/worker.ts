/** Entry of the worker process: wires configuration, parts and Temporal's workers together, and runs until it is told to stop. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DefaultLogger, NativeConnection, Runtime, type Worker } from '@temporalio/worker'
import { ConfigError, EXIT_BAD_CONFIG, loadConfig, type Config } from '#runtime/config'
import { createHealth, type Health } from '#runtime/health'
import { createLogger, type Logger } from '#runtime/logger'
import { createMetrics } from '#runtime/metrics'
import { createShutdown, listenForSignals, type Shutdown } from '#runtime/shutdown'
import { startStatusServer } from '#runtime/status-server'
import { readBuildVersion } from '#runtime/version'
import { ensureLoops, ensureSchedules } from './schedules'
import { isTaskQueueName } from './task-queues'
import { createWorkerParts, type WorkerParts } from './worker-parts'
import { createWorkers, type WorkflowSource } from './workers'

const HOST = '0.0.0.0'
const DIST = join(__dirname, '..')

async function main(): Promise<void> {
  const config = loadConfig('worker', process.env)
  const { version } = readBuildVersion()
  const log = createLogger({ service: 'worker', version, level: config.logLevel, pretty: config.logPretty ?? false })
  const shutdown = createShutdown({ log, limitSeconds: config.drainSeconds + config.shutdownSeconds })
  listenForSignals(shutdown, log)
  installRuntime(log)
  const parts = createWorkerParts(config, log)
  const status = await startStatus(config, { parts, shutdown })
  const native = await NativeConnection.connect({
    address: config.temporalAddress,
    ...(config.temporalApiKey ? { apiKey: config.temporalApiKey } : {}),
  })
  const workers = await startWorkers(config, { parts, native })
  stopInOrder(shutdown, { running: run(workers, { shutdown, log }), workers, status, native, parts })
  await ensureSchedules(parts.temporal.client)
  await ensureLoops(parts.temporal.client, [{ tenantId: config.platformTenantId, linkId: config.platformTenantId }])
  log.info({ queues: config.workerTaskQueues }, 'worker ready')
}

/** The SDK's own lines become ours; signals are ours to handle (OPS-323). */
function installRuntime(log: Logger): void {
  const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'debug', WARN: 'warn', ERROR: 'error' } as const
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => log[levels[level]](meta ?? {}, message)),
    shutdownSignals: [],
  })
}

interface Status {
  readonly health: Health
  readonly server: { close(): Promise<void> }
}

async function startStatus(config: Config<'worker'>, { parts, shutdown }: { parts: WorkerParts; shutdown: Shutdown }): Promise<Status> {
  const version = readBuildVersion()
  const metrics = createMetrics({ role: 'worker', version })
  const health = createHealth({
    version,
    checks: { database: () => parts.database.pool.query('select 1'), redis: () => parts.redis.ping(), temporal: parts.temporal.check },
    needed: ['database', 'temporal'],
    isDraining: shutdown.isDraining,
    now: Date.now,
    onResult: (name, ok) => name === 'temporal' && metrics.temporalUp.set(ok ? 1 : 0),
  })
  await health.start()
  const { healthPort, metricsPort } = config
  return { health, server: await startStatusServer({ health, metricsText: metrics.text, healthPort, metricsPort, host: HOST }) }
}

function startWorkers(config: Config<'worker'>, { parts, native }: { parts: WorkerParts; native: NativeConnection }): Promise<Worker[]> {
  return createWorkers({
    connection: native,
    namespace: config.temporalNamespace,
    queues: config.workerTaskQueues.filter(isTaskQueueName),
    bundle: findBundle(config.nodeEnv),
    activities: parts.activities,
    networkConcurrency: config.workerNetworkConcurrency,
    maxCachedWorkflows: config.workerMaxCachedWorkflows,
    shutdownSeconds: config.shutdownSeconds,
  })
}

/** The ready-made file; outside production a build without it bundles at start. In production its absence stops the process (Q-WFE-08). */
function findBundle(environment: string): WorkflowSource {
  const codePath = join(DIST, 'workflow-bundle.js')
  if (existsSync(codePath)) return { codePath }
  if (environment === 'production') throw new Error(`no workflow bundle at ${codePath}: run the build`)
  return { workflowsPath: join(DIST, 'workflows', 'index.js') }
}

/** A worker that ends by itself has met what it cannot mend: the process ends too and is started again. */
function run(workers: readonly Worker[], { shutdown, log }: { shutdown: Shutdown; log: Logger }): Promise<unknown> {
  const running = Promise.all(workers.map((worker) => worker.run()))
  running.catch((error: unknown) => {
    log.error({ err: error }, 'a worker ended')
    void shutdown.begin('a worker ended', 1)
  })
  return running
}

interface Stoppable {
  readonly running: Promise<unknown>
  readonly workers: readonly Worker[]
  readonly status: Status
  readonly native: NativeConnection
  readonly parts: WorkerParts
}

function stopInOrder(shutdown: Shutdown, { running, workers, status, native, parts }: Stoppable): void {
  shutdown.add('workers', async () => {
    for (const worker of workers.filter((one) => one.getState() === 'RUNNING')) worker.shutdown()
    await running
  })
  shutdown.add('connections', async () => {
    await native.close()
    await parts.close()
  })
  shutdown.add('status', () => {
    status.health.stop()
    return status.server.close()
  })
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error instanceof Error ? error.stack : error)}\n`)
  process.exit(error instanceof ConfigError ? EXIT_BAD_CONFIG : 1)
})

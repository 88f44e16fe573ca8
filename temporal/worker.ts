/** Entry of the worker process: wires configuration, effects and Temporal's workers together, and runs until it is told to stop. */
import { NativeConnection } from '@temporalio/worker'
import { createActivities, type Activities } from '#activities/index'
import { createChirpstackClient } from '#activities/chirpstack/client'
import type { NetworkServer } from '#activities/network-server'
import { workflowOrigin } from '#activities/origin'
import { openProcessDatabase } from '#db/database'
import { createEventPublisher } from '#db/events'
import { createOutboxDispatcher } from '#db/outbox-dispatcher'
import { createRedis } from '#db/redis'
import { watchServingRole } from '#db/serving-role'
import { createUnitOfWork } from '#db/unit-of-work'
import { ConfigError, EXIT_BAD_CONFIG, loadConfig, type Config } from '#runtime/config'
import { createLogger, type Logger } from '#runtime/logger'
import { createMetrics, type Metrics } from '#runtime/metrics'
import { createShutdown, listenForSignals, type Shutdown } from '#runtime/shutdown'
import { readBuildVersion } from '#runtime/version'
import { connectTemporal, createDisplayTeller, createSignaller } from './client'
import { ensureLoops, ensureSchedules } from './schedules'
import { isTaskQueueName } from './task-queues'
import { findBundle, installRuntime, patiently, runWorkers, startStatus } from './worker-process'
import { createWorkers } from './workers'

/** Region of an installation whose lights do not name theirs; its duty cycle is the strictest (DOM-645). */
const REGION = 'EU868'

async function main(): Promise<void> {
  const config = loadConfig('worker', process.env)
  const version = readBuildVersion()
  const log = createLogger({ service: 'worker', version: version.version, level: config.logLevel, pretty: config.logPretty ?? false })
  const metrics = createMetrics({ role: 'worker', version })
  const shutdown = createShutdown({ log, limitSeconds: config.drainSeconds + config.shutdownSeconds })
  listenForSignals(shutdown, log)
  installRuntime(log)
  const parts = createParts(config, { log, metrics })
  void watchServingRole(parts.database.pool, (reason) => stopFor(reason, shutdown, log))
  const status = await startStatus({ config, version, metrics, checks: parts.checks, shutdown })
  const connect = () => NativeConnection.connect({ address: config.temporalAddress, ...apiKeyOf(config) })
  const native = await patiently('Temporal is away', log, connect)
  runWorkers(await createWorkers(workersOf(config, { activities: parts.activities, connection: native })), { shutdown, log })
  shutdown.add('temporal', () => native.close())
  shutdown.add('connections', parts.close)
  shutdown.add('status', status.close)
  await patiently('schedules and loops are not started', log, async () => {
    await ensureSchedules(parts.temporal.client)
    await ensureLoops(parts.temporal.client, [{ tenantId: config.platformTenantId, linkId: config.platformTenantId }])
  })
  log.info({ queues: config.workerTaskQueues }, 'worker ready')
}

type WorkerConfig = Config<'worker'>

function stopFor(reason: string, shutdown: Shutdown, log: Logger): void {
  log.error({ reason }, 'the worker cannot work')
  void shutdown.begin(reason, EXIT_BAD_CONFIG)
}

const apiKeyOf = ({ temporalApiKey: apiKey }: WorkerConfig) => (apiKey === undefined ? {} : { apiKey })

function workersOf(config: WorkerConfig, { activities, connection }: { activities: Activities; connection: NativeConnection }) {
  return {
    connection,
    activities,
    namespace: config.temporalNamespace,
    queues: config.workerTaskQueues.filter(isTaskQueueName),
    bundle: findBundle(config.nodeEnv),
    networkConcurrency: config.workerNetworkConcurrency,
    maxCachedWorkflows: config.workerMaxCachedWorkflows,
    shutdownSeconds: config.shutdownSeconds,
  }
}

/** Nothing here waits for a service: each part connects at its first use. */
function createParts(config: WorkerConfig, { log, metrics }: { log: Logger; metrics: Metrics }) {
  const database = openProcessDatabase(config, 'parking-worker', log)
  const redis = createRedis({ url: config.redisUrl, onError: (error) => log.warn({ err: error }, 'redis') })
  const temporal = connectTemporal({ address: config.temporalAddress, namespace: config.temporalNamespace, ...apiKeyOf(config) })
  const networkServer = openNetworkServer(config)
  const unitOfWork = createUnitOfWork(database.pool)
  const publisher = createEventPublisher(redis)
  const activities = createActivities({
    unitOfWork,
    publisher,
    dispatcher: createOutboxDispatcher({ unitOfWork, publisher, signal: createSignaller(temporal.client), log }),
    teller: createDisplayTeller(temporal.client),
    networkServer,
    metrics,
    platformTenantId: config.platformTenantId,
    region: REGION,
    log,
    origin: workflowOrigin,
  })
  return {
    activities,
    temporal,
    database,
    checks: { database: () => database.pool.query('select 1'), redis: () => redis.ping(), temporal: temporal.check },
    async close(): Promise<void> {
      networkServer.close()
      await temporal.close()
      redis.disconnect()
      await database.close()
    },
  }
}

const openNetworkServer = (config: WorkerConfig): NetworkServer =>
  createChirpstackClient({
    url: config.chirpstackUrl,
    token: config.chirpstackApiToken ?? '',
    caFile: config.chirpstackCaFile,
    deadlineMs: config.chirpstackDeadlineMs,
  })

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error instanceof Error ? error.stack : error)}\n`)
  process.exit(error instanceof ConfigError ? EXIT_BAD_CONFIG : 1)
})

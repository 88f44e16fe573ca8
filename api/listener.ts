/** Entry of the listener process: takes events from the broker until it is told to stop (D-02, D-70). */
import { openProcessDatabase, type Database } from '#db/database'
import { assertServingRole } from '#db/serving-role'
import { createUnitOfWork, type UnitOfWork } from '#db/unit-of-work'
import { createClock } from '#runtime/clock'
import { ConfigError, EXIT_BAD_CONFIG, loadConfig } from '#runtime/config'
import { createHealth } from '#runtime/health'
import { createLogger } from '#runtime/logger'
import { createMetrics } from '#runtime/metrics'
import { createShutdown, listenForSignals, type Shutdown } from '#runtime/shutdown'
import { startStatusServer } from '#runtime/status-server'
import { readBuildVersion } from '#runtime/version'
import { takeListenerLease } from './ingest/listener-lease'
import { createListenerParts, createListenerSource, type ListenerContext, type ListenerParts } from './ingest/listener-parts'
import type { UplinkSource } from './ingest/mqtt-source'

async function main(): Promise<void> {
  const config = loadConfig('listener', process.env)
  const version = readBuildVersion()
  const log = createLogger({ service: 'listener', version: version.version, level: config.logLevel, pretty: config.logPretty ?? false })
  const shutdown = createShutdown({ log, limitSeconds: config.drainSeconds + config.shutdownSeconds })
  listenForSignals(shutdown, log)
  const context = { config, log, clock: createClock(config.clockOffsetMs), metrics: createMetrics({ role: 'listener', version }) }
  const database = openProcessDatabase(config, 'parking-listener', log)
  const unitOfWork = createUnitOfWork(database.pool)
  const parts = createListenerParts(context, unitOfWork)
  const taking = startTaking(context, { database, unitOfWork, parts, shutdown })
  await Promise.race([taking.begun, firstLook()])
  const status = await startStatus(context, { database, parts, shutdown, isConnected: taking.isConnected })
  await taking.begun
  shutdown.add('parts', () => parts.close())
  shutdown.add('database', () => database.close())
  shutdown.add('status', () => status.close())
}

/** Health looks every 5 s: a first look that is too early would call a sound listener unready for that long. */
const FIRST_LOOK_MS = 1_500
const firstLook = () => new Promise<void>((resolve) => setTimeout(resolve, FIRST_LOOK_MS))

interface TakingWiring {
  readonly database: Database
  readonly unitOfWork: UnitOfWork
  readonly parts: ListenerParts
  readonly shutdown: Shutdown
}

/** Waits for the database and an ordinal, then takes messages; `begun` resolves with the first subscription of all members. */
function startTaking(context: ListenerContext, { database, unitOfWork, parts, shutdown }: TakingWiring) {
  const { log } = context
  let source: UplinkSource | null = null
  const stopFor = (reason: string) => {
    log.error({ reason }, 'the listener cannot go on')
    void shutdown.begin(reason, 1)
  }
  async function begin(): Promise<void> {
    const lease = await takeListenerLease({ unitOfWork, log, onLost: stopFor })
    await assertServingRole(database.pool)
    const started = createListenerSource(context, { ordinal: lease.ordinal, pipeline: parts.pipeline, onFatal: stopFor })
    source = started
    shutdown.add('source', () => started.stop())
    shutdown.add('lease', () => lease.release())
    await started.start((message) => parts.pipeline.accept(message))
    log.info({ ordinal: lease.ordinal }, 'listener ready')
  }
  return { begun: begin(), isConnected: () => source?.isConnected() ?? false }
}

interface StatusWiring {
  readonly database: Database
  readonly parts: ListenerParts
  readonly shutdown: Shutdown
  readonly isConnected: () => boolean
}

/** Without database or broker the listener cannot do its own work (OPS-151). */
async function startStatus({ config, metrics, clock }: ListenerContext, { database, parts, shutdown, isConnected }: StatusWiring) {
  const health = createHealth({
    version: readBuildVersion(),
    checks: {
      database: () => database.pool.query('select 1'),
      redis: () => parts.redis.ping(),
      temporal: parts.temporal.check,
      mqtt: () => (isConnected() ? Promise.resolve() : Promise.reject(new Error('not every member is subscribed'))),
    },
    needed: ['database', 'mqtt'],
    isDraining: shutdown.isDraining,
    now: () => clock.now(),
    onResult: (name, ok) => name === 'redis' && metrics.redisUp.set(ok ? 1 : 0),
  })
  await health.start()
  const { healthPort, metricsPort } = config
  const server = await startStatusServer({ health, metricsText: metrics.text, healthPort, metricsPort, environment: config.nodeEnv })
  return {
    close() {
      health.stop()
      return server.close()
    },
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error instanceof Error ? error.stack : error)}\n`)
  process.exit(error instanceof ConfigError ? EXIT_BAD_CONFIG : 1)
})

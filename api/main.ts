/** Entry of the api process: HTTP and sockets until it is told to stop (D-02). It wires and does nothing else. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createDatabase, type Database } from '#db/database'
import { createEventPublisher } from '#db/events'
import { createOutboxDispatcher } from '#db/outbox-dispatcher'
import { createRedis, createRedisSubscriber } from '#db/redis'
import { createUnitOfWork } from '#db/unit-of-work'
import { createClock } from '#runtime/clock'
import { ConfigError, EXIT_BAD_CONFIG, loadConfig, type Config } from '#runtime/config'
import { createHealth } from '#runtime/health'
import { createLogger, type Logger } from '#runtime/logger'
import { createMetrics } from '#runtime/metrics'
import { createShutdown, listenForSignals } from '#runtime/shutdown'
import { createMetricsServer } from '#runtime/status-server'
import { readBuildVersion } from '#runtime/version'
import { connectTemporal, createSignaller, createWorkflowCommands } from '#temporal/client'
import { createRealtime } from './realtime/realtime'
import { mergedMetrics } from './routes/documents/merge-metrics'
import { readProblemPages } from './routes/documents/problem-pages'
import { createServer } from './server'
import type { ForwardRule } from './forward'

type ApiConfig = Config<'api'>

async function main(): Promise<void> {
  const config = loadConfig('api', process.env)
  const version = readBuildVersion()
  const log = createLogger({ service: 'api', version: version.version, level: config.logLevel, pretty: config.logPretty ?? false })
  const shutdown = createShutdown({ log, limitSeconds: config.drainSeconds + config.shutdownSeconds })
  listenForSignals(shutdown, log)
  const clock = createClock(config.clockOffsetMs)
  const metrics = createMetrics({ role: 'api', version })
  const database = openDatabase(config, log)
  const unitOfWork = createUnitOfWork(database.pool)
  const { redis, standingsSubscriber, feedSubscriber } = openRedis(config, log)
  const temporal = connectTemporal({ address: config.temporalAddress, namespace: config.temporalNamespace, apiKey: config.temporalApiKey })
  const dispatcher = createOutboxDispatcher({
    unitOfWork,
    publisher: createEventPublisher(redis),
    signal: createSignaller(temporal.client),
    log,
  })
  const health = createHealth({
    version,
    checks: {
      database: () => database.pool.query('select 1'),
      redis: () => redis.ping(),
      temporal: temporal.check,
      rate_limiter: () => redis.ping(),
    },
    needed: ['database'],
    isDraining: shutdown.isDraining,
    now: () => clock.now(),
    onResult: (name, ok) => name === 'redis' && metrics.redisUp.set(ok ? 1 : 0),
  })
  await health.start()
  const isProduction = config.nodeEnv === 'production'
  const api = createServer({
    settings: config,
    unitOfWork,
    redis,
    subscriber: standingsSubscriber,
    dispatcher,
    workflows: createWorkflowCommands(temporal.client),
    clock,
    log,
    metrics,
    documents: {
      health,
      healthExtra: () => healthExtra(config, database),
      metricsText: () => mergedMetrics(metrics.text, config.localMetricsUrls),
      metricsToken: config.metricsToken,
      isProduction,
      problemPages: readProblemPages(join(projectFolder(), 'docs', 'problems')),
    },
    version: version.version,
    isProduction,
    trustedProxies: config.trustedProxies,
    forwards: isProduction ? [] : localForwards(config),
  })
  const realtime = createRealtime({
    ...api.sockets,
    redis,
    subscriber: feedSubscriber,
    log,
    metrics,
    allowedOrigins: [new URL(config.publicUrl).origin, ...config.corsOrigins],
    clock,
  })
  realtime.attach(api.server)
  const metricsServer = createMetricsServer(metrics.text)
  await listen(metricsServer, config.metricsPort, config.host)
  await listen(api.server, config.port, config.host)
  shutdown.add('drain', () => new Promise((resolve) => setTimeout(resolve, config.drainSeconds * 1000)))
  shutdown.add('sockets', () => realtime.close())
  shutdown.add('http', () => closeServer(api.server))
  shutdown.add('metrics', () => closeServer(metricsServer))
  shutdown.add('health', () => health.stop())
  shutdown.add('auth', () => api.close())
  shutdown.add('redis', () => [redis, standingsSubscriber, feedSubscriber].forEach((client) => client.disconnect()))
  shutdown.add('temporal', () => temporal.close())
  shutdown.add('database', () => database.close())
  log.info({ port: config.port }, 'api ready')
}

function openDatabase(config: ApiConfig, log: Logger): Database {
  return createDatabase({
    url: config.databaseUrl,
    poolMax: config.databasePoolMax,
    poolWaitMs: config.databasePoolWaitMs,
    statementTimeoutMs: config.databaseStatementTimeoutMs,
    lockTimeoutMs: config.databaseLockTimeoutMs,
    applicationName: 'parking-api',
    onIdleError: (error) => log.warn({ err: error }, 'idle database connection'),
  })
}

function openRedis({ redisUrl: url }: ApiConfig, log: Logger) {
  const onError = (error: Error) => log.warn({ err: error }, 'redis connection')
  return {
    redis: createRedis({ url, onError }),
    standingsSubscriber: createRedisSubscriber({ url, onError }),
    feedSubscriber: createRedisSubscriber({ url, onError }),
  }
}

/** What OPS-152 adds to the checks; no host, tenant or business count. */
function healthExtra(config: ApiConfig, { pool }: Database) {
  return {
    stats: {
      database: { pool_max: config.databasePoolMax, pool_active: pool.totalCount - pool.idleCount },
      chirpstack: { configured: config.chirpstackUrl !== undefined },
    },
    features: { multi_tenant: true, row_level_security: true, device_pool_management: false, chirpstack_sync: false },
  }
}

function localForwards({ temporalUiUrl, simControlPort }: ApiConfig): ForwardRule[] {
  return [
    ...(temporalUiUrl === undefined ? [] : [{ prefix: '/temporal', target: temporalUiUrl }]),
    ...(simControlPort === undefined ? [] : [{ prefix: '/dev/sim', target: `http://127.0.0.1:${simControlPort}`, cut: '/dev' }]),
  ]
}

/** The folder of package.json, from sources and from `dist` alike. */
function projectFolder(from: string = __dirname): string {
  const isRoot = existsSync(join(from, 'package.json'))
  return isRoot || dirname(from) === from ? from : projectFolder(dirname(from))
}

interface Listening {
  listen(port: number, host: string, done: () => void): unknown
  once(event: 'error', fail: (error: Error) => void): unknown
  close(done: () => void): unknown
  closeIdleConnections(): void
}

function listen(server: Listening, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
}

/** Running requests finish; idle connections go at once (API-833). */
function closeServer(server: Listening): Promise<void> {
  return new Promise((resolve) => {
    server.close(resolve)
    server.closeIdleConnections()
  })
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error instanceof Error ? error.stack : error)}\n`)
  process.exit(error instanceof ConfigError ? EXIT_BAD_CONFIG : 1)
})

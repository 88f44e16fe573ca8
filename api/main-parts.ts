/** What the api process is made of: connections, health, server and feed, each from the configuration; the entry starts and stops them. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Redis } from 'ioredis'
import type { Pool } from 'pg'
import { createEventPublisher } from '#db/events'
import { createOutboxDispatcher } from '#db/outbox-dispatcher'
import { createRedis, createRedisSubscriber } from '#db/redis'
import { createUnitOfWork, type UnitOfWork } from '#db/unit-of-work'
import { createClock, type Clock } from '#runtime/clock'
import type { Config } from '#runtime/config'
import { createHealth, type Health } from '#runtime/health'
import type { Logger } from '#runtime/logger'
import { createMetrics, type Metrics } from '#runtime/metrics'
import type { BuildVersion } from '#runtime/version'
import { connectTemporal, createSignaller, createWorkflowCommands, type TemporalConnection } from '#temporal/client'
import type { ProxyRoute } from './middleware/local-proxy'
import { createRealtime } from './realtime/realtime'
import { mergedMetrics } from './routes/documents/merge-metrics'
import { readProblemPages } from './routes/documents/problem-pages'
import { createServer, type ApiServer } from './server'

export type ApiConfig = Config<'api'>

export interface ApiContext {
  readonly config: ApiConfig
  readonly log: Logger
  readonly version: BuildVersion
  readonly isDraining: () => boolean
}

export interface Connections {
  readonly pool: Pool
  readonly unitOfWork: UnitOfWork
  readonly redis: Redis
  readonly standingsSubscriber: Redis
  readonly feedSubscriber: Redis
  readonly temporal: TemporalConnection
  readonly clock: Clock
  readonly metrics: Metrics
}

/** Without Redis the api serves all the same (API-058). */
const REDIS_WAIT_MS = 1_000

/** The pool comes from the entry, which alone may open it. */
export function openConnections({ config, log, version }: ApiContext, pool: Pool): Connections {
  const onError = (error: Error) => log.warn({ err: error }, 'redis connection')
  const url = config.redisUrl
  return {
    pool,
    unitOfWork: createUnitOfWork(pool),
    redis: createRedis({ url, onError }),
    standingsSubscriber: createRedisSubscriber({ url, onError }),
    feedSubscriber: createRedisSubscriber({ url, onError }),
    temporal: connectTemporal({ address: config.temporalAddress, namespace: config.temporalNamespace, apiKey: config.temporalApiKey }),
    clock: createClock(config.clockOffsetMs),
    metrics: createMetrics({ role: 'api', version }),
  }
}

/** Commands are not queued while the connection opens: the first health check waits for it a moment. */
export async function waitForRedis({ redis }: Connections): Promise<void> {
  let limit: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => (limit = setTimeout(resolve, REDIS_WAIT_MS)))
  const ready = redis.status === 'ready' ? Promise.resolve() : once(redis, 'ready').catch(() => undefined) // logged by its own listener; it goes on trying
  await Promise.race([ready, late])
  clearTimeout(limit)
}

/** Without its database the api cannot do its own work; anything else away leaves it degraded (OPS-151). */
export function createApiHealth({ version, isDraining }: ApiContext, { pool, redis, temporal, clock, metrics }: Connections): Health {
  return createHealth({
    version,
    checks: {
      database: () => pool.query('select 1'),
      redis: () => redis.ping(),
      temporal: temporal.check,
      rate_limiter: () => redis.ping(),
    },
    needed: ['database'],
    isDraining,
    now: () => clock.now(),
    onResult: (name, ok) => name === 'redis' && metrics.redisUp.set(ok ? 1 : 0),
  })
}

export function createApiServer({ config, log, version }: ApiContext, connections: Connections, health: Health): ApiServer {
  const { unitOfWork, redis, standingsSubscriber, temporal, clock, metrics, pool } = connections
  const isProduction = config.nodeEnv === 'production'
  return createServer({
    settings: config,
    unitOfWork,
    redis,
    subscriber: standingsSubscriber,
    dispatcher: createOutboxDispatcher({
      unitOfWork,
      publisher: createEventPublisher(redis),
      signal: createSignaller(temporal.client),
      log,
    }),
    workflows: createWorkflowCommands(temporal.client),
    clock,
    log,
    metrics,
    documents: {
      health,
      healthExtra: () => healthExtra(config, pool),
      metricsText: () => mergedMetrics(metrics.text, config.localMetricsUrls),
      metricsToken: config.metricsToken,
      isProduction,
      problemPages: readProblemPages(join(projectFolder(), 'docs', 'problems')),
    },
    version: version.version,
    isProduction,
    trustedProxies: config.trustedProxies,
    ...(isProduction ? {} : { localProxies: localProxies(config) }),
  })
}

export function createFeed({ config, log }: ApiContext, { redis, feedSubscriber, metrics, clock }: Connections, api: ApiServer) {
  return createRealtime({
    ...api.sockets,
    redis,
    subscriber: feedSubscriber,
    log,
    metrics,
    allowedOrigins: [new URL(config.publicUrl).origin, ...config.corsOrigins],
    clock,
  })
}

/** What OPS-152 adds to the checks; no host, tenant or business count. */
function healthExtra(config: ApiConfig, pool: Pool) {
  const database = { pool_max: config.databasePoolMax, pool_active: pool.totalCount - pool.idleCount }
  return {
    stats: { database, chirpstack: { configured: config.chirpstackUrl !== undefined } },
    features: { multi_tenant: true, row_level_security: true, device_pool_management: false, chirpstack_sync: false },
  }
}

/** One port for people: the Temporal UI and the simulator's controls behind ours (OPS-024, OPS-034, OPS-035). */
function localProxies({ temporalUiUrl, simControlPort }: ApiConfig): ProxyRoute[] {
  return [
    ...(temporalUiUrl === undefined ? [] : [{ prefix: '/temporal', target: temporalUiUrl }]),
    ...(simControlPort === undefined ? [] : [{ prefix: '/dev/sim/', target: `http://127.0.0.1:${simControlPort}`, replacement: '/sim/' }]),
  ]
}

/** The folder of package.json, from sources and from `dist` alike. */
function projectFolder(from: string = __dirname): string {
  const isRoot = existsSync(join(from, 'package.json'))
  return isRoot || dirname(from) === from ? from : projectFolder(dirname(from))
}

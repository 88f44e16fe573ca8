/** What a worker process is made of beside Temporal's own workers: connections, effects, and how they end. */
import type { Redis } from 'ioredis'
import { createActivities, type Activities } from '#activities/index'
import { createChirpstackClient } from '#activities/chirpstack/client'
import type { NetworkServer } from '#activities/network-server'
import { workflowOrigin } from '#activities/origin'
import { createDatabase, type Database } from '#db/database'
import { createEventPublisher } from '#db/events'
import { createOutboxDispatcher } from '#db/outbox-dispatcher'
import { createRedis } from '#db/redis'
import { createUnitOfWork } from '#db/unit-of-work'
import type { Config } from '#runtime/config'
import type { Logger } from '#runtime/logger'
import { connectTemporal, createDisplayTeller, createSignaller, type TemporalConnection } from './client'

export interface WorkerParts {
  readonly database: Database
  readonly redis: Redis
  readonly temporal: TemporalConnection
  readonly networkServer: NetworkServer
  readonly activities: Activities
  close(): Promise<void>
}

/** Region of an installation whose lights do not name theirs; its duty cycle is the strictest (DOM-645). */
const REGION = 'EU868'

/** Nothing here waits for a service: each part connects at its first use. */
export function createWorkerParts(config: Config<'worker'>, log: Logger): WorkerParts {
  const database = openDatabase(config, log)
  const redis = createRedis({ url: config.redisUrl, onError: (error) => log.warn({ err: error }, 'redis') })
  const temporal = connectTemporal({ address: config.temporalAddress, namespace: config.temporalNamespace, apiKey: config.temporalApiKey })
  const networkServer = openNetworkServer(config)
  const unitOfWork = createUnitOfWork(database.pool)
  const publisher = createEventPublisher(redis)
  const activities = createActivities({
    unitOfWork,
    publisher,
    dispatcher: createOutboxDispatcher({ unitOfWork, publisher, signal: createSignaller(temporal.client), log }),
    teller: createDisplayTeller(temporal.client),
    networkServer,
    platformTenantId: config.platformTenantId,
    region: REGION,
    log,
    origin: workflowOrigin,
  })
  async function close(): Promise<void> {
    networkServer.close()
    await temporal.close()
    redis.disconnect()
    await database.close()
  }
  return { database, redis, temporal, networkServer, activities, close }
}

const openDatabase = (config: Config<'worker'>, log: Logger): Database =>
  createDatabase({
    url: config.databaseUrl,
    poolMax: config.databasePoolMax,
    poolWaitMs: config.databasePoolWaitMs,
    statementTimeoutMs: config.databaseStatementTimeoutMs,
    lockTimeoutMs: config.databaseLockTimeoutMs,
    applicationName: 'parking-worker',
    onIdleError: (error) => log.warn({ err: error }, 'idle database connection'),
  })

const openNetworkServer = (config: Config<'worker'>): NetworkServer =>
  createChirpstackClient({
    url: config.chirpstackUrl,
    token: config.chirpstackApiToken ?? '',
    caFile: config.chirpstackCaFile,
    deadlineMs: config.chirpstackDeadlineMs,
  })

/** What the listener process is made of, and how it ends: connections, pipeline and source (H-63). */
import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { createEventPublisher } from '#db/events'
import { createOutboxDispatcher } from '#db/outbox-dispatcher'
import { createRedis, createRedisSubscriber } from '#db/redis'
import type { UnitOfWork } from '#db/unit-of-work'
import type { Clock } from '#runtime/clock'
import type { Config } from '#runtime/config'
import type { Logger } from '#runtime/logger'
import type { Metrics } from '#runtime/metrics'
import { connectTemporal, createSignaller, type TemporalConnection } from '#temporal/client'
import { createMqttSource, type UplinkSource } from './mqtt-source'
import { createPipeline, type Pipeline } from './pipeline'

export interface ListenerContext {
  readonly config: Config<'listener'>
  readonly log: Logger
  readonly clock: Clock
  readonly metrics: Metrics
}

export interface ListenerParts {
  readonly redis: Redis
  readonly temporal: TemporalConnection
  readonly pipeline: Pipeline
  close(): Promise<void>
}

/** Messages on it make the listener forget whose devices are whose (DOM-1105). */
const INVALIDATE_CHANNEL = 'ingest:invalidate'

/** Nothing here waits for a service: each part connects at its first use. */
export function createListenerParts({ config, log, clock, metrics }: ListenerContext, unitOfWork: UnitOfWork): ListenerParts {
  const redisOptions = { url: config.redisUrl, onError: (error: Error) => log.warn({ err: error }, 'redis') }
  const redis = createRedis(redisOptions)
  const subscriber = createRedisSubscriber(redisOptions)
  const { temporalAddress: address, temporalNamespace: namespace, temporalApiKey: apiKey, platformTenantId } = config
  const temporal = connectTemporal({ address, namespace, apiKey })
  const publisher = createEventPublisher(redis)
  const dispatcher = createOutboxDispatcher({ unitOfWork, publisher, signal: createSignaller(temporal.client), log })
  const pipeline = createPipeline({ unitOfWork, dispatcher, publisher, platformTenantId, log, clock, metrics })
  listenForInvalidation(subscriber, { pipeline, log })
  async function close(): Promise<void> {
    await pipeline.idle()
    await temporal.close()
    subscriber.disconnect()
    redis.disconnect()
  }
  return { redis, temporal, pipeline, close }
}

/** What was said while Redis was away is missed, so every return forgets too (Q-TRP-52). */
function listenForInvalidation(subscriber: Redis, { pipeline, log }: { pipeline: Pipeline; log: Logger }): void {
  subscriber.on('message', () => pipeline.invalidateRoutes())
  subscriber.on('ready', () => pipeline.invalidateRoutes())
  subscriber.subscribe(INVALIDATE_CHANNEL).catch((error: unknown) => log.warn({ err: error }, 'not told of moved devices')) // entries last a minute
}

export interface SourceWiring {
  readonly ordinal: number
  readonly pipeline: Pipeline
  readonly onFatal: (reason: string) => void
}

export function createListenerSource(
  { config, log, clock, metrics }: ListenerContext,
  { ordinal, pipeline, onFatal }: SourceWiring,
): UplinkSource {
  return createMqttSource({
    url: config.mqttUrl,
    username: config.mqttUsername,
    password: config.mqttPassword,
    ca: config.mqttCaFile === undefined ? undefined : readFileSync(config.mqttCaFile),
    clientIdPrefix: config.mqttClientIdPrefix,
    connections: config.mqttConnections,
    ordinal,
    sharedGroup: config.mqttSharedGroup,
    topic: config.mqttEventTopic,
    log,
    now: () => clock.now(),
    ready: () => pipeline.ready(),
    onFatal,
    onConnections: (count) => metrics.mqttConnected.set(count),
  })
}

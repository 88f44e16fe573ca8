/** A bay with sensor and light on a database of its own, and an ingest pipeline that a test drives message by message. */
import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { createPipeline, type Pipeline } from '#api/ingest/pipeline'
import type { RawMessage } from '#api/ingest/parse-event'
import { createEventPublisher, type EventPublisher } from '#db/events'
import { createOutboxDispatcher, type StagedOutboxDispatcher } from '#db/outbox-dispatcher'
import type { FeedEvent, OutboxMessage } from '#domain/shared/outbox'
import type { UnitOfWork } from '#db/unit-of-work'
import { createMetrics } from '#runtime/metrics'
import { createFactories, type Factories } from '../factories/factories'
import { testServices } from '../harness/services'
import { createTestDatabase, type TestDatabase } from '../harness/test-database'

export interface Bay {
  readonly tenantId: string
  readonly siteId: string
  readonly spaceId: string
  readonly sensor: { readonly deviceId: string; readonly devEui: string }
  readonly light: { readonly deviceId: string; readonly devEui: string }
  readonly gateway: { readonly gatewayId: string; readonly gatewayRef: string }
}

export interface World {
  readonly database: TestDatabase
  readonly factories: Factories
  readonly redis: Redis
  readonly publisher: EventPublisher
  readonly dispatcher: StagedOutboxDispatcher
  readonly pipeline: Pipeline
  /** What workflows were told, oldest first. */
  readonly signals: OutboxMessage[]
  /** While set, signals fail as if Temporal were away. */
  temporalIsAway: boolean
  createBay(): Promise<Bay>
  /** Another listener on the same database, with parts of the test's own. */
  newPipeline(parts?: { readonly dispatcher?: StagedOutboxDispatcher; readonly unitOfWork?: UnitOfWork }): Pipeline
  /** Rows of the whole database, as its superuser. */
  rows<R>(text: string, values?: readonly unknown[]): Promise<R[]>
  events(tenantId: string): Promise<FeedEvent[]>
  close(): Promise<void>
}

export const PLATFORM_TENANT_ID = '00000000-0000-0000-0000-000000000000'
export const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined }

const version = { version: '6.0.0', buildNumber: '1', commit: 'test', builtAt: null }

export async function createWorld(): Promise<World> {
  const database = await createTestDatabase()
  const { Pool } = await import('pg')
  const admin = new Pool({ connectionString: database.adminUrl, max: 2 })
  admin.on('error', () => undefined)
  const redis = new Redis(testServices().redisUrl)
  const publisher = createEventPublisher(redis)
  const { unitOfWork } = database
  const signals: OutboxMessage[] = []
  const factories = createFactories(database.pool)
  const metrics = createMetrics({ role: 'listener', version })
  const signal = (message: OutboxMessage): Promise<void> => {
    if (world.temporalIsAway) return Promise.reject(new Error('temporal is away'))
    signals.push(message)
    return Promise.resolve()
  }
  const dispatcher = createOutboxDispatcher({ unitOfWork, publisher, signal, log: quiet })
  const newPipeline: World['newPipeline'] = (parts = {}) =>
    createPipeline({
      unitOfWork,
      dispatcher,
      publisher,
      platformTenantId: PLATFORM_TENANT_ID,
      log: quiet,
      clock: { now: Date.now },
      metrics,
      awayLimitMs: 500,
      ...parts,
    })
  const world: World = {
    database,
    factories,
    redis,
    publisher,
    dispatcher,
    pipeline: newPipeline(),
    signals,
    temporalIsAway: false,
    createBay: () => createBay(factories),
    newPipeline,
    rows: async <R>(text: string, values: readonly unknown[] = []) => (await admin.query(text, [...values])).rows as R[],
    async events(tenantId) {
      const entries = await redis.xrange(`events:${tenantId}`, '-', '+')
      return entries.map(([, fields]) => JSON.parse(fields[1] ?? 'null') as FeedEvent)
    },
    async close() {
      await world.pipeline.idle()
      redis.disconnect()
      await admin.end()
      await database.close()
    },
  }
  return world
}

async function createBay(factories: Factories): Promise<Bay> {
  const { tenantId } = await factories.tenant()
  const { siteId } = await factories.site({ tenantId })
  const { spaceId } = await factories.space({ tenantId, siteId })
  const assignedAt = new Date(Date.now() - 24 * 3_600_000)
  const sensor = await factories.device({ tenantId, spaceId, assignedAt })
  const light = await factories.device({ tenantId, spaceId, assignedAt, kind: 'display' })
  const gateway = await factories.gateway({ tenantId })
  return { tenantId, siteId, spaceId, sensor, light, gateway }
}

const APPLICATION_ID = randomUUID()

export interface UplinkWanted {
  readonly devEui: string
  readonly fCnt: number
  /** Payload in hex; a TBMS100's *occupied* and *free* are below. */
  readonly hex?: string
  readonly fPort?: number | null
  readonly devAddr?: string
  readonly deduplicationId?: string
  readonly at?: number
  readonly gateways?: readonly { readonly gatewayId: string; readonly rssi: number; readonly snr: number }[]
  readonly applicationId?: string
}

/** Byte 0 bit 0 = occupied; battery 3.6 V, 73 % (LW-210). */
export const OCCUPIED = '01BB340400DC7801'
export const FREE = '00BB340400DC7801'

export function uplink(wanted: UplinkWanted): RawMessage {
  const {
    devEui,
    fCnt,
    hex = OCCUPIED,
    fPort = 102,
    devAddr = '00189440',
    at = Date.now(),
    gateways = [],
    applicationId = APPLICATION_ID,
  } = wanted
  return event('up', {
    devEui,
    applicationId,
    body: {
      deduplicationId: wanted.deduplicationId ?? randomUUID(),
      time: new Date(at).toISOString(),
      devAddr,
      fCnt,
      ...(fPort === null ? {} : { fPort }),
      data: Buffer.from(hex, 'hex').toString('base64'),
      rxInfo: gateways,
    },
  })
}

export interface EventWanted {
  readonly devEui: string
  readonly applicationId?: string
  readonly body: object
}

export function event(kind: string, { devEui, applicationId = APPLICATION_ID, body }: EventWanted): RawMessage {
  const payload = { ...body, deviceInfo: { applicationId, devEui, deviceName: 'x', deviceProfileName: 'Browan TBMS100' } }
  return {
    topic: `application/${applicationId}/device/${devEui}/event/${kind}`,
    payload: Buffer.from(JSON.stringify(payload)),
    receivedAt: Date.now(),
  }
}

/** The API of the product on a port of its own, over a database and Redis of the run, with tenants and people made by the test. */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { Redis } from 'ioredis'
import { createServer, type ApiServer, type ServerDeps } from '#api/server'
import { hashPassword } from '#api/routes/auth/passwords'
import { DomainError } from '#domain/shared/domain-error'
import type { OutboxRow } from '#domain/shared/outbox'
import { createClock } from '#runtime/clock'
import { createMetrics } from '#runtime/metrics'
import { readBuildVersion } from '#runtime/version'
import { createFactories, type Factories, type Role } from '#test/factories/factories'
import { signIn, type ApiClient } from './api-client'
import { testServices } from './services'
import { asAdmin } from './rows'
import { createTestDatabase, type TestDatabase } from './test-database'

export const PASSWORD = 'correct horse battery'
export const PLATFORM_TENANT_ID = '00000000-0000-0000-0000-000000000000'

export interface TestPerson {
  readonly userId: string
  readonly email: string
  readonly client: ApiClient
}

export interface TestApi {
  readonly url: string
  readonly api: ApiServer
  readonly database: TestDatabase
  readonly redis: Redis
  readonly make: Factories
  /** What commands left to be settled, in order. */
  readonly settled: readonly OutboxRow[]
  person(tenantId: string, role: Role): Promise<TestPerson>
  close(): Promise<void>
}

const silent = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined }
const ok = { status: 200, body: { status: 'healthy' } }

export async function startTestApi(changes: Partial<ServerDeps> = {}): Promise<TestApi> {
  const database = await createTestDatabase({ poolMax: 12 })
  const keyPrefix = `t:${randomUUID().slice(0, 8)}:`
  const redis = new Redis(testServices().redisUrl, { keyPrefix })
  const subscriber = new Redis(testServices().redisUrl)
  const settled: OutboxRow[] = []
  const { registry: _, ...metrics } = createMetrics({ role: 'api', version: readBuildVersion() })
  const api = createServer({
    settings: {
      jwtSecret: 'test secret of at least thirty-two bytes',
      encryptionKey: 'test key of at least thirty-two bytes, too',
      accessTokenTtlSeconds: 900,
      refreshTokenTtlDays: 30,
      platformTenantId: PLATFORM_TENANT_ID,
      publicUrl: 'http://localhost:8000',
      corsOrigins: ['https://console.example'],
      rateLimitEnabled: true,
    },
    unitOfWork: database.unitOfWork,
    redis,
    subscriber,
    dispatcher: { settle: async (row) => void settled.push(row), drain: async () => 0 },
    workflows: { cancelCommand: ({ commandId }) => cancelRow(database, commandId) },
    clock: createClock(0),
    log: silent,
    metrics,
    documents: {
      health: { live: () => ok, ready: () => ok, summary: () => ok },
      healthExtra: () => ({}),
      metricsText: () => metrics.text(),
      metricsToken: undefined,
      isProduction: false,
      problemPages: { find: () => null },
    },
    version: '6.0.0',
    isProduction: false,
    trustedProxies: [],
    ...changes,
  })
  const url = await listen(api)
  const make = createFactories(database.pool)
  const passwordHash = hashPassword(PASSWORD)
  return {
    url,
    api,
    database,
    redis,
    make,
    settled,
    async person(tenantId, role) {
      const { userId, email } = await make.user({ columns: { password_hash: await passwordHash } })
      await make.membership({ tenantId, userId, role })
      return { userId, email, client: await signIn(url, email, PASSWORD) }
    },
    async close() {
      api.close()
      await new Promise((resolve) => {
        api.server.close(resolve)
        api.server.closeAllConnections()
      })
      redis.disconnect()
      subscriber.disconnect()
      await database.close()
    },
  }
}

function listen({ server }: ApiServer): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)) // a TCP server's address
  })
}

/** As the delivery workflow would: only what is still queued. */
async function cancelRow({ adminUrl }: TestDatabase, commandId: string): Promise<{ commandId: string; status: 'superseded' }> {
  const text = `update downlink_queue set status = 'superseded', status_reason = 'cancelled', ended_at = now() where id = $1 and status = 'queued' returning id`
  const [row] = await asAdmin(adminUrl, text, [commandId])
  if (row === undefined) throw new DomainError('downlink.not_cancellable')
  return { commandId, status: 'superseded' }
}

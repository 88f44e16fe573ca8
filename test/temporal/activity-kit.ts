/** A bay with a light in a database of the test's own, and every activity over it; the network's edge alone is made up (H-71). */
import { randomUUID } from 'node:crypto'
import { createActivities } from '#activities/index'
import type { ActivityDeps } from '#activities/deps'
import { NO_METRICS } from '#activities/metrics'
import { createOutboxDispatcher } from '#db/outbox-dispatcher'
import type { NudgeReason } from '#domain/display/light'
import type { FeedEvent, OutboxMessage } from '#domain/shared/outbox'
import { createFactories } from '#test/factories/factories'
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import { createFakeNetworkServer, type FakeNetworkServer } from './fake-network-server'

export interface Told {
  readonly deviceId: string
  readonly version?: number
  readonly why?: NudgeReason
}

export interface ActivityKit {
  readonly database: TestDatabase
  readonly activities: ReturnType<typeof createActivities>
  readonly deps: ActivityDeps
  readonly networkServer: FakeNetworkServer
  readonly published: FeedEvent[]
  readonly signalled: OutboxMessage[]
  readonly told: Told[]
  /** A tenant with one bay, its light, and the light wanted as the policy says (unknown: yellow). */
  createLitBay(columns?: Readonly<Record<string, unknown>>): Promise<LitBay>
  close(): Promise<void>
}

export interface LitBay {
  readonly tenantId: string
  readonly siteId: string
  readonly spaceId: string
  readonly deviceId: string
  readonly devEui: string
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined }

export async function createActivityKit(): Promise<ActivityKit> {
  const database = await createTestDatabase()
  const { unitOfWork } = database
  const factories = createFactories(database.pool)
  const published: FeedEvent[] = []
  const signalled: OutboxMessage[] = []
  const told: Told[] = []
  const networkServer = createFakeNetworkServer()
  const publisher = { publish: async (events: readonly FeedEvent[]) => void published.push(...events) }
  const signal = async (message: OutboxMessage) => void signalled.push(message)
  const deps: ActivityDeps = {
    unitOfWork,
    publisher,
    dispatcher: createOutboxDispatcher({ unitOfWork, publisher, signal, log: quiet }),
    teller: { want: async (one) => void told.push(one), nudge: async (one) => void told.push(one) },
    networkServer,
    metrics: NO_METRICS,
    platformTenantId: randomUUID(),
    region: 'EU868',
    log: quiet,
    origin: () => ({ actor: { type: 'workflow', id: null }, requestId: null, workflowId: 'test', runId: 'test' }),
  }
  const activities = createActivities(deps)
  return {
    database,
    activities,
    deps,
    networkServer,
    published,
    signalled,
    told,
    async createLitBay(columns = {}) {
      const { tenantId } = await factories.tenant()
      const { siteId } = await factories.site({ tenantId })
      const { spaceId } = await factories.space({ tenantId, siteId })
      const { deviceId, devEui } = await factories.device({ tenantId, kind: 'display', spaceId, columns })
      await activities.core.projectSpace({ tenantId, spaceId, cause: 'system' })
      return { tenantId, siteId, spaceId, deviceId, devEui }
    },
    close: () => database.close(),
  }
}

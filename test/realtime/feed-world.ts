/** Feed servers on real Redis with people of our own making: what the api process wires, reduced to tables. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Redis } from 'ioredis'
import { createRealtime, type Realtime } from '#api/realtime/realtime'
import type { RealtimeDependencies, SocketIdentity } from '#api/realtime/dependencies'
import { createEventPublisher, eventStreamKey } from '#db/events'
import type { UserPrincipal } from '#domain/authorization/principal'
import type { FeedEvent } from '#domain/shared/outbox'
import { createMetrics, type Metrics } from '#runtime/metrics'
import { uuidV7 } from '#runtime/uuid'
import { readBuildVersion } from '#runtime/version'
import { testServices } from '#test/harness/services'
import { until } from '#test/harness/until'

export const ORIGIN = 'https://console.example.com'
const HOUR_MS = 3_600_000

export interface FeedServer {
  readonly url: string
  readonly realtime: Realtime
  readonly subscriber: Redis
  readonly http: Server
}

export interface FeedWorld {
  readonly redis: Redis
  readonly logged: unknown[]
  readonly offset: { ms: number }
  /** Channels of rows that each tenant may see. */
  readonly visible: Map<string, Set<string>>
  /** Tenants whose people have lost their standing. */
  readonly fallen: Set<string>
  /** Tenants whose standing cannot be looked at. */
  readonly unknown: Set<string>
  readonly forbiddenSubjects: Set<string>
  start(): Promise<FeedServer>
  /** A token that opens sockets of that person. */
  token(principal: UserPrincipal, rest?: Partial<SocketIdentity>): string
  /** As after a commit; answers the event's position. */
  publish(event: FeedEvent): Promise<string>
  /** Sockets that the servers closed for that reason. */
  dropped(reason: string): Promise<number>
  close(): Promise<void>
}

export function person(tenantId: string, rest: Partial<UserPrincipal> = {}): UserPrincipal {
  return {
    kind: 'user',
    tenantId,
    userId: uuidV7(),
    sessionId: uuidV7(),
    role: 'viewer',
    membershipRole: 'viewer',
    scope: 'tenant',
    switchId: null,
    ...rest,
  }
}

export function spaceUpdate(tenantId: string, sequence: number, channels: readonly string[] = ['spaces']): FeedEvent {
  return { eventId: uuidV7(), type: 'space:update', channels, tenantId, at: Date.now(), data: { sequence } }
}

export function createFeedWorld(): FeedWorld {
  const redis = new Redis(testServices().redisUrl)
  const publisher = createEventPublisher(redis)
  const tokens = new Map<string, SocketIdentity>()
  const servers: FeedServer[] = []
  const metrics = createMetrics({ role: 'api', version: readBuildVersion() })
  const tenants = new Set<string>()
  const world = {
    redis,
    logged: [],
    offset: { ms: 0 },
    visible: new Map(),
    fallen: new Set<string>(),
    unknown: new Set<string>(),
    forbiddenSubjects: new Set<string>(),
  }
  const deps = (subscriber: Redis) => dependenciesOf(world, { subscriber, tokens, metrics })
  return {
    ...world,
    start: async () => {
      const connectionName = `feed-${uuidV7()}`
      const subscriber = new Redis(testServices().redisUrl, { maxRetriesPerRequest: null, connectionName })
      const server = await startServer(deps(subscriber), subscriber)
      servers.push(server)
      await untilListening(redis, connectionName)
      return server
    },
    token: (principal, rest = {}) => {
      const token = uuidV7()
      tenants.add(principal.tenantId)
      tokens.set(token, { principal, expiresAt: Date.now() + HOUR_MS, maxSockets: 50, ...rest })
      return token
    },
    publish: async (event) => {
      tenants.add(event.tenantId)
      await publisher.publish([event])
      const [newest] = await redis.xrevrange(eventStreamKey(event.tenantId), '+', '-', 'COUNT', 1)
      return newest?.[0] ?? ''
    },
    dropped: async (reason) => {
      const { values } = await metrics.wsDropped.get()
      return values.find(({ labels }) => labels.reason === reason)?.value ?? 0
    },
    close: async () => {
      for (const server of servers) await stopServer(server)
      for (const tenantId of tenants) await redis.del(eventStreamKey(tenantId))
      await redis.quit()
    },
  }
}

type World = Pick<FeedWorld, 'redis' | 'logged' | 'offset' | 'visible' | 'fallen' | 'unknown' | 'forbiddenSubjects'>

interface Parts {
  readonly subscriber: Redis
  readonly tokens: Map<string, SocketIdentity>
  readonly metrics: Metrics
}

function dependenciesOf(world: World, { subscriber, tokens, metrics }: Parts): RealtimeDependencies {
  const note = (...args: unknown[]) => void world.logged.push(args)
  return {
    redis: world.redis,
    subscriber,
    authenticateToken: async (token) => tokens.get(token) ?? null,
    authenticateTicket: async (ticket) => {
      const identity = tokens.get(ticket) ?? null
      tokens.delete(ticket)
      return identity
    },
    isStanding: async (principal) => {
      if (world.unknown.has(principal.tenantId)) throw new Error('the database is away')
      return !world.fallen.has(principal.tenantId)
    },
    resolveChannel: async (principal, channel) =>
      world.visible.get(principal.tenantId)?.has(channel) ? { ok: true } : { code: 'resource.not_found' },
    can: (_principal, subject) => !world.forbiddenSubjects.has(subject),
    log: { info: note, warn: note, error: note, debug: note },
    metrics,
    allowedOrigins: [ORIGIN],
    clock: { now: () => Date.now() + world.offset.ms },
  }
}

async function startServer(deps: RealtimeDependencies, subscriber: Redis): Promise<FeedServer> {
  const http = createServer((_request, response) => response.writeHead(404).end())
  const realtime = createRealtime(deps)
  realtime.attach(http)
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  const { port } = http.address() as AddressInfo // listening on TCP, so never a pipe's name
  return { url: `ws://127.0.0.1:${port}/ws`, realtime, subscriber, http }
}

async function stopServer({ realtime, subscriber, http }: FeedServer): Promise<void> {
  await realtime.close()
  await subscriber.quit()
  await new Promise((done) => http.close(done))
}

/** Both channels are subscribed on the connection of that name, as Redis sees it. */
export async function untilListening(redis: Redis, connectionName: string): Promise<void> {
  const isListening = async () => {
    const clients = String(await redis.client('LIST')).split('\n')
    return clients.some((line) => line.includes(`name=${connectionName} `) && line.includes(' sub=2 '))
  }
  await until(isListening, { everyMs: 5, what: 'the subscription of the feed' })
}

/** The feed on real Redis with real clients: delivery over two processes, tenant filter, permission, resume. */
import type { Redis } from 'ioredis'
import { uuidV7 } from '#runtime/uuid'
import { FeedClient, refusal } from '#test/realtime/feed-client'
import { createFeedWorld, ORIGIN, person, spaceUpdate, untilListening, type FeedServer, type FeedWorld } from '#test/realtime/feed-world'

let world: FeedWorld
let one: FeedServer
let two: FeedServer

beforeAll(async () => {
  world = createFeedWorld()
  one = await world.start()
  two = await world.start()
})
afterAll(() => world.close())
afterEach(() => {
  world.offset.ms = 0
  world.forbiddenSubjects.clear()
})

const openingOf = (server: FeedServer, principal = person(uuidV7())) => `${server.url}?token=${world.token(principal)}`
const join = (server: FeedServer, tenantId: string, rest = {}) => FeedClient.connected(openingOf(server, person(tenantId, rest)))
const sequences = (client: FeedClient) => client.ofType('space:update').map((frame) => (frame['data'] as { sequence: number }).sequence)
const eventOf = (client: FeedClient, sequence: number) =>
  client.frame((frame) => frame.type === 'space:update' && (frame['data'] as { sequence: number }).sequence === sequence)

describe('opening', () => {
  it('API-860: another path is 404, a foreign origin 403, as problem+json', async () => {
    const elsewhere = await refusal(one.url.replace('/ws', '/socket'))
    expect(elsewhere).toMatchObject({ status: 404, contentType: 'application/problem+json', body: { code: 'request.route_not_found' } })
    for (const origin of ['https://evil.example.com', 'https://console.example.com.evil.org', 'null']) {
      expect(await refusal(openingOf(one), { headers: { origin } })).toMatchObject({ status: 403, body: { code: 'request.origin_denied' } })
    }
  })

  it('API-860: the own origin and none at all are let in', async () => {
    const client = await FeedClient.connected(openingOf(one), { headers: { origin: ORIGIN } })
    await client.close()
  })

  it.each(['', '?token=', '?token=forged', '?ticket=unknown', '?access_token=x', '?token=a&token=b'])(
    'API-861: %j is closed with 4401 and hears nothing else',
    async (query) => {
      const client = new FeedClient(`${one.url}${query}`)
      expect(await client.closed()).toBe(4401)
      expect(client.frames).toEqual([])
    },
  )

  it('API-218: a ticket opens one socket', async () => {
    const url = `${one.url}?ticket=${world.token(person(uuidV7()))}`
    const first = await FeedClient.connected(url)
    expect(await new FeedClient(url).closed()).toBe(4401)
    await first.close()
  })

  it('API-862: the first frame', async () => {
    const tenantId = uuidV7()
    const client = await join(one, tenantId)
    expect(client.frames).toEqual([
      {
        type: 'connected',
        message: 'WebSocket connection established',
        tenant_id: tenantId,
        scope: 'tenant',
        channels: [],
        cursor: expect.stringMatching(/^\d+-\d+$/),
        server_time: expect.any(String),
        timestamp: expect.any(String),
        heartbeat_seconds: 30,
      },
    ])
    await client.close()
  })

  it('API-896: no compression is offered', async () => {
    const client = await FeedClient.connected(openingOf(one), { perMessageDeflate: true })
    expect(client.socket.extensions).toBe('')
    await client.close()
  })
})

describe('delivery', () => {
  it('F-WS-08: one event reaches the sockets of its tenant on both processes, and nobody else; platform scope sees it too', async () => {
    const [a, b] = [uuidV7(), uuidV7()]
    const own = [await join(one, a), await join(two, a)]
    const foreign = await join(two, b)
    const platform = await join(one, uuidV7(), { scope: 'platform', role: 'platform_admin' })
    for (const client of [...own, foreign, platform]) await client.subscribe('spaces')
    await world.publish(spaceUpdate(a, 1))
    await world.publish(spaceUpdate(b, 2)) // positive control: the foreign socket does hear its own tenant, and only after
    for (const client of own) expect(await eventOf(client, 1)).toMatchObject({ channel: 'spaces', tenant_id: a, id: expect.any(String) })
    await eventOf(foreign, 2)
    await eventOf(platform, 2)
    expect([...own, foreign, platform].map(sequences)).toEqual([[1], [1], [2], [1, 2]])
    expect(platform.ofType('space:update').map((frame) => frame['tenant_id'])).toEqual([a, b])
    await Promise.all([...own, foreign, platform].map((client) => client.close()))
  })

  it('API-870: a site and a space are channels of their own, once their row is visible', async () => {
    const tenantId = uuidV7()
    const [site, space, foreignSite] = [`spaces:${uuidV7()}`, `space:${uuidV7()}`, `spaces:${uuidV7()}`]
    world.visible.set(tenantId, new Set([site, space]))
    const client = await join(one, tenantId)
    await client.subscribe(site)
    await client.subscribe(space)
    client.say({ type: 'subscribe', channel: foreignSite })
    expect(await client.frame(({ type }) => type === 'error')).toEqual({
      type: 'error',
      code: 'resource.not_found',
      channel: foreignSite,
      message: 'There is no such channel',
    })
    await world.publish(spaceUpdate(tenantId, 1, ['spaces', `spaces:${uuidV7()}`]))
    await world.publish(spaceUpdate(tenantId, 2, ['spaces', site, space]))
    expect(await eventOf(client, 2)).toMatchObject({ channel: site })
    expect(sequences(client)).toEqual([2])
    await client.close()
  })

  it('API-881: without permission there is no subscription, and the socket stays', async () => {
    world.forbiddenSubjects.add('Alert')
    const client = await join(one, uuidV7())
    client.say({ type: 'subscribe', channels: ['alerts', 'spaces'] })
    expect(await client.frame(({ type }) => type === 'error')).toMatchObject({ code: 'permission.role', channel: 'alerts' })
    await client.frame((frame) => frame.type === 'subscribed' && frame['channel'] === 'spaces')
    await client.close()
  })

  it('API-882: after unsubscribe nothing comes', async () => {
    const tenantId = uuidV7()
    const client = await join(one, tenantId)
    await client.subscribe('spaces')
    await client.subscribe('devices')
    client.say({ type: 'unsubscribe', channel: 'spaces' })
    await client.frame(({ type }) => type === 'unsubscribed')
    await world.publish(spaceUpdate(tenantId, 1))
    await world.publish({ ...spaceUpdate(tenantId, 2, ['devices']), type: 'device:status' })
    await client.frame(({ type }) => type === 'device:status')
    expect(sequences(client)).toEqual([])
    await client.close()
  })

  it('API-880, API-885: ping is answered, the rest is named, the socket stays', async () => {
    const client = await join(one, uuidV7())
    for (const text of ['nonsense', '[1]', '{"type":"shout"}']) client.say(text)
    client.say({ type: 'ping' })
    await client.frame(({ type }) => type === 'pong')
    expect(client.ofType('error').map(({ message }) => message)).toEqual([
      'Invalid JSON message',
      'Invalid JSON message',
      'Unknown message type: shout',
    ])
    await client.close()
  })
})

describe('resume', () => {
  it('API-883: what was missed comes in order, then resumed, then live', async () => {
    const tenantId = uuidV7()
    const first = await join(one, tenantId)
    const { cursor } = await first.subscribe('spaces')
    await world.publish(spaceUpdate(tenantId, 1))
    await eventOf(first, 1)
    await first.close()
    await world.publish({ ...spaceUpdate(tenantId, 0, ['devices']), type: 'device:status' })
    for (const sequence of [2, 3]) await world.publish(spaceUpdate(tenantId, sequence))
    const second = await join(two, tenantId)
    await second.subscribe('spaces')
    second.say({ type: 'resume', cursor })
    expect(await second.frame(({ type }) => type === 'resumed')).toMatchObject({ replayed: 3 })
    await world.publish(spaceUpdate(tenantId, 4))
    await eventOf(second, 4)
    expect(sequences(second)).toEqual([1, 2, 3, 4])
    await second.close()
  })

  it('API-883: a cursor in the address or beside the subscription resumes as well', async () => {
    const tenantId = uuidV7()
    const { frames } = await join(one, tenantId).then(async (client) => (await client.close(), client))
    const cursor = String(frames[0]!['cursor'])
    await world.publish(spaceUpdate(tenantId, 1))
    const byAddress = await FeedClient.connected(`${openingOf(one, person(tenantId))}&cursor=${cursor}`)
    await byAddress.subscribe('spaces')
    const bySubscription = await join(two, tenantId)
    bySubscription.say({ type: 'subscribe', channel: 'spaces', cursor })
    for (const client of [byAddress, bySubscription]) {
      expect(await client.frame(({ type }) => type === 'resumed')).toMatchObject({ replayed: 1 })
      expect(sequences(client)).toEqual([1])
      await client.close()
    }
  })

  it('API-883: an altered, foreign or trimmed cursor is answered resync', async () => {
    const [a, b] = [uuidV7(), uuidV7()]
    const foreign = await world.publish(spaceUpdate(b, 9))
    const trimmed = await world.publish(spaceUpdate(a, 1))
    await world.publish(spaceUpdate(a, 2))
    await world.redis.xtrim(`events:${a}`, 'MAXLEN', 1)
    const client = await join(one, a)
    await client.subscribe('spaces')
    for (const cursor of [foreign, trimmed, '1-1', "0'; flushall", '-']) client.say({ type: 'resume', cursor })
    await client.until(() => (client.ofType('resync').length === 5 ? true : undefined), 'five answers')
    expect(sequences(client)).toEqual([])
    await client.close()
  })

  it('API-883: a cursor older than ten minutes is answered resync, unless nothing has happened since', async () => {
    const tenantId = uuidV7()
    const old = await world.publish(spaceUpdate(tenantId, 1))
    const newest = await world.publish(spaceUpdate(tenantId, 2))
    world.offset.ms = 11 * 60_000
    const client = await join(one, tenantId)
    await client.subscribe('spaces')
    client.say({ type: 'resume', cursor: old })
    client.say({ type: 'resume', cursor: newest })
    expect(await client.frame(({ type }) => type === 'resync')).toEqual({ type: 'resync', reason: 'too_old' })
    expect(await client.frame(({ type }) => type === 'resumed')).toMatchObject({ cursor: newest, replayed: 0 })
    await client.close()
  })

  it('API-883: after more than 10 000 events the client refetches', async () => {
    const tenantId = uuidV7()
    const cursor = await world.publish(spaceUpdate(tenantId, 0))
    await fill(world.redis, tenantId, 10_001)
    const client = await join(one, tenantId)
    await client.subscribe('spaces')
    client.say({ type: 'resume', cursor })
    expect(await client.frame(({ type }) => type === 'resync')).toEqual({ type: 'resync', reason: 'too_many' })
    await client.close()
  })

  it('API-883: a long absence is replayed whole and in order', async () => {
    const tenantId = uuidV7()
    const cursor = await world.publish(spaceUpdate(tenantId, 0))
    await fill(world.redis, tenantId, 1200)
    const client = await join(one, tenantId)
    await client.subscribe('spaces')
    client.say({ type: 'resume', cursor })
    expect(await client.frame(({ type }) => type === 'resumed')).toMatchObject({ replayed: 1200 })
    expect(sequences(client)).toEqual(Array.from({ length: 1200 }, (_, index) => index + 1))
    await client.close()
  })

  it('Q-TRP-52: after a gap of the Redis connection every socket is told to refetch, and hears again', async () => {
    const tenantId = uuidV7()
    const client = await join(one, tenantId)
    await client.subscribe('spaces')
    one.subscriber.disconnect(true)
    await client.frame((frame) => frame.type === 'resync' && frame['reason'] === 'feed_interrupted')
    await client.frame((frame) => frame.type === 'resync' && frame['reason'] === 'feed_restored')
    await untilListening(world.redis, String(one.subscriber.options.connectionName))
    await world.publish(spaceUpdate(tenantId, 1))
    await eventOf(client, 1)
    await client.close()
  })

  it('D-14: who lost their standing during the gap is closed with 4401', async () => {
    const tenantId = uuidV7()
    const client = await join(one, tenantId)
    world.fallen.add(tenantId)
    one.subscriber.disconnect(true)
    expect(await client.closed()).toBe(4401)
  })

  it('D-14: whose standing cannot be looked at after a gap comes back and is authenticated anew', async () => {
    const tenantId = uuidV7()
    const client = await join(one, tenantId)
    world.unknown.add(tenantId)
    one.subscriber.disconnect(true)
    expect(await client.closed()).toBe(1013)
  })

  it('OPS-161: when Redis cannot tell what was missed, the client refetches and stays connected', async () => {
    const tenantId = uuidV7()
    const client = await join(one, tenantId)
    const { cursor } = await client.subscribe('spaces')
    await world.redis.set(`events:${tenantId}`, 'no stream any more')
    client.say({ type: 'resume', cursor })
    expect(await client.frame(({ type }) => type === 'resync')).toEqual({ type: 'resync', reason: 'feed_interrupted' })
    client.say({ type: 'ping' })
    await client.frame(({ type }) => type === 'pong')
    await world.redis.del(`events:${tenantId}`)
    await client.close()
  })
})

/** Events 1 to `count` in the stream alone, as another process would have left them. */
async function fill(redis: Redis, tenantId: string, count: number): Promise<void> {
  const pipeline = redis.pipeline()
  for (let sequence = 1; sequence <= count; sequence += 1)
    pipeline.xadd(`events:${tenantId}`, '*', 'event', JSON.stringify(spaceUpdate(tenantId, sequence)))
  await pipeline.exec()
}

/** The limits of the feed and every way a socket ends, with real clients on real Redis. */
import { uuidV7 } from '#runtime/uuid'
import { until } from '#test/harness/until'
import { FeedClient } from '#test/realtime/feed-client'
import { createFeedWorld, person, spaceUpdate, type FeedServer, type FeedWorld } from '#test/realtime/feed-world'

jest.setTimeout(30_000)

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
})

const openingOf = (server: FeedServer, principal = person(uuidV7()), rest = {}) => `${server.url}?token=${world.token(principal, rest)}`
const join = (server: FeedServer, principal = person(uuidV7()), rest = {}) => FeedClient.connected(openingOf(server, principal, rest))
const revoke = (kind: string, id: string) => world.redis.publish('auth:revoked', JSON.stringify({ kind, id }))

describe('what a client may send', () => {
  it.each([
    ['more than 64 KiB', 1009, (client: FeedClient) => client.say('x'.repeat(64 * 1024 + 1))],
    ['binary', 1003, (client: FeedClient) => client.socket.send(Buffer.from([1, 2, 3]))],
    ['invalid UTF-8', 1007, (client: FeedClient) => client.socket.send(Buffer.from([0xff, 0xfe]), { binary: false })],
  ])('API-890: %s closes with %d', async (_what, code, send) => {
    const client = await join(one)
    send(client)
    expect(await client.closed()).toBe(code)
  })

  it('API-890: exactly 64 KiB is read', async () => {
    const client = await join(one)
    client.say('x'.repeat(64 * 1024))
    await client.frame(({ type }) => type === 'error')
    await client.close()
  })

  it('API-891: 40 messages at once are answered, a flood closes with 4429', async () => {
    const client = await join(one)
    for (let i = 0; i < 40; i += 1) client.say({ type: 'ping' })
    await client.until(() => (client.ofType('pong').length === 40 ? true : undefined), '40 pongs')
    for (let i = 0; i < 60; i += 1) client.say({ type: 'ping' })
    expect(await client.closed()).toBe(4429)
  })

  it('Q-HOS-16: a flood of protocol pings closes as well', async () => {
    const client = await join(one)
    for (let i = 0; i < 200; i += 1) client.socket.ping('x'.repeat(125))
    expect(await client.closed()).toBe(4429)
  })

  it('Q-HOS-16: a message in thousands of fragments closes', async () => {
    const client = await join(one)
    for (let i = 0; i < 5000; i += 1) client.socket.send('x', { fin: false })
    expect([1008, 1006]).toContain(await client.closed())
  })

  it('API-892: of 101 subscriptions the last is refused and the socket stays', async () => {
    const principal = person(uuidV7())
    const channels = Array.from({ length: 101 }, () => `space:${uuidV7()}`)
    world.visible.set(principal.tenantId, new Set(channels))
    const client = await join(one, principal)
    client.say({ type: 'subscribe', channels })
    expect(await client.frame(({ type }) => type === 'error')).toMatchObject({ code: 'limit.exceeded', channel: channels[100] })
    expect(client.ofType('subscribed')).toHaveLength(100)
    await client.close()
  })

  it('Q-HOS-16, API-891: made-up channels end with 4429, more than 200 in one message are not even looked at', async () => {
    const client = await join(one)
    const madeUp = (length: number) => ({ type: 'subscribe', channels: Array.from({ length }, () => `space:${uuidV7()}`) })
    client.say(madeUp(1400))
    expect(await client.frame(({ type }) => type === 'error')).toEqual({ type: 'error', message: 'Too many channels in one message' })
    client.say(madeUp(200))
    expect(await client.closed()).toBe(4429)
    expect(client.ofType('error')).toHaveLength(101)
  })
})

describe('how many', () => {
  it('API-893: the 21st socket of a person is refused, over all processes, and a place freed is a place', async () => {
    const principal = person(uuidV7())
    const clients: FeedClient[] = []
    for (let i = 0; i < 20; i += 1) clients.push(await join(i % 2 === 0 ? one : two, principal))
    const refused = new FeedClient(openingOf(two, principal))
    expect(await refused.closed()).toBe(4429)
    expect(refused.frames).toEqual([])
    await clients[0]!.close()
    await until(async () => (await openOnce(two, principal)) === 'connected', { what: 'a freed place' })
    await Promise.all(clients.slice(1).map((client) => client.close()))
  })

  it('API-893: max_sockets binds the tenant, other tenants do not notice', async () => {
    const tenantId = uuidV7()
    const clients = [await join(one, person(tenantId), { maxSockets: 2 }), await join(two, person(tenantId), { maxSockets: 2 })]
    expect(await new FeedClient(openingOf(one, person(tenantId), { maxSockets: 2 })).closed()).toBe(4429)
    clients.push(await join(one))
    await Promise.all(clients.map((client) => client.close()))
  })
})

describe('how it ends', () => {
  it('D-14: a person who fell while the revocation was lost is out all the same, once for all sockets; others stay', async () => {
    const principal = person(uuidV7())
    const clients = [await join(one, principal), await join(one, principal), await join(two, principal)]
    const unknown = person(uuidV7())
    const others = [await join(one, unknown), await join(two)]
    world.unknown.add(unknown.tenantId) // what cannot be looked at is kept until it can
    world.fallen.add(principal.tenantId)
    await until(() => clients.every(({ closedWith }) => closedWith === 4401), { what: 'the look at every standing' })
    expect(others.map(({ closedWith }) => closedWith)).toEqual([null, null])
    await Promise.all(others.map((client) => client.close()))
  })

  it.each(['session', 'user', 'tenant'] as const)(
    'API-896: %s revoked closes within a second on every process, others stay',
    async (kind) => {
      const principal = person(uuidV7())
      const id = { session: principal.sessionId, user: principal.userId, tenant: principal.tenantId }[kind]
      const clients = [await join(one, principal), await join(two, principal)]
      const other = await join(one)
      const started = Date.now()
      await revoke(kind, id)
      expect(await Promise.all(clients.map((client) => client.closed()))).toEqual(kind === 'tenant' ? [4403, 4403] : [4401, 4401])
      expect(Date.now() - started).toBeLessThan(1000)
      expect(other.closedWith).toBeNull()
      await other.close()
    },
  )

  it('API-884: warned before the credential ends, closed with 4401 at its end', async () => {
    const client = await join(one, person(uuidV7()), { expiresAt: Date.now() + 2500 })
    await client.frame(({ type }) => type === 'auth_expiring')
    expect(await client.closed()).toBe(4401)
  })

  it('API-884: a fresh token of the same person keeps it open', async () => {
    const principal = person(uuidV7())
    const client = await join(one, principal, { expiresAt: Date.now() + 2000 })
    const expiresAt = Date.now() + 3_600_000
    client.say({ type: 'auth', token: world.token(principal, { expiresAt }) })
    expect(await client.frame(({ type }) => type === 'authenticated')).toEqual({
      type: 'authenticated',
      expires_at: new Date(expiresAt).toISOString(),
    })
    world.offset.ms = 30_000
    client.say({ type: 'ping' })
    await client.frame(({ type }) => type === 'pong')
    await client.close()
  })

  it('API-884: a token of another person or tenant closes with 4403, a forged one is refused', async () => {
    const principal = person(uuidV7())
    for (const other of [person(principal.tenantId), person(uuidV7(), { userId: principal.userId })]) {
      const client = await join(one, principal)
      client.say({ type: 'auth', token: 'forged' })
      expect(await client.frame(({ type }) => type === 'error')).toMatchObject({ code: 'auth.invalid_token' })
      client.say({ type: 'auth', token: world.token(other) })
      expect(await client.closed()).toBe(4403)
    }
  })

  it('API-894: no pong for a minute closes with 4408', async () => {
    const client = await join(one)
    world.offset.ms = 61_000
    expect(await client.closed()).toBe(4408)
  })

  it('API-896: a stopping process closes with 1001', async () => {
    const stopping = await world.start()
    const client = await join(stopping)
    await stopping.realtime.close()
    expect(await client.closed()).toBe(1001)
  })
})

describe('a reader that does not read', () => {
  it('API-895: what it asked to be replayed waits ten seconds for it, then it is closed with 4413', async () => {
    const principal = person(uuidV7())
    const client = await join(one, principal)
    const cursor = client.frames[0]?.['cursor']
    const padding = 'x'.repeat(60_000)
    for (let sequence = 1; sequence <= 250; sequence += 1) {
      const event = spaceUpdate(principal.tenantId, sequence)
      await world.publish({ ...event, data: { ...event.data, padding } })
    }
    client.socket.pause()
    client.say({ type: 'subscribe', channel: 'spaces', cursor })
    await untilSlowIsClosed()
    client.socket.resume()
    expect(await client.closed()).toBe(4413)
  })

  it('API-895: is closed with 4413 after ten seconds and resumes; others are not delayed', async () => {
    const principal = person(uuidV7())
    const [slow, fast] = [await join(one, principal), await join(one, principal)]
    const { cursor } = await slow.subscribe('spaces')
    await fast.subscribe('spaces')
    slow.socket.pause()
    const delays: number[] = []
    const padding = 'x'.repeat(60_000)
    for (let sequence = 1; sequence <= 150; sequence += 1) {
      const sentAt = Date.now()
      const event = spaceUpdate(principal.tenantId, sequence)
      await world.publish({ ...event, data: { ...event.data, padding } })
      await fast.until(() => fast.ofType('space:update')[sequence - 1], `event ${sequence}`)
      delays.push(Date.now() - sentAt)
    }
    await untilSlowIsClosed()
    slow.socket.resume()
    expect(await slow.closed()).toBe(4413)
    expect(fast.closedWith).toBeNull()
    expect(delays.toSorted((a, b) => a - b)[Math.floor(delays.length * 0.95)]).toBeLessThan(250)

    const back = await join(two, principal)
    await back.subscribe('spaces')
    back.say({ type: 'resume', cursor })
    expect(await back.frame(({ type }) => type === 'resumed')).toMatchObject({ replayed: 150 })
    await Promise.all([fast.close(), back.close()])
  })
})

it('API-860: neither tickets nor tokens are logged', async () => {
  const principal = person(uuidV7())
  const token = world.token(principal)
  await (await FeedClient.connected(`${one.url}?token=${token}`)).close()
  await new FeedClient(`${one.url}?ticket=secret-ticket`).closed()
  expect(JSON.stringify(world.logged)).not.toContain(token)
  expect(JSON.stringify(world.logged)).not.toContain('secret-ticket')
})

/** The servers' clock runs ten times as fast meanwhile. */
async function untilSlowIsClosed(): Promise<void> {
  const closedBefore = await world.dropped('slow')
  const stalledAt = Date.now()
  const isClosed = async () => {
    world.offset.ms = 9 * (Date.now() - stalledAt)
    return (await world.dropped('slow')) > closedBefore
  }
  await until(isClosed, { what: 'the close of the slow reader' })
}

async function openOnce(server: FeedServer, principal: ReturnType<typeof person>): Promise<string> {
  const client = new FeedClient(openingOf(server, principal))
  return client.until(() => (client.frames.length > 0 ? 'connected' : client.closedWith === null ? undefined : 'refused'), 'an answer')
}

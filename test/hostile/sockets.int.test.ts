/** Hostile openings and subscriptions on the real authentication (Q-HOS-16, Q-HOS-07). Floods and frames: `api/realtime/limits.int.test.ts`. */
import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { createRealtime, type Realtime } from '#api/realtime/realtime'
import { createMetrics } from '#runtime/metrics'
import { readBuildVersion } from '#runtime/version'
import { testServices } from '#test/harness/services'
import { FeedClient, refusal } from '#test/realtime/feed-client'
import { signIn } from './credentials'
import { endConnections, send } from './http'
import { createHostileWorld, ORIGIN, type HostileWorld } from './world'

jest.setTimeout(60_000)

let world: HostileWorld
let realtime: Realtime
let redis: Redis
let subscriber: Redis
const logged: unknown[] = []

beforeAll(async () => {
  world = await createHostileWorld()
  redis = new Redis(testServices().redisUrl)
  subscriber = new Redis(testServices().redisUrl, { maxRetriesPerRequest: null })
  const note = (...line: unknown[]) => void logged.push(line)
  realtime = createRealtime({
    ...world.api.api.sockets,
    redis,
    subscriber,
    log: { info: note, warn: note, error: note, debug: note },
    metrics: createMetrics({ role: 'api', version: readBuildVersion() }),
    allowedOrigins: [ORIGIN],
    clock: { now: () => Date.now() },
  })
  realtime.attach(world.api.api.server)
})
afterAll(async () => {
  endConnections()
  await realtime.close()
  await redis.del(`events:${world.own.tenantId}`, `events:${world.foreign.tenantId}`)
  await Promise.all([redis.quit(), subscriber.quit()])
  await world.close()
})

const opening = (query: string) => `ws://127.0.0.1:${world.port}/ws${query}`
const newcomer = async () => signIn(world.port, (await world.api.person(world.own.tenantId, 'viewer')).email)
const authorized = (token: string) => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' })

async function ticketOf(token: string): Promise<string> {
  const { json } = await send(world.port, { method: 'POST', target: '/api/auth/ws-ticket', headers: authorized(token), body: '{}' })
  return String(json?.['ticket'])
}

async function expectSignIn(query: string): Promise<void> {
  const client = new FeedClient(opening(query))
  expect(await client.closed()).toBe(4401)
  expect(client.frames).toEqual([])
}

describe('Q-HOS-16: openings', () => {
  test('positive control: a ticket opens a socket of its holder', async () => {
    const client = await FeedClient.connected(opening(`?ticket=${await ticketOf((await newcomer()).accessToken)}`))
    expect(client.frames[0]).toMatchObject({ tenant_id: world.own.tenantId, scope: 'tenant' })
    await client.close()
  })

  test('every forged token, a refresh token and nothing at all: 4401 and no other frame', async () => {
    await expectSignIn('')
    for (const { token } of world.forgeries) await expectSignIn(`?token=${encodeURIComponent(token)}`)
    await expectSignIn(`?token=${(await newcomer()).refreshToken}`)
  })

  test('a ticket twice, and one that has lapsed', async () => {
    const ticket = await ticketOf((await newcomer()).accessToken)
    const first = await FeedClient.connected(opening(`?ticket=${ticket}`))
    await expectSignIn(`?ticket=${ticket}`)
    await first.close()
    const lapsed = await ticketOf((await newcomer()).accessToken)
    expect(await world.api.redis.pexpire(`ws:ticket:${lapsed}`, 0)).toBe(1)
    await expectSignIn(`?ticket=${lapsed}`)
  })

  test('a ticket of a session that has ended since', async () => {
    const { accessToken } = await newcomer()
    const ticket = await ticketOf(accessToken)
    await send(world.port, { method: 'POST', target: '/api/auth/logout', headers: authorized(accessToken), body: '{}' })
    await expectSignIn(`?ticket=${ticket}`)
  })

  test('a foreign origin: 403 to the upgrade, and the ticket is still good', async () => {
    const ticket = await ticketOf((await newcomer()).accessToken)
    for (const origin of ['https://evil.example.com', `${ORIGIN}.evil.org`, 'null']) {
      expect(await refusal(opening(`?ticket=${ticket}`), { headers: { origin } })).toMatchObject({ status: 403 })
    }
    await (await FeedClient.connected(opening(`?ticket=${ticket}`), { headers: { origin: ORIGIN } })).close()
  })
})

test("Q-HOS-16: another tenant's site and space are as unknown as random ones", async () => {
  const client = await FeedClient.connected(opening(`?token=${world.tokens.owner}`))
  const answerTo = async (channel: string) => {
    client.say({ type: 'subscribe', channel })
    const { channel: _channel, ...answer } = await client.frame((frame) => frame['channel'] === channel)
    return answer
  }
  expect(await answerTo(`spaces:${world.own.ids['sites']}`)).toMatchObject({ type: 'subscribed' })
  const unknown = await answerTo(`spaces:${randomUUID()}`)
  expect(unknown).toMatchObject({ type: 'error', code: 'resource.not_found' })
  for (const channel of [`spaces:${world.foreign.ids['sites']}`, `space:${world.foreign.ids['spaces']}`])
    expect(await answerTo(channel)).toEqual(unknown)
  await client.close()
})

test('Q-HOS-07: logout closes the open socket within a second', async () => {
  const { accessToken } = await newcomer()
  const client = await FeedClient.connected(opening(`?token=${accessToken}`))
  const started = Date.now()
  await send(world.port, { method: 'POST', target: '/api/auth/logout', headers: authorized(accessToken), body: '{}' })
  expect(await client.closed()).toBe(4401)
  expect(Date.now() - started).toBeLessThan(1000)
})

test('Q-HOS-16: no token and no ticket is in any log line', () => {
  const text = JSON.stringify(logged)
  for (const { token } of world.forgeries) expect(text).not.toContain(token)
  expect(text).not.toContain('wst_')
})

/** Redis away: budgets are open, standings go by time, only what needs it answers 503 (API-058, Q-FLT: Redis away). */
import { Redis } from 'ioredis'
import { startTestApi, type TestApi } from '#test/harness/test-api'
import { until } from '#test/harness/until'

let api: TestApi
const away: Redis[] = []

/** A client of a port where nobody listens. */
function nobody(): Redis {
  const client = new Redis({
    host: '127.0.0.1',
    port: 1,
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    retryStrategy: () => null,
  })
  client.on('error', () => undefined) // expected: that is what the test is about
  away.push(client)
  return client
}

beforeAll(async () => {
  api = await startTestApi({ redis: nobody(), subscriber: nobody() })
})
afterAll(async () => {
  away.forEach((client) => client.disconnect())
  await api.close()
})

test('API-058: sign-in, reads, commands and logout work; a ticket is 503 with the dependency named', async () => {
  const { tenantId } = await api.make.tenant()
  const { siteId } = await api.make.site({ tenantId })
  const { spaceId } = await api.make.space({ tenantId, siteId })
  const { client } = await api.person(tenantId, 'operator')
  const list = await client.get('/api/v6/spaces')
  expect([list.status, list.headers.get('x-ratelimit-limit')]).toEqual([200, null])
  expect((await client.send(`PUT /api/v6/spaces/${spaceId}/state`, { state: 'occupied' })).body).toMatchObject({
    current_state: 'occupied',
  })
  expect((await client.send('POST /api/auth/ws-ticket')).body).toMatchObject({
    status: 503,
    code: 'server.unavailable',
    dependency: 'redis',
  })
  expect((await client.send('POST /api/auth/logout', {})).status).toBe(200)
  await until(async () => (await client.get('/api/auth/me')).status === 401, { timeoutMs: 1_000 })
})

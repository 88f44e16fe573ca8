import { createHealth } from './health'

const version = { version: '6.0.0', buildNumber: '1', commit: 'x', builtAt: null }
const away = () => Promise.reject(new Error('away'))
const ok = () => Promise.resolve()

async function healthWith(checks: Record<string, () => Promise<unknown>>, draining = false, clock = { now: 0 }) {
  const health = createHealth({ version, checks, needed: ['database'], isDraining: () => draining, now: () => clock.now })
  await health.start()
  health.stop()
  return health
}

describe('health', () => {
  test('OPS-151: a needed dependency away is 503 with Retry-After', async () => {
    const answer = (await healthWith({ database: away, redis: ok })).ready()
    expect(answer).toMatchObject({
      status: 503,
      retryAfterSeconds: 5,
      body: { status: 'not_ready', checks: { database: 'degraded', redis: 'ok' } },
    })
  })

  test('OPS-151: an optional dependency away is degraded and still ready', async () => {
    const health = await healthWith({ database: ok, redis: away })
    expect(health.ready()).toMatchObject({ status: 200, body: { status: 'ready', checks: { redis: 'degraded' } } })
    expect(health.summary({})).toMatchObject({ status: 200, body: { status: 'degraded' } })
  })

  test('API-833: draining is not ready at once', async () => {
    expect((await healthWith({ database: ok }, true)).ready().status).toBe(503)
  })

  test('OPS-152: without the database it is unhealthy and 503', async () => {
    expect((await healthWith({ database: away })).summary({})).toMatchObject({ status: 503, body: { status: 'unhealthy' } })
  })

  test('OPS-150: alive whatever is down, 503 only when the loop is stuck', async () => {
    const clock = { now: 0 }
    const health = await healthWith({ database: away }, false, clock)
    expect(health.live().status).toBe(200)
    clock.now = 60_000
    expect(health.live().status).toBe(503)
  })
})

/** Backing services restarted, emptied, hung and away (Q-FLT-05, Q-FLT-10, Q-FLT-11, Q-FLT-14). */
import Redis from 'ioredis'
import { until } from '../../harness/until'
import { underLoad } from '../load'
import type { FaultWorld } from '../world'
import { readBay } from './bay'

const PROGRAMS = ['api', 'listener', 'worker'] as const
const READ = '/api/v6/spaces?page_size=5'
const BACK_MS = 30_000

/** Reads until it is answered well again; every answer on the way is an honest one. */
async function readUntilWell({ api }: FaultWorld): Promise<void> {
  await until(
    async () => {
      const answer = await api.read(READ)
      if (answer === null) return false
      if (answer.status !== 200) {
        expect(answer.status).toBe(503)
        expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
      }
      return answer.status === 200
    },
    { timeoutMs: BACK_MS, what: 'a good answer' },
  )
}

/** Q-FLT-05: `SIGINT` is PostgreSQL's fast stop, `SIGQUIT` its immediate one. */
export async function databaseRestarts(world: FaultWorld, signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  const { processes } = world
  const pids = () => PROGRAMS.map((name) => processes.pid(name))
  const before = pids()
  await underLoad(world, world.fleet.crowd, async () => {
    const former = processes.pid('postgres')
    await processes.end('postgres', signal)
    const unavailable = await until(() => world.api.read(READ), { what: 'an answer without a database' })
    if (unavailable.status !== 200)
      expect(unavailable).toMatchObject({ status: 503, body: { code: expect.stringMatching(/^server\.(unavailable|busy)$/) as string } })
    await processes.back('postgres', former)
    await readUntilWell(world)
  })
  expect(pids()).toEqual(before)
}

/** Q-FLT-10: nothing of what Redis held is needed to answer. */
export async function redisEmptied(world: FaultWorld): Promise<void> {
  await withRedis(world, async (redis) => {
    await underLoad(world, world.fleet.crowd, async () => {
      await redis.flushall()
      await readWell(world)
    })
  })
}

/** Q-FLT-10. */
export async function redisRestarts(world: FaultWorld): Promise<void> {
  await underLoad(world, world.fleet.crowd, async () => {
    const former = world.processes.pid('redis')
    await world.processes.end('redis', 'SIGTERM')
    await readWell(world)
    await world.processes.back('redis', former)
    await readWell(world)
  })
}

const HANG_MS = 4_000
const QUICK_MS = 2_000
const ATTEMPTS_BELIEVED = 5

/** Q-FLT-10: commands to a hanging Redis time out, limits fail open, and the login throttle, which is in PostgreSQL, holds. */
export async function redisHangs(world: FaultWorld): Promise<void> {
  await withRedis(world, async (redis) => {
    await redis.call('CLIENT', 'PAUSE', String(HANG_MS), 'ALL')
    const begun = Date.now()
    await readWell(world)
    expect(Date.now() - begun).toBeLessThan(QUICK_MS)
    const statuses: number[] = []
    for (let attempt = 0; attempt <= ATTEMPTS_BELIEVED; attempt++) statuses.push(await failLogin(world))
    expect(statuses).toEqual([...Array<number>(ATTEMPTS_BELIEVED).fill(401), 429])
  })
}

async function failLogin({ stack }: FaultWorld): Promise<number> {
  const body = JSON.stringify({ email: 'viewer@blue.test', password: 'not-the-password-1' })
  return (await fetch(`${stack.url}/api/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status
}

async function readWell({ api }: FaultWorld): Promise<void> {
  expect(await api.read(READ)).toMatchObject({ status: 200 })
}

async function withRedis(world: FaultWorld, act: (redis: Redis) => Promise<void>): Promise<void> {
  const redis = new Redis(world.stack.service('redis'))
  try {
    await act(redis)
  } finally {
    redis.disconnect()
  }
}

/** Q-FLT-11: what the broker acknowledged before it stopped is delivered after. */
export async function brokerRestarts(world: FaultWorld): Promise<void> {
  await underLoad(world, world.fleet.crowd, async () => {
    const former = world.processes.pid('mosquitto')
    await world.processes.end('mosquitto', 'SIGTERM')
    await world.processes.back('mosquitto', former)
  })
}

const AWAY_MS = 20_000
const LIVE_MS = 3_000

/** Q-FLT-14: bays and answers know nothing of it; what waits for Temporal is told when it is back. */
export async function temporalAway(world: FaultWorld): Promise<void> {
  const { fleet, processes, publisher } = world
  const [bay] = fleet.takeLit(1)
  if (bay === undefined) return
  await underLoad(world, fleet.crowd, async () => {
    const away = processes.keepDown('temporal', AWAY_MS)
    await until(() => processes.isAway('temporal'), { what: 'Temporal away' })
    await publisher.uplink(bay.flip())
    await until(async () => (await readBay(world, bay))?.state === 'occupied', { timeoutMs: LIVE_MS, what: 'the bay without Temporal' })
    await readWell(world)
    await away
  })
}

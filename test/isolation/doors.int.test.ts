/** What a unit of work lets through and leaves behind (Q-RLS-03, 04, 09, 10, 12, 16, Q-MUT-01). */
import { Client, type Pool, type PoolClient } from 'pg'
import type { UserPrincipal } from '#domain/authorization/principal'
import { createUnitOfWork } from '#db/unit-of-work'
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import { readTables } from './catalogue'
import { leftBehind, ownRowsOnly, targetOf } from './doors'
import { openSession } from './session'
import { plantWorld, type World } from './world'

let database: TestDatabase
let world: World
beforeAll(async () => {
  database = await createTestDatabase({ poolMax: 2 })
  const session = await openSession(database)
  world = await plantWorld(database, await readTables(session))
  await session.close()
})
afterAll(() => database.close())

const platformAdmin = (): UserPrincipal => ({
  kind: 'user',
  tenantId: '00000000-0000-0000-0000-000000000000',
  userId: world.a.ids.user,
  sessionId: world.a.ids.user,
  role: 'platform_admin',
  membershipRole: 'owner',
  scope: 'platform',
  switchId: null,
})

test('Q-RLS-04: nothing of a unit of work stays on its connection, also after a failure', async () => {
  const { unitOfWork, pool } = database
  const fail = () => Promise.reject(new Error('planned'))
  const scope = { tenantId: world.a.ids.tenant, userId: world.a.ids.user }
  for (const unit of [
    () => unitOfWork.withTenant(scope, () => Promise.resolve()),
    () => unitOfWork.withTenant(scope, fail),
    () => unitOfWork.withPlatform(platformAdmin(), () => Promise.resolve()),
    () => unitOfWork.withPlatform(platformAdmin(), fail),
    () => unitOfWork.withIngest(() => Promise.resolve()),
    () => unitOfWork.withIngest(fail),
    () => unitOfWork.withLookups(() => Promise.resolve()),
  ]) {
    await unit().catch((error: Error) => expect(error.message).toBe('planned'))
    expect([await leftBehind(pool), await leftBehind(pool)]).toEqual([null, null])
  }
})

test('Q-RLS-09: the door to the platform is closed to anybody but a verified platform principal', async () => {
  for (const change of [{ scope: 'tenant' as const }, { role: 'owner' as const }]) {
    await expect(database.unitOfWork.withPlatform({ ...platformAdmin(), ...change }, () => Promise.resolve('in'))).rejects.toMatchObject({
      code: 'permission.role',
    })
  }
  expect(await database.unitOfWork.withPlatform(platformAdmin(), () => Promise.resolve('in'))).toBe('in')
})

test('Q-RLS-10: a platform principal after the switch to A has exactly the rows of A', async () => {
  const switched = { ...platformAdmin(), tenantId: world.a.ids.tenant, scope: 'tenant' as const, switchId: world.a.ids.user }
  const found = await database.unitOfWork.withTenant(switched, async ({ outbox }) => [
    await outbox.find(targetOf(world.a)),
    await outbox.find(targetOf(world.b)),
  ])
  expect(found.map((row) => row !== null)).toEqual([true, false])
  await expect(database.unitOfWork.withPlatform(switched, () => Promise.resolve('in'))).rejects.toMatchObject({ code: 'permission.role' })
})

test('Q-RLS-12: one prepared statement under two tenants and two roles on one connection gives the right rows each time', async () => {
  const client = new Client({ connectionString: database.appUrl })
  await client.connect()
  const sites = { name: 'sites', text: 'select id from sites order by id' }
  const both = [world.a.ids.site, world.b.ids.site].sort()
  const seen: unknown[] = []
  const steps = [
    { tenant: world.a.ids.tenant, role: null, expected: [world.a.ids.site] },
    { tenant: world.b.ids.tenant, role: null, expected: [world.b.ids.site] },
    { tenant: world.a.ids.tenant, role: 'parking_platform', expected: both },
    { tenant: '', role: null, expected: [] },
  ]
  const rounds = Array.from({ length: 10 }, () => steps).flat()
  for (const { tenant, role } of rounds) {
    await client.query('begin')
    await client.query(`select set_config('app.tenant_id', $1, true)`, [tenant])
    if (role !== null) await client.query(`set local role ${role}`)
    seen.push((await client.query<{ id: string }>(sites)).rows.map(({ id }) => id))
    await client.query('commit')
  }
  await client.end()
  expect(seen).toEqual(rounds.map(({ expected }) => expected))
})

test('Q-RLS-16: two tenants interleaved 10,000 times on a pool of two: no row crosses', async () => {
  const wrong: string[] = []
  let left = 10_000
  const work = async () => {
    while (left-- > 0) {
      const [mine, other] = left % 2 === 0 ? [world.a, world.b] : [world.b, world.a]
      const target = left % 3 === 0 ? targetOf(other) : targetOf(mine)
      const row = await database.unitOfWork.withTenant({ tenantId: mine.ids.tenant }, ({ outbox }) => outbox.find(target))
      if ((row !== null) !== (target === targetOf(mine))) wrong.push(target)
    }
  }
  await Promise.all([work(), work(), work(), work()])
  expect(wrong).toEqual([])
}, 60_000)

/** The pool with each statement rewritten: a `withTenant` that is broken in a known way. */
function rewriting(pool: Pool, rewrite: (text: string) => string): Pool {
  const rewritten = (client: PoolClient) =>
    new Proxy(client, {
      get(target, member) {
        const value: unknown = Reflect.get(target, member)
        if (member !== 'query') return typeof value === 'function' ? value.bind(target) : value
        return (query: string | { name?: string; text: string; values?: unknown[] }) =>
          typeof query === 'string' ? target.query(rewrite(query)) : target.query({ text: rewrite(query.text), values: query.values ?? [] })
      },
    })
  return { connect: async () => rewritten(await pool.connect()) } as unknown as Pool // a unit of work asks a pool for nothing else
}

test('Q-MUT-01: a withTenant that does nothing, or enters for the whole session, is noticed', async () => {
  const own = (pool: Pool) => ownRowsOnly(createUnitOfWork(pool), world)
  expect(await own(rewriting(database.pool, (text) => text))).toBeNull()
  expect(await own(rewriting(database.pool, (text) => text.replace(/^select set_config.*$/, `select $1::text, $2::text`)))).not.toBeNull()
  const lasting = createUnitOfWork(rewriting(database.pool, (text) => text.replaceAll(', true)', ', false)')))
  await lasting.withTenant({ tenantId: world.a.ids.tenant }, () => Promise.resolve())
  expect([await leftBehind(database.pool), await leftBehind(database.pool)].filter((found) => found !== null)).not.toEqual([])
})

/** What the definer functions answer, as `parking_app` without a tenant (schema § 4). */
import { createHash, randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { createFactories, type Factories } from '#test/factories/factories'
import { inTenant, insertRow } from '#test/factories/insert'
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import type { Lookups } from '../repositories'

let database: TestDatabase
let make: Factories
beforeAll(async () => {
  database = await createTestDatabase()
  make = createFactories(database.pool)
})
afterAll(() => database.close())

const ask = <T>(work: (lookup: Lookups['lookup']) => Promise<T>): Promise<T> =>
  database.unitOfWork.withLookups(({ lookup }) => work(lookup))
const sha256 = (text: string) => createHash('sha256').update(text).digest()

async function member(columns: Record<string, unknown> = {}) {
  const { tenantId } = await make.tenant()
  const { userId, email } = await make.user({ columns })
  await make.membership({ tenantId, userId, role: 'operator' })
  return { tenantId, userId, email }
}

test('DB-140: a login is found by e-mail in any case, and only so', async () => {
  const { userId, email } = await member({ password_hash: 'argon' })
  expect(await ask((lookup) => lookup.findLogin(email.toUpperCase()))).toEqual({ userId, passwordHash: 'argon', isActive: true })
  expect(await ask((lookup) => lookup.findLogin('nobody@example.com'))).toBeNull()
})

test('DB-141: memberships are the active ones, each with the standing of its tenant', async () => {
  const { tenantId, userId } = await member()
  const { tenantId: left } = await make.tenant()
  await make.membership({ tenantId: left, userId, role: 'owner', columns: { is_active: false } })
  await inTenant(database.pool, tenantId, (client) =>
    client.query(`update tenants set is_active = false, suspended_at = now(), suspension_reason = 'unpaid'`),
  )
  expect(await ask((lookup) => lookup.memberships(userId))).toEqual([
    expect.objectContaining({ tenantId, role: 'operator', type: 'customer', tier: 'basic', tenantActive: false }),
  ])
})

test('DB-142, DB-144: a principal stands as long as its session, its person and its tenant do', async () => {
  const { tenantId, userId } = await member()
  const sessionId = randomUUID()
  const token = {
    tenant_id: tenantId,
    id: randomUUID(),
    user_id: userId,
    session_id: sessionId,
    token_hash: sha256(sessionId),
    expires_at: new Date(Date.now() + 60_000),
  }
  await inTenant(database.pool, tenantId, (client) => insertRow(client, 'refresh_tokens', token))
  const standing = () => ask((lookup) => lookup.principal(userId, tenantId, sessionId))
  expect(await standing()).toEqual({ role: 'operator', userActive: true, tenantActive: true, sessionActive: true, validAfter: null })
  expect(await ask((lookup) => lookup.findRefreshToken(sha256(sessionId)))).toEqual({ tenantId, tokenId: token.id, userId })
  expect(await ask((lookup) => lookup.findRefreshToken(sha256('other')))).toBeNull()
  await inTenant(database.pool, tenantId, (client) => client.query('update refresh_tokens set revoked_at = now()'))
  expect(await standing()).toMatchObject({ sessionActive: false })
  const { tenantId: other } = await make.tenant()
  expect(await ask((lookup) => lookup.principal(userId, other, sessionId))).toMatchObject({ role: null, sessionActive: false })
  expect(await ask((lookup) => lookup.principal(randomUUID(), tenantId, sessionId))).toBeNull()
})

test('DB-149: an EUI is in use, whoever holds it', async () => {
  const { tenantId } = await make.tenant()
  const { devEui } = await make.device({ tenantId })
  expect([await ask((lookup) => lookup.isEuiInUse(devEui)), await ask((lookup) => lookup.isEuiInUse('ffffffffffffffff'))]).toEqual([
    true,
    false,
  ])
})

describe('DB-147, DOM-903: what was heard is routed', () => {
  const RESOLVE = `select tenant_id as "tenantId", device_id as "deviceId", model, "foreign" from ingest_resolve($1, $2, $3)`
  const PLATFORM = '00000000-0000-0000-0000-000000000000'
  const resolve = async (...asked: readonly (readonly [application: string, nsTenant: string | null, eui: string])[]) =>
    (await database.pool.query(RESOLVE, [asked.map(([a]) => a), asked.map(([, t]) => t), asked.map(([, , e]) => e)])).rows

  test('by application, then by network-server tenant, then by EUI, else to the pool; another tenant’s device is foreign', async () => {
    const [owner, linked] = [(await make.tenant()).tenantId, (await make.tenant()).tenantId]
    const { deviceId, devEui } = await make.device({ tenantId: owner, model: 'browan-tbms100' })
    const [application, nsTenant, unknown] = [randomUUID(), randomUUID(), randomUUID()]
    await inTenant(database.pool, linked, (client) =>
      insertRow(client, 'chirpstack_links', { tenant_id: linked, chirpstack_tenant_id: nsTenant, state: 'up' }),
    )
    const client = await database.pool.connect()
    await client.query('begin')
    await client.query('set local role parking_platform')
    await client.query('insert into chirpstack_applications (tenant_id, application_id) values ($1, $2)', [owner, application])
    await client.query('commit')
    client.release()
    const own = { tenantId: owner, deviceId, model: 'browan-tbms100', foreign: false }
    const nobody = { deviceId: null, model: null }
    expect(
      await resolve(
        [application, null, devEui],
        [unknown, nsTenant, devEui],
        [unknown, null, devEui],
        [unknown, unknown, 'ffffffffffffffff'],
        [application, nsTenant, 'ffffffffffffffff'],
      ),
    ).toEqual([
      own,
      { tenantId: linked, ...nobody, foreign: true },
      own,
      { tenantId: PLATFORM, ...nobody, foreign: false },
      { tenantId: owner, ...nobody, foreign: false },
    ])
  })
})

test('DB-150, WF-200: due spaces and late reservations, ids only', async () => {
  const { tenantId } = await make.tenant()
  const { siteId } = await make.site({ tenantId })
  const { spaceId } = await make.space({ tenantId, siteId, columns: { next_check_at: new Date(Date.now() - 1_000) } })
  await make.space({ tenantId, siteId, columns: { next_check_at: new Date(Date.now() + 60_000) } })
  expect(await ask((lookup) => lookup.dueSpaces(100))).toEqual([{ tenantId, spaceId }])
  const now = Date.now()
  const [start, end] = [new Date(now - 7_200_000), new Date(now - 300_000)]
  const times = { start_time: start, end_time: end, scheduled_end_time: end, blocked_from: start, blocked_until: end }
  const booking = {
    tenant_id: tenantId,
    id: randomUUID(),
    space_id: spaceId,
    ...times,
    status: 'active',
    source: 'api',
    created_by_type: 'user',
  }
  await inTenant(database.pool, tenantId, (client) => insertRow(client, 'reservations', booking))
  expect(await ask((lookup) => lookup.dueReservations(100))).toEqual([{ tenantId, reservationId: booking.id }])
})

test('DB-150: suspended and deleted tenants are not served; DB-151: counts name tenants and states alone', async () => {
  const { tenantId } = await make.tenant()
  const { tenantId: gone } = await make.tenant({ columns: { deleted_at: new Date() } })
  const active = await ask((lookup) => lookup.activeTenants())
  expect([active.includes(tenantId), active.includes(gone)]).toEqual([true, false])
  await make.device({ tenantId })
  const counts = await ask((lookup) => lookup.counts())
  expect(counts.filter((row) => row.tenantId === tenantId)).toEqual([{ metric: 'devices', tenantId, state: 'sensor:unassigned', value: 1 }])
})

describe('DB-152: lasting limits', () => {
  const limit = () => ({ scope: 'login_account' as const, key: randomUUID(), max: 5, windowSeconds: 60 })

  test('grant up to the limit, then say when to come again; a refusal counts nothing', async () => {
    const wanted = limit()
    const remaining: number[] = []
    for (let taken = 0; taken < 5; taken++) remaining.push((await ask((lookup) => lookup.takeLimit({ ...wanted, cost: 1 }))).remaining)
    expect(remaining).toEqual([4, 3, 2, 1, 0])
    for (let refused = 0; refused < 3; refused++) {
      const answer = await ask((lookup) => lookup.takeLimit({ ...wanted, cost: 1 }))
      expect(answer).toMatchObject({ granted: false, remaining: 0 })
      expect(answer.retryAfterMs).toBeGreaterThan(55_000)
      expect(answer.retryAfterMs).toBeLessThanOrEqual(60_000)
    }
    await ask((lookup) => lookup.returnLimit({ ...wanted, cost: 2 }))
    expect(await ask((lookup) => lookup.peekLimit(wanted))).toEqual({ granted: true, remaining: 2, retryAfterMs: 0 })
    await ask((lookup) => lookup.resetLimit(wanted))
    expect(await ask((lookup) => lookup.peekLimit(wanted))).toMatchObject({ remaining: 5 })
  })

  test('slide: what is older than the window is forgotten, part by part', async () => {
    const wanted = limit()
    await ask((lookup) => lookup.takeLimit({ ...wanted, cost: 3 }))
    const shift = (seconds: number) =>
      admin(`update rate_limit_state set from_at = from_at - make_interval(secs => $2) where key = $1`, [wanted.key, seconds])
    await shift(30)
    expect(await ask((lookup) => lookup.takeLimit({ ...wanted, cost: 2 }))).toMatchObject({ granted: true, remaining: 0 })
    await shift(31)
    expect(await ask((lookup) => lookup.takeLimit({ ...wanted, cost: 1 }))).toMatchObject({ granted: true, remaining: 2 })
    await shift(3_600)
    expect(await ask((lookup) => lookup.takeLimit({ ...wanted, cost: 1 }))).toMatchObject({ granted: true, remaining: 4 })
  })

  test('hold under a race: of 50 at once, 5 are granted', async () => {
    const wanted = limit()
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask((lookup) => lookup.takeLimit({ ...wanted, cost: 1 }))))
    expect(answers.filter(({ granted }) => granted)).toHaveLength(5)
  })
})

async function admin(text: string, values: readonly unknown[]): Promise<void> {
  const client = new Client({ connectionString: database.adminUrl })
  await client.connect()
  await client.query(text, [...values])
  await client.end()
}

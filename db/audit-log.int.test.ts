/** The audit trail refuses change by anyone and outlives its tenant (DB-162, DB-911, D-16). */
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import { createFactories } from '#test/factories/factories'
import { inTenant, insertRow } from '#test/factories/insert'
import { readTables } from '#test/isolation/catalogue'
import { attempt, isRefusal, openSession, type LiveSession } from '#test/isolation/session'
import { plantWorld } from '#test/isolation/world'

let database: TestDatabase
let session: LiveSession
let tenantId: string
beforeAll(async () => {
  database = await createTestDatabase()
  session = await openSession(database)
  tenantId = (await createFactories(database.pool).tenant()).tenantId
  await inTenant(database.pool, tenantId, (client) =>
    insertRow(client, 'audit_log', { tenant_id: tenantId, actor_type: 'system', action: 'site.create', resource_type: 'site' }),
  )
})
afterAll(async () => {
  await session.close()
  await database.close()
})

const ROLES = ['app', 'platform', 'owner', 'superuser'] as const
const CHANGES = [
  `update audit_log set action = 'x'`,
  'delete from audit_log',
  'truncate audit_log',
  `update audit_log set action = 'x' where false`,
  'delete from audit_log where false',
]

test.each(ROLES.flatMap((role) => CHANGES.map((change) => [role, change] as const)))('DB-911: as %s, %s raises', async (role, change) => {
  const outcome = await session.as({ role, tenantId }, (query) => attempt(query, change))
  if (!isRefusal(outcome)) throw new Error('it was accepted')
  const hasNoRight = role === 'app' || role === 'platform'
  expect(outcome).toMatchObject(hasNoRight ? { code: '42501' } : { message: 'append-only table' })
})

test('DB-911: with every right on it, the app is refused by the trigger itself', async () => {
  await session.as({ role: 'superuser', tenantId }, async (query) => {
    await query('grant all on audit_log to parking_app')
    await query('set local session authorization parking_app')
    for (const change of CHANGES) expect(await attempt(query, change)).toMatchObject({ message: 'append-only table' })
  })
})

test('DB-288: the time of a row is not for the writer to choose', async () => {
  const outcome = await session.as({ role: 'app', tenantId }, (query) =>
    attempt(
      query,
      `insert into audit_log (tenant_id, actor_type, action, resource_type, created_at) values ($1, 'system', 'x.y', 'x', now() - interval '1 day')`,
      [tenantId],
    ),
  )
  expect(outcome).toMatchObject({ code: '42501' })
})

test('DB-911: deleting a tenant with a row in every table leaves its audit rows and nothing else', async () => {
  const { a, b } = await plantWorld(database, await readTables(session))
  await session.as({ role: 'platform' }, async (query) => {
    const left = async (tenant: string) => {
      const found: string[] = []
      for (const table of a.rows.keys()) {
        if (['users', 'tenants'].includes(table) || /_y\d{4}m\d{2}$/.test(table)) continue
        if ((await query(`select from ${table} where tenant_id = $1`, [tenant])).rowCount > 0) found.push(table)
      }
      return found
    }
    const before = await left(b.ids.tenant)
    expect((await query('delete from tenants where id = $1', [a.ids.tenant])).rowCount).toBe(1)
    expect(await left(a.ids.tenant)).toEqual(['audit_log'])
    expect(await left(b.ids.tenant)).toEqual(before)
  })
})

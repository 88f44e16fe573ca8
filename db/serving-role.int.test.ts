/** A process that serves with too strong a role refuses to start; bootstrap and migration bear repetition (DB-126, DB-882, DB-915). */
import { Pool } from 'pg'
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import { requireEnv } from '#test/harness/services'
import { dropDatabase, ownerUrlOf } from '#test/harness/template-database'
import { bootstrapDatabase, urlFor } from './bootstrap'
import { migrate } from './migrate'
import { MIGRATIONS } from './migrations/all'
import { assertServingRole } from './serving-role'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

async function serving(url: string): Promise<void> {
  const pool = new Pool({ connectionString: url, max: 1 })
  await assertServingRole(pool).finally(() => pool.end())
}

test('DB-915: owner and superuser are refused, parking_app is not', async () => {
  await expect(serving(database.ownerUrl)).rejects.toThrow('The role parking_owner is the owner of tables; serve as parking_app.')
  await expect(serving(database.adminUrl)).rejects.toThrow(/is a superuser; serve as parking_app\.$/)
  await expect(serving(database.appUrl)).resolves.toBeUndefined()
})

test('DB-126, DB-882: an empty database is bootstrapped twice and migrated by two runners at once, each migration once', async () => {
  const adminUrl = requireEnv('TEST_DATABASE_ADMIN_URL')
  const name = `${database.name}_empty`
  const password = new URL(database.ownerUrl).password
  const bootstrap = () => bootstrapDatabase({ adminUrl, database: name, ownerPassword: password, appPassword: password })
  try {
    await bootstrap()
    await bootstrap()
    const url = ownerUrlOf(adminUrl, name)
    const runs = await Promise.all([migrate(url), migrate(url)])
    expect(runs.map(({ length }) => length).sort((a, b) => a - b)).toEqual([0, MIGRATIONS.length])
    expect(await migrate(urlFor(adminUrl, { database: name }))).toEqual([]) // a superuser's URL serves for migrations only, as parking_owner
  } finally {
    await dropDatabase(adminUrl, name)
  }
})

test('DB-884: the platform tenant has the id that was asked for', async () => {
  const adminUrl = requireEnv('TEST_DATABASE_ADMIN_URL')
  const name = `${database.name}_named`
  const password = new URL(database.ownerUrl).password
  const platformTenantId = '11111111-1111-7111-8111-111111111111'
  try {
    await bootstrapDatabase({ adminUrl, database: name, ownerPassword: password, appPassword: password })
    await migrate(urlFor(adminUrl, { database: name }), { platformTenantId }) // by a superuser's URL: everything is the owner's all the same
    const pool = new Pool({ connectionString: urlFor(adminUrl, { database: name }), max: 1 })
    const { rows } =
      await pool.query(`select id, (select count(*)::int from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
      and relowner <> 'parking_owner'::regrole) as strangers from tenants`)
    await pool.end()
    expect(rows).toEqual([{ id: platformTenantId, strangers: 0 }])
  } finally {
    await dropDatabase(adminUrl, name)
  }
})

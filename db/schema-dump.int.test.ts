/** The committed schema is the migrated one, and the way down leads back to it (DB-883, Q-CAT-10). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import { migrate, migrateDown } from './migrate'
import { MIGRATIONS } from './migrations/all'
import { dumpSchema } from './schema-dump'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

async function tablesLeft(): Promise<unknown[]> {
  const client = new Client({ connectionString: database.adminUrl })
  await client.connect()
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
     union all
     select p.proname from pg_proc p where pronamespace = 'public'::regnamespace
       and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')`,
  )
  await client.end()
  return rows.map(({ name }) => name)
}

test('Q-CAT-10: db/schema.sql equals the description of the migrated database (npm run db:dump writes it)', async () => {
  expect(await dumpSchema(database.ownerUrl)).toBe(readFileSync(join(__dirname, 'schema.sql'), 'utf8'))
})

test('DB-883: any role that may connect describes the same', async () => {
  expect(await dumpSchema(database.appUrl)).toBe(await dumpSchema(database.adminUrl))
})

test('Q-CAT-10: up, down, up gives the same text, and down leaves nothing but the list of migrations', async () => {
  const before = await dumpSchema(database.ownerUrl)
  await migrateDown(database.ownerUrl, MIGRATIONS.length)
  expect(await tablesLeft()).toEqual(['migrations'])
  expect(await migrate(database.ownerUrl)).toHaveLength(MIGRATIONS.length)
  expect(await dumpSchema(database.ownerUrl)).toBe(before)
})

test('DB-880: each migration goes down and up on its own', async () => {
  const before = await dumpSchema(database.ownerUrl)
  for (let steps = 1; steps <= 3; steps++) {
    await migrateDown(database.ownerUrl, steps)
    await migrate(database.ownerUrl)
    expect(await dumpSchema(database.ownerUrl)).toBe(before)
  }
})

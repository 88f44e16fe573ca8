/** The runner: nothing to do twice, one at a time, and the way back. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import { migrate } from './migrate'
import { MIGRATIONS } from './migrations/all'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

test('DB-882: a second run changes nothing', async () => {
  expect(await migrate(database.ownerUrl)).toEqual([])
})

test('DB-884: the platform tenant exists once', async () => {
  const admin = new Client({ connectionString: database.adminUrl })
  await admin.connect()
  const { rows } = await admin.query(`select id, slug from tenants where type = 'platform'`)
  await admin.end()
  expect(rows).toEqual([{ id: '00000000-0000-0000-0000-000000000000', slug: 'platform' }])
})

test('DB-880: every file of the folder is in the list, in order', () => {
  const files = readdirSync(join(__dirname, 'migrations')).filter((name) => /^\d+-/.test(name))
  const stamps = MIGRATIONS.map(({ name }) => name.slice(-13))
  expect(stamps).toEqual(files.map((name) => name.split('-', 1)[0]).sort())
})

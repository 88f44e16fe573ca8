/** Months are made ahead, take their strays over and are guarded as their parent is (DB-135, DB-161, DB-800, DB-801). */
import { createFactories } from '#test/factories/factories'
import { inTenant } from '#test/factories/insert'
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import { runChecks } from '#test/isolation/checks/check'
import { partitionChecks } from '#test/isolation/checks/partition-checks'
import { readTables } from '#test/isolation/catalogue'
import { openSession, type LiveSession } from '#test/isolation/session'
import { newIds } from '#test/isolation/planted-rows'

const PARENTS = ['device_events', 'sensor_readings', 'state_changes']

let database: TestDatabase
let session: LiveSession
beforeAll(async () => {
  database = await createTestDatabase()
  session = await openSession(database)
})
afterAll(async () => {
  await session.close()
  await database.close()
})

const partsOf = async (parent: string) => (await readTables(session)).filter((table) => table.parent === parent).map(({ name }) => name)

function monthName(parent: string, ahead: number): string {
  const now = new Date()
  const [year, month] = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1)).toISOString().split('-')
  return `${parent}_y${year}m${month}`
}

test.each(PARENTS)('DB-800: %s has last month, this month, three ahead, and a default', async (parent) => {
  expect(await partsOf(parent)).toEqual([`${parent}_default`, ...[-1, 0, 1, 2, 3].map((ahead) => monthName(parent, ahead))].sort())
})

test('DB-153: the app makes the months that are missing, once; it cannot make anything else', async () => {
  const ensure = (ahead: number) => database.pool.query<{ made: number }>('select ops_ensure_partitions($1) as made', [ahead])
  expect((await ensure(3)).rows).toEqual([{ made: 0 }])
  expect((await ensure(5)).rows).toEqual([{ made: 2 * PARENTS.length }])
  await expect(ensure(-1)).rejects.toMatchObject({ code: '22023' })
  await expect(database.pool.query(`select make_partition('sensor_readings', now(), now())`)).rejects.toMatchObject({ code: '42501' })
  const nobody = { ids: newIds(), rows: new Map() }
  const subjects = { tables: await readTables(session), foreignKeys: [], world: { a: nobody, b: nobody } }
  expect(await runChecks(session, partitionChecks(subjects))).toEqual([])
})

test('DB-161, DB-801: a stray lands in the default part and moves into its month when that is made, for every tenant', async () => {
  const make = createFactories(database.pool)
  const tenants = [(await make.tenant()).tenantId, (await make.tenant()).tenantId]
  for (const tenantId of tenants) {
    await inTenant(database.pool, tenantId, (client) =>
      client.query(
        `insert into sensor_readings (tenant_id, device_id, dev_eui, deduplication_id, heard_at, received_at, verdict, source, repeat_count)
         values ($1, uuid_v7(), '0000000000000001', 'd', '2020-05-31T23:59:59.999Z', now(), 'late', 'mqtt', 3),
                ($1, uuid_v7(), '0000000000000002', 'e', '2020-06-01T00:00:00Z', now(), 'late', 'mqtt', 0)`,
        [tenantId],
      ),
    )
  }
  await session.as({ role: 'owner' }, async (query) => {
    await query(`select make_partition('sensor_readings', '2020-05-01T00:00:00Z', '2020-06-01T00:00:00Z')`)
    for (const tenantId of tenants) {
      await query(`select set_config('app.tenant_id', $1, true)`, [tenantId])
      const { rows } = await query(
        `select tableoid::regclass::text as part, repeat_count from sensor_readings where heard_at < '2021-01-01' order by heard_at`,
      )
      expect(rows).toEqual([
        { part: 'sensor_readings_y2020m05', repeat_count: 3 },
        { part: 'sensor_readings_default', repeat_count: 0 },
      ])
    }
    expect((await query(`select relforcerowsecurity as forced from pg_class where relname = 'sensor_readings_default'`)).rows).toEqual([
      { forced: true },
    ])
    expect((await query(`select make_partition('sensor_readings', '2020-05-01T00:00:00Z', '2020-06-01T00:00:00Z') as made`)).rows).toEqual([
      { made: false },
    ])
  })
})

/** The agreement checks see what they are for: each is broken once by hand (DB-913). */
import { createFactories } from '#test/factories/factories'
import { findDisagreements } from './agreements'
import { withAdmin } from './template-database'
import { createTestDatabase, type TestDatabase } from './test-database'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  const make = createFactories(database.pool)
  const { tenantId } = await make.tenant()
  const { siteId } = await make.site({ tenantId })
  const { spaceId } = await make.space({ tenantId, siteId })
  await make.device({ tenantId, spaceId })
})
afterAll(() => database.close())

test('DB-913: what the factories make agrees', async () => {
  expect(await findDisagreements(database.adminUrl)).toEqual([])
})

test.each([
  ['mirror', 'update spaces set sensor_device_id = null', /assigned_space_id: 1 rows/],
  ['counters', 'update site_occupancy set total = 2, unknown = 2', /site_occupancy = counted states: 1 rows/],
  ['sequence', 'update spaces set state_sequence = 3', /state_sequence, no gaps: 1 rows/],
])('DB-913: a broken %s is seen', async (_, breakIt, sentence) => {
  await withAdmin(database.adminUrl, (client) => client.query(breakIt))
  expect((await findDisagreements(database.adminUrl)).some((found) => sentence.test(found))).toBe(true)
})

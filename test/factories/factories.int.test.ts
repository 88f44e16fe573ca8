/** The factories make what they say, as `parking_app`. */
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import { createFactories, type Factories } from './factories'
import { inTenant } from './insert'

let database: TestDatabase
let make: Factories
beforeAll(async () => {
  database = await createTestDatabase()
  make = createFactories(database.pool)
})
afterAll(() => database.close())

test('H-72: a tenant with people, places and things stands in a few lines', async () => {
  const { tenantId } = await make.tenant()
  const { userId } = await make.user()
  await make.membership({ tenantId, userId, role: 'owner' })
  const { siteId } = await make.site({ tenantId })
  const { spaceId } = await make.space({ tenantId, siteId })
  const { deviceId } = await make.device({ tenantId, spaceId })
  await make.device({ tenantId, kind: 'display', spaceId })
  await make.gateway({ tenantId })
  const { rows } = await inTenant(database.pool, tenantId, (client) =>
    client.query(
      `select s.sensor_device_id as "sensorDeviceId", o.total, o.unknown, (select count(*)::int from users) as people
       from spaces s join site_occupancy o using (tenant_id, site_id)`,
    ),
  )
  expect(rows).toEqual([{ sensorDeviceId: deviceId, total: 1, unknown: 1, people: 1 }])
  expect(await database.unitOfWork.withLookups(({ lookup }) => lookup.activeTenants())).toContain(tenantId)
})

/** What PostgreSQL really says becomes a code of ours, whichever version says it (DB-873). */
import { createFactories } from '#test/factories/factories'
import { inTenant } from '#test/factories/insert'
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import { translateDatabaseError } from './errors'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

test.each([
  [
    'a foreign key that finds nothing',
    'resource.not_found',
    `insert into spaces (tenant_id, site_id, code, name) values (current_tenant_id(), uuid_v7(), 'A', 'A')`,
  ],
  ['a row that others restrict', 'resource.in_use', 'delete from sites'],
  ['a row that others hold', 'resource.in_use', 'delete from spaces'],
  ['a name that is taken', 'resource.duplicate', 'insert into sites (tenant_id, name, slug) select tenant_id, name, slug from sites'],
  ['a check', 'validation.failed', 'update site_occupancy set total = 5'],
  ['a number out of range', 'validation.failed', `update spaces set auto_release_minutes = 99999999999`],
  [
    'an EUI that is held',
    'device.eui_unavailable',
    `insert into devices (tenant_id, kind, dev_eui, name) select tenant_id, kind, dev_eui, name from devices`,
  ],
])('DB-873: %s is %s', async (_, code, statement) => {
  const make = createFactories(database.pool)
  const { tenantId } = await make.tenant()
  const { siteId } = await make.site({ tenantId })
  const { spaceId } = await make.space({ tenantId, siteId })
  await make.device({ tenantId, spaceId })
  const refused = inTenant(database.pool, tenantId, (client) => client.query(statement)).catch((error: unknown) => {
    throw translateDatabaseError(error)
  })
  await expect(refused).rejects.toMatchObject({ code })
})

/** The kept indexes serve their lists under row security at 100,000 rows of 100 tenants, with no sequential scan (DB-904). */
import { withAdmin } from '#test/harness/template-database'
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import { inTenant } from '#test/factories/insert'
import { KEPT_INDEXES } from './contract'

const TENANTS = 100
const ROWS = 100_000

/** `n` → a tenant, a space, a site of it: the same number always gives the same id. */
const HELPERS = `
  create function pg_temp.id_of(kind text, n integer) returns uuid language sql immutable as $$ select md5(kind || n)::uuid $$;
  create function pg_temp.tenant_of(n integer) returns uuid language sql immutable as $$ select pg_temp.id_of('tenant', n % ${TENANTS}) $$`

/** Foreign keys and mirrors are off meanwhile (replica); indexes that answer no list, and cost most to fill, are away. */
const FILL: readonly string[] = [
  'drop index idx_sites_search, idx_spaces_search, idx_devices_search',
  'alter table reservations drop constraint reservations__no_overlap',
  `set session_replication_role = 'replica'`,
  HELPERS,
  `insert into tenants (id, name, slug) select pg_temp.tenant_of(n), 'Tenant', 'tenant-' || n from generate_series(0, ${TENANTS - 1}) n`,
  `insert into sites (tenant_id, id, name, slug) select pg_temp.tenant_of(n), pg_temp.id_of('site', n), 'Site ' || n, 'site-' || n from generate_series(1, ${ROWS}) n`,
  `insert into spaces (tenant_id, id, site_id, code, name)
     select pg_temp.tenant_of(n), pg_temp.id_of('space', n), pg_temp.id_of('site', n % 200), 'A-' || n, 'Bay' from generate_series(1, ${ROWS}) n`,
  `insert into devices (tenant_id, kind, dev_eui, name, lifecycle_state, assigned_space_id, assigned_at, created_at)
     select pg_temp.tenant_of(n), 'sensor', lpad(to_hex(n), 16, '0'), 'Sensor', case when n / ${TENANTS} % 5 = 0 then 'maintenance' else 'operational' end, pg_temp.id_of('space', n), now(), now() - n * interval '1 minute'
     from generate_series(1, ${ROWS}) n`,
  `insert into gateways (tenant_id, gateway_id, name, status)
     select pg_temp.tenant_of(n), lpad(to_hex(n), 16, '0'), 'Gateway ' || n, (array['online', 'offline', 'never_seen'])[1 + n / ${TENANTS} % 3] from generate_series(1, ${ROWS}) n`,
  `insert into reservations (tenant_id, space_id, start_time, end_time, scheduled_end_time, blocked_from, blocked_until, status, source, created_by_type)
     select pg_temp.tenant_of(n), pg_temp.id_of('space', n), t, t + '1 h', t + '1 h', t, t + '1 h', (array['confirmed', 'completed', 'cancelled'])[1 + n / ${TENANTS} % 3], 'api', 'user'
     from (select n, timestamptz '2026-01-01' + n * interval '5 minutes' as t from generate_series(1, ${ROWS}) n) booked`,
  'analyze sites, spaces, devices, gateways, reservations',
]

let database: TestDatabase
let tenantId: string
beforeAll(async () => {
  database = await createTestDatabase()
  await withAdmin(database.adminUrl, async (client) => {
    for (const statement of FILL) await client.query(statement)
  })
  tenantId =
    (await withAdmin(database.adminUrl, (client) => client.query<{ id: string }>(`select md5('tenant7')::uuid as id`))).rows[0]?.id ?? ''
}, 300_000)
afterAll(() => database.close())

/** The lists that each index is kept for. `is null` makes no column constant for the planner, so the order of a list of spaces names `deleted_at` first. */
const LISTS: Readonly<Record<string, string>> = {
  idx_sites_tenant: 'select id, name from sites where tenant_id = $1 and is_active order by name, id limit 50',
  idx_spaces_tenant:
    'select id, code from spaces where tenant_id = $1 and deleted_at is null order by deleted_at, code collate natural_order, id limit 50',
  idx_spaces_site: `select id, code from spaces where tenant_id = $1 and site_id = md5('site7')::uuid and deleted_at is null order by deleted_at, code collate natural_order, id limit 50`,
  idx_sensor_devices_tenant: `select id, dev_eui from devices where tenant_id = $1 and kind = 'sensor' and archived_at is null and status = 'maintenance' order by created_at desc, id limit 50`,
  idx_sensor_devices_space: `select id from devices where tenant_id = $1 and kind = 'sensor' and assigned_space_id = md5('space7')::uuid`,
  idx_gateways_tenant: `select id, name from gateways where tenant_id = $1 and status = 'online' order by name, id limit 50`,
  idx_reservations_tenant: `select id from reservations where tenant_id = $1 and status = 'confirmed' order by start_time desc, id limit 50`,
  idx_reservations_time: `select id from reservations where tenant_id = $1 and start_time < '2026-03-02' and end_time > '2026-03-01' and status in ('pending', 'confirmed', 'active')`,
}

test.each(KEPT_INDEXES)('DB-904: %s serves its list', async (index) => {
  const { rows } = await inTenant(database.pool, tenantId, async (client) => {
    await client.query('set local enable_sort = off') // whether it serves the order, not what a sample made of the costs
    return client.query<{ 'QUERY PLAN': string }>(`explain ${LISTS[index]}`, [tenantId])
  })
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).toContain(index)
  expect(plan).not.toContain('Seq Scan')
})

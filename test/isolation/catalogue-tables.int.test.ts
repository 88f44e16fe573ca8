/** Tables, keys and columns, from `pg_catalog`, partitions included (DB-901 to DB-904, DB-910, Q-CAT-01, 02, 04, 05, 07). */
import { NOT_BUILT_YET } from '#db/not-built-yet'
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import { GLOBAL_KEYS, GLOBAL_TABLES, KEPT_INDEXES, TENANT_TABLES } from './contract'
import { openSession, type LiveSession } from './session'

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

/** The names that a catalogue query answers. */
const names = (text: string): Promise<unknown[]> =>
  session.as({ role: 'superuser' }, async (query) => (await query(text)).rows.map((row) => Object.values(row)[0]))

const TABLE = `
  table_info as (
    select c.oid, c.relname as name, c.relrowsecurity, c.relforcerowsecurity, c.relispartition,
      exists (select from pg_attribute where attrelid = c.oid and attname = 'tenant_id') as has_tenant
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p'))`

test('DB-902, Q-CAT-02: the tables are those of the contract, but for the ones not built yet', async () => {
  const built = await names(`with ${TABLE} select name from table_info where not relispartition order by name`)
  const contract = [...TENANT_TABLES, ...GLOBAL_TABLES]
  expect([...built, ...NOT_BUILT_YET.tables].sort()).toEqual([...contract].sort())
})

test('DB-902: the tables without tenant are exactly the global ones', async () => {
  const built = await names(`with ${TABLE} select name from table_info where not has_tenant order by name`)
  const unbuilt: readonly string[] = NOT_BUILT_YET.tables
  expect(built).toEqual(GLOBAL_TABLES.filter((table) => !unbuilt.includes(table)).sort())
})

test.each([
  [
    'tenant_id may be null',
    `select t.name from table_info t join pg_attribute a on a.attrelid = t.oid and a.attname = 'tenant_id' where not a.attnotnull`,
  ],
  [
    'the primary key does not begin with the tenant',
    `
     select t.name from table_info t where has_tenant and not exists (
       select from pg_constraint k join pg_attribute a on a.attrelid = t.oid and a.attnum = k.conkey[1]
       where k.conrelid = t.oid and k.contype = 'p' and a.attname = 'tenant_id')`,
  ],
  [
    'no foreign key to tenants with cascade',
    `
     select t.name from table_info t where has_tenant and name <> 'audit_log' and not exists (
       select from pg_constraint k where k.conrelid = t.oid and k.contype = 'f' and k.confrelid = 'tenants'::regclass and k.confdeltype = 'c')`,
  ],
  ['audit_log has a foreign key', `select conname from pg_constraint where conrelid = 'audit_log'::regclass and contype = 'f'`],
  ['row security is not enabled and forced', `select name from table_info where not (relrowsecurity and relforcerowsecurity)`],
  [
    'a policy for all commands with USING and WITH CHECK is missing',
    `
     select t.name || ': ' || wanted from table_info t cross join unnest(array['tenant_isolation', 'platform_access']) wanted
     where (has_tenant or name = 'tenants') and not exists (
       select from pg_policy p where p.polrelid = t.oid and p.polname = wanted and p.polcmd = '*'
         and p.polqual is not null and p.polwithcheck is not null)`,
  ],
  [
    'tenant_isolation is for others than the app and the owner',
    `
     select tablename from pg_policies where schemaname = 'public' and policyname = 'tenant_isolation'
       and roles <> array['parking_app', 'parking_owner']::name[] and roles <> array['parking_owner', 'parking_app']::name[]`,
  ],
  ['the table has no comment', `select name from table_info t where obj_description(t.oid, 'pg_class') is null`],
])('DB-901, Q-CAT-01: no table of which %s', async (_, text) => {
  expect(await names(`with ${TABLE} ${text}`)).toEqual([])
})

const KEYS = `
  keys as (
    select t.name as "table", x.relname as key, pg_get_indexdef(i.indexrelid, 1, false) as first
    from pg_index i join pg_class x on x.oid = i.indexrelid join table_info t on t.oid = i.indrelid
    where (i.indisunique or i.indisexclusion) and not t.relispartition)`

test('DB-903, DB-104, Q-CAT-04: every unique and exclusion key of a tenant table begins with the tenant, but for the list', async () => {
  const built = await names(`
    with ${TABLE}, ${KEYS} select keys."table" || '.' || first from keys join table_info t on t.name = keys."table"
    where (has_tenant and first <> 'tenant_id') or (keys."table" in ('tenants', 'users') and first <> 'id') order by 1`)
  expect([...built, ...NOT_BUILT_YET.globalKeys].sort()).toEqual([...GLOBAL_KEYS].sort())
})

test('DB-903, Q-CAT-04: every foreign key of a tenant table begins with the tenant, but for those to users', async () => {
  const found = await names(`
    select c.conname from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f' and c.connamespace = 'public'::regnamespace and c.confrelid <> 'users'::regclass and a.attname <> 'tenant_id'`)
  expect(found).toEqual([])
})

test('DB-904, Q-CAT-05: every foreign key has an index that begins with its columns', async () => {
  const found = await names(`
    select c.conrelid::regclass || ': ' || c.conname from pg_constraint c
    where c.contype = 'f' and c.connamespace = 'public'::regnamespace and not exists (
      select from pg_index i where i.indrelid = c.conrelid
        and (string_to_array(i.indkey::text, ' ')::smallint[])[1:cardinality(c.conkey)] = c.conkey)
      and not (cardinality(c.conkey) = 1 and c.confrelid = 'tenants'::regclass and exists (
        select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1]))`)
  expect(found).toEqual([])
})

test('DB-101, DB-904: the eight kept index names exist', async () => {
  const found = await names(`select relname from pg_class where relkind in ('i', 'I') and relname = any ('{${KEPT_INDEXES.join(',')}}')`)
  expect(found.sort()).toEqual([...KEPT_INDEXES].sort())
})

test('DB-101: constraints and triggers are named by their table', async () => {
  const found = await names(`
    with ${TABLE} select c.conname from pg_constraint c join table_info t on t.oid = c.conrelid
    where not t.relispartition and c.contype <> 'n' and not starts_with(c.conname, t.name || '__')
    union all select g.tgname from pg_trigger g join table_info t on t.oid = g.tgrelid
    where not g.tgisinternal and not t.relispartition and not starts_with(g.tgname, t.name || '__')`)
  expect(found).toEqual([])
})

test.each([
  [
    'a type that is not allowed',
    `
     select t.name || '.' || a.attname from table_info t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 join pg_type y on y.oid = a.atttypid
     where y.typname in ('timestamp', '_timestamp', 'time', 'timetz', 'money') or y.typtype = 'e'`,
  ],
  [
    'an identity or a sequence',
    `
     select t.name || '.' || a.attname from table_info t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0
     where a.attidentity <> '' or pg_get_serial_sequence(format('%I', t.name), a.attname) is not null`,
  ],
  [
    'a secret as text',
    `
     select t.name || '.' || a.attname from table_info t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0
     where a.atttypid = 'text'::regtype and a.attname ~ '_(secret|key|token)$' and (t.name, a.attname) not in (('device_events', 'event_key'))
       and t.name not like 'device_events\\_%'`,
  ],
])('DB-910, Q-CAT-07: no column with %s', async (_, text) => {
  expect(await names(`with ${TABLE} ${text}`)).toEqual([])
})

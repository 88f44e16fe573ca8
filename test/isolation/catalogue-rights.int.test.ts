/** Policies, roles, grants, functions and views, from `pg_catalog` (DB-905 to DB-909, Q-CAT-03, 06, 09). */
import { NOT_BUILT_YET } from '#db/not-built-yet'
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import { DEFINER_FUNCTIONS, INGEST_RIGHTS, LOOKUP_WRITES, PLATFORM_NEVER, PLATFORM_WRITES, ROLES } from './contract'
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

type Rows = readonly Readonly<Record<string, unknown>>[]
const rows = (text: string): Promise<Rows> => session.as({ role: 'superuser' }, async (query) => (await query(text)).rows)
const names = async (text: string) => (await rows(text)).map((row) => Object.values(row)[0])
const unbuilt: readonly string[] = [...NOT_BUILT_YET.tables, ...NOT_BUILT_YET.functions, ...NOT_BUILT_YET.roles]
const built = (all: readonly string[]) => all.filter((name) => !unbuilt.includes(name))

/** Rights of a role by table, partitions apart; on columns as `UPDATE (a, b)`, `SELECT (…)` shortened to `SELECT` where `columns` is false. */
async function rightsOf(role: string, kinds = `'r', 'p'`): Promise<Record<string, string[]>> {
  const found = await rows(`
    select c.relname as "table", a.privilege_type as privilege, null as columns from pg_class c, aclexplode(c.relacl) a
    where c.relnamespace = 'public'::regnamespace and c.relkind in (${kinds}) and not c.relispartition and a.grantee = '${role}'::regrole
    union all
    select c.relname, g.privilege_type, string_agg(a.attname, ', ' order by a.attname) from pg_class c
    join pg_attribute a on a.attrelid = c.oid, aclexplode(a.attacl) g
    where c.relnamespace = 'public'::regnamespace and c.relkind in (${kinds}) and not c.relispartition and g.grantee = '${role}'::regrole
    group by 1, 2 order by 1, 2`)
  const rights: Record<string, string[]> = {}
  for (const { table, privilege, columns } of found as { table: string; privilege: string; columns: string | null }[]) {
    ;(rights[table] ??= []).push(columns === null ? privilege : `${privilege} (${columns})`)
  }
  return rights
}

const tablesWith = (rights: Record<string, string[]>, privilege: string) =>
  Object.keys(rights).filter((table) => rights[table]?.some((right) => right.split(' ')[0] === privilege))

test('DB-905, Q-CAT-06: policies read the tenant wrapped, hold no OR but that of users, and are for nobody in general', async () => {
  const policies = await rows(`
    select tablename || '.' || policyname as name, concat_ws(' ', qual, with_check) as text, roles::text[] as roles
    from pg_policies where schemaname = 'public'`)
  expect(policies.length).toBeGreaterThan(100)
  const bad = policies.filter(({ name, text, roles: to }) => {
    const unwrapped = String(text).replaceAll(/\( SELECT current_(tenant|user)_id\(\) AS current_(tenant|user)_id\)/g, '')
    const hasOr = / OR /.test(unwrapped) && name !== 'users.tenant_isolation'
    return hasOr || /current_|is_platform_admin|current_setting/.test(unwrapped) || (to as string[]).includes('public')
  })
  expect(bad).toEqual([])
})

test('DB-906, Q-CAT-03: parking_app has no attribute that lets it out', async () => {
  expect(
    await rows(`
      select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication, rolinherit, rolcanlogin,
        (select count(*)::int from pg_shdepend where refobjid = r.oid and deptype = 'o') as owned
      from pg_roles r where rolname = 'parking_app'`),
  ).toEqual([
    {
      rolsuper: false,
      rolbypassrls: false,
      rolcreatedb: false,
      rolcreaterole: false,
      rolreplication: false,
      rolinherit: false,
      rolcanlogin: true,
      owned: 0,
    },
  ])
})

test('DB-906: no serving role holds TRUNCATE, REFERENCES, TRIGGER, MAINTAIN or CREATE anywhere', async () => {
  const rights = await rows(`
    select grantee::regrole::text as role, privilege_type as privilege, what from (
      select relname as what, (aclexplode(relacl)).* from pg_class where relnamespace = 'public'::regnamespace
      union all select nspname, (aclexplode(nspacl)).* from pg_namespace where nspname = 'public'
      union all select datname, (aclexplode(datacl)).* from pg_database where datname = current_database()) held
    where (grantee = 0 or grantee::regrole::text like 'parking_%') and grantee::regrole::text <> 'parking_owner'
      and privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN', 'CREATE', 'TEMPORARY')`)
  expect(rights).toEqual([])
})

test('DB-906, Q-CAT-03: parking_app is a member of exactly two roles, may enter them and inherits nothing', async () => {
  const members = await rows(`
    select roleid::regrole::text as role, admin_option as admin, inherit_option as inherit, set_option as enter
    from pg_auth_members where member = 'parking_app'::regrole order by 1`)
  expect(members).toEqual([
    { role: 'parking_ingest', admin: false, inherit: false, enter: true },
    { role: 'parking_platform', admin: false, inherit: false, enter: true },
  ])
  expect(
    await rows(
      `select pg_has_role('parking_app', 'parking_platform', 'USAGE') or pg_has_role('parking_app', 'parking_ingest', 'USAGE') as inherits`,
    ),
  ).toEqual([{ inherits: false }])
})

test('DB-120, DB-126: the roles are those of the contract, none is privileged, the owner only lends to parking_lookup', async () => {
  const found = await rows(
    `select rolname as name, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as privileged from pg_roles where rolname like 'parking\\_%' order by 1`,
  )
  expect(found).toEqual(
    built(ROLES)
      .sort()
      .map((name) => ({ name, privileged: false })),
  )
  expect(
    await names(
      `select roleid::regrole from pg_auth_members where member = 'parking_owner'::regrole and not inherit_option and set_option`,
    ),
  ).toEqual(['parking_lookup'])
})

test('DB-907: parking_platform reads all but two tables and writes exactly its list', async () => {
  const rights = await rightsOf('parking_platform')
  const tables = (await names(
    `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`,
  )) as string[]
  expect(tablesWith(rights, 'SELECT')).toEqual(tables.filter((table) => !PLATFORM_NEVER.includes(table)).sort())
  expect(tablesWith(rights, 'INSERT')).toEqual([...built(PLATFORM_WRITES), 'audit_log'].sort())
  expect(tablesWith(rights, 'UPDATE')).toEqual(built(PLATFORM_WRITES).sort())
  expect(tablesWith(rights, 'DELETE')).toEqual(built(PLATFORM_WRITES).sort())
  expect(rights['users']?.join()).not.toContain('password_hash')
})

test('DB-907, Q-RLS-09: parking_ingest has exactly the rights of DB-123, and one function that looks up', async () => {
  expect(await rightsOf('parking_ingest')).toEqual(INGEST_RIGHTS)
  const functions = await names(`
    select distinct p.proname from pg_proc p, aclexplode(p.proacl) a
    where p.pronamespace = 'public'::regnamespace and p.prosecdef and a.grantee in ('parking_ingest'::regrole, 0)`)
  expect(functions).toEqual(['ingest_resolve'])
})

test('DB-907, DB-124: parking_lookup reads columns, never a whole table of a tenant, and writes only where its functions do', async () => {
  const rights = await rightsOf('parking_lookup')
  const writes = Object.entries(rights).filter(([, held]) => held.some((right) => !right.startsWith('SELECT')))
  expect([...writes.map(([table]) => table), ...NOT_BUILT_YET.lookupWrites].sort()).toEqual(built(LOOKUP_WRITES))
  const whole = Object.entries(rights).filter(([table, held]) => held.includes('SELECT') && table !== 'rate_limit_state')
  expect(whole).toEqual([])
})

const DEFINERS = `
  select p.proname as name, pg_get_userbyid(p.proowner) as owner, p.provolatile as volatility, p.proconfig as config,
    array(select distinct grantee::regrole::text from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) where grantee <> p.proowner order by 1) as callers
  from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef order by 1`

test('DB-908, Q-CAT-09, Q-RLS-05: the definer functions are the list, each with owner, fixed search path, callers and volatility', async () => {
  const wanted = built(Object.keys(DEFINER_FUNCTIONS))
    .sort()
    .map((name) => ({
      name,
      owner: DEFINER_FUNCTIONS[name]?.owner,
      volatility: DEFINER_FUNCTIONS[name]?.writes === true ? 'v' : 's',
      config: ['search_path=pg_catalog, public'],
      callers: name === 'ingest_resolve' ? ['parking_app', 'parking_ingest'] : ['parking_app'],
    }))
  expect(await rows(DEFINERS)).toEqual(wanted)
  const unknown = NOT_BUILT_YET.functions.filter((name) => !(name in DEFINER_FUNCTIONS))
  expect(unknown).toEqual([])
})

test('DB-126: nothing of ours may be executed by everybody, and everybody has no right on the schema', async () => {
  const open = await names(`
    select p.proname from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    where p.pronamespace = 'public'::regnamespace and a.grantee = 0
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
    union all select nspname from pg_namespace n, aclexplode(n.nspacl) a where nspname = 'public' and a.grantee = 0
    union all select datname from pg_database d, aclexplode(d.datacl) a where datname = current_database() and a.grantee = 0`)
  expect(open).toEqual([])
})

test('DB-909, DB-301, Q-RLS-05: views ask in the name of their reader, and nothing is materialized', async () => {
  const views = await rows(
    `select relname as name, relkind as kind, array(select unnest(reloptions) order by 1) as options from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm') order by 1`,
  )
  const options = ['security_barrier=true', 'security_invoker=true']
  const ours = views.filter(({ name }) => !String(name).startsWith('pg_'))
  expect(ours).toEqual([
    { name: 'display_devices', kind: 'v', options },
    { name: 'sensor_devices', kind: 'v', options },
  ])
})

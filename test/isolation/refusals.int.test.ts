/** Statements that must be refused, and words that must not tell (Q-RLS-08, Q-RLS-13). */
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import { readTables } from './catalogue'
import { appOf, insertJson, rowOf } from './checks/check'
import { attempt, isRefusal, openSession, type LiveSession, type Refusal } from './session'
import { plantWorld, type World } from './world'

let database: TestDatabase
let session: LiveSession
let world: World
beforeAll(async () => {
  database = await createTestDatabase()
  session = await openSession(database)
  world = await plantWorld(database, await readTables(session))
})
afterAll(async () => {
  await session.close()
  await database.close()
})

const NOT_ALLOWED = '42501'
const NOT_WITH_ROW_SECURITY = '0A000'

/** Statement, code; the control is the same statement as superuser, which is not refused for want of rights. */
test.each([
  ['truncate spaces cascade', NOT_ALLOWED],
  ['alter table spaces disable row level security', NOT_ALLOWED],
  ['alter table spaces no force row level security', NOT_ALLOWED],
  ['drop policy tenant_isolation on spaces', NOT_ALLOWED],
  ['create policy mine on spaces using (true)', NOT_ALLOWED],
  ['alter table spaces disable trigger all', NOT_ALLOWED],
  [`set local session_replication_role = 'replica'`, NOT_ALLOWED],
  ['create table mine (id integer)', NOT_ALLOWED],
  ['create temporary table mine (id integer)', NOT_ALLOWED],
  [`create function mine() returns integer language sql as 'select 1'`, NOT_ALLOWED],
  ['create or replace view sensor_devices with (security_invoker = false) as select * from devices', NOT_ALLOWED],
  ['create extension pgcrypto', NOT_ALLOWED],
  ['alter role parking_app bypassrls', NOT_ALLOWED],
  [`copy spaces from '/etc/hostname'`, NOT_ALLOWED],
  [`copy (select 1) to '/dev/null'`, NOT_ALLOWED],
  [`copy (select 1) to program 'true'`, NOT_ALLOWED],
  [`select pg_read_file('/etc/hostname')`, NOT_ALLOWED],
  [`select lo_import('/etc/hostname')`, NOT_ALLOWED],
])('Q-RLS-08: %s is refused', async (statement, code) => {
  const refused = await session.as(appOf(world.a), (query) => attempt(query, statement))
  expect(isRefusal(refused) ? refused.code : 'accepted').toBe(code)
  const control = await session.as({ role: 'superuser' }, (query) => attempt(query, statement))
  expect(isRefusal(control) && control.code === NOT_ALLOWED).toBe(false)
})

test.each([
  ['set local role parking_owner', NOT_ALLOWED],
  ['set local role parking_lookup', NOT_ALLOWED],
  ['set local role postgres', NOT_ALLOWED],
  ['set session authorization parking_owner', NOT_ALLOWED],
  ['grant parking_owner to parking_app', NOT_ALLOWED],
  ['copy spaces from stdin', NOT_WITH_ROW_SECURITY],
  ['set local row_security = off; select * from spaces', NOT_ALLOWED],
])('Q-RLS-08: %s is refused, also in another role', async (statement, code) => {
  for (const role of ['app', 'platform', 'ingest'] as const) {
    const refused = await session.as({ ...appOf(world.a), role }, (query) => attempt(query, statement))
    const expected = role === 'app' ? code : NOT_ALLOWED
    expect(isRefusal(refused) ? refused.code : 'accepted').toBe(expected)
  }
})

test('Q-RLS-08: what one may read oneself cannot be handed on', async () => {
  const give = 'grant select (email) on users to parking_ingest' // answered by a warning, not an error
  const handedOn = (role: 'app' | 'superuser') =>
    session.as({ ...appOf(world.a), role }, async (query) => {
      await attempt(query, give)
      return (await query(`select has_column_privilege('parking_ingest', 'users', 'email', 'select') as given`)).rows[0]?.['given']
    })
  expect([await handedOn('app'), await handedOn('superuser')]).toEqual([false, true])
})

/** All that PostgreSQL says of a refusal, detail and hint included. */
const words = (error: unknown): string => JSON.stringify({ ...(error as Refusal), message: (error as Refusal).message })

/** Values of B that A does not know: what A itself sent may come back. */
function secretsOfB(sent: string): string[] {
  const values = [...world.b.rows.values()].flat().flatMap((row) => Object.values(row))
  const texts = new Set(values.filter((value): value is string => typeof value === 'string' && value.length >= 12))
  return [...texts].filter((text) => !sent.includes(text))
}

test('Q-RLS-13: no error text holds a value of B', async () => {
  const statements: readonly (readonly [string, readonly unknown[]])[] = [
    [
      insertJson('spaces', ['tenant_id', 'id', 'site_id', 'code', 'name']),
      [{ ...rowOf(world.a, 'spaces'), id: null, site_id: world.b.ids.site }],
    ],
    [insertJson('devices', ['tenant_id', 'kind', 'dev_eui', 'name']), [{ ...rowOf(world.a, 'devices'), dev_eui: world.b.ids.sensorEui }]],
    [`insert into tenants (id, name, slug) values ($1, 'x', $2)`, [world.b.ids.tenant, world.b.ids.tenant]],
    [`update spaces set tenant_id = $1`, [world.b.ids.tenant]],
    [`insert into users (email, name) values ($1, 'x')`, [`${world.b.ids.user}@example.com`]],
  ]
  for (const [statement, values] of statements) {
    await session.as(appOf(world.a), async (query) => {
      const error: unknown = await query(statement, values).then(
        () => 'accepted',
        (refusal: unknown) => refusal,
      )
      expect(error).toBeInstanceOf(Error)
      const told = words(error)
      expect(secretsOfB(JSON.stringify(values)).filter((secret) => told.includes(secret))).toEqual([])
    })
  }
})

test('Q-RLS-13: explain shows no value of B, and counts none of its rows', async () => {
  await session.as(appOf(world.a), async (query) => {
    const { rows } = await query('explain (analyze, verbose, format json) select * from spaces where tenant_id = $1', [world.b.ids.tenant])
    const plan = JSON.stringify(rows)
    expect(secretsOfB(world.b.ids.tenant).filter((secret) => plan.includes(secret))).toEqual([])
    expect(plan).toContain('"Actual Rows":0')
  })
})

test('Q-RLS-13: the planner keeps its statistics to itself', async () => {
  await session.as({ role: 'superuser' }, async (query) => {
    await query('analyze spaces, users, devices')
    expect((await query(`select from pg_stats where schemaname = 'public'`)).rowCount).toBeGreaterThan(0)
    await query('set local session authorization parking_app')
    expect((await query(`select from pg_stats where schemaname = 'public'`)).rowCount).toBe(0)
    expect(isRefusal(await attempt(query, 'select * from pg_statistic'))).toBe(true)
  })
})

/** What the other roles see: the platform and ingest across tenants, `parking_lookup` for its functions, each by a policy of its own (Q-RLS-09). */
import type { TableInfo } from '../catalogue'
import { attempt, isRefusal } from '../session'
import { appOf, count, type Check, type Subjects } from './check'

const ACROSS = [
  { role: 'platform', named: 'parking_platform' },
  { role: 'ingest', named: 'parking_ingest' },
  { role: 'lookup', named: 'parking_lookup' },
] as const

function seesAcross(info: TableInfo, { role, named }: (typeof ACROSS)[number], { world }: Subjects): Check {
  return {
    id: 'Q-RLS-09',
    table: info.name,
    says: `${named} sees rows of every tenant`,
    run: (session) =>
      session.as({ role, tenantId: world.a.ids.tenant }, async (query) => {
        const seen = await count(query, info.name)
        const needed = info.tenantColumn === null && info.name !== 'users' ? 1 : 2
        return seen >= needed ? null : `${named} sees ${seen} rows`
      }),
  }
}

/** Membership must not be inheritance: else every query of the app would get the other role's policies. */
function appStaysApp(info: TableInfo, { world }: Subjects): Check {
  return {
    id: 'Q-RLS-09',
    table: info.name,
    says: 'without entering another role its policy counts for nothing',
    run: (session) =>
      session.as({ ...appOf(world.a), tenantId: '', userId: '' }, async (query) => {
        const seen = await count(query, info.name)
        return seen === 0 ? null : `the app sees ${seen} rows`
      }),
  }
}

const BEYOND_INGEST = ['reservations', 'users', 'user_memberships', 'refresh_tokens', 'audit_log', 'idempotency_keys', 'spaces', 'tenants']

function hiddenFromIngest(table: string): Check {
  return {
    id: 'Q-RLS-09',
    table,
    says: 'parking_ingest reads no booking, person, key or audit row',
    run: (session) =>
      session.as({ role: 'ingest' }, async (query) => {
        const outcome = await attempt(query, `select count(*) from ${table}`)
        return isRefusal(outcome) && outcome.code === '42501' ? null : 'it is readable'
      }),
  }
}

const SHARED_WITH_APP = ['job_runs', 'listener_leases', 'migrations']

/** DB-134: tables without tenant are under row security all the same, and each role has the access that is meant. */
function globalChecks({ tables }: Subjects): Check[] {
  const globals = tables.filter(({ tenantColumn, name }) => tenantColumn === null && name !== 'users')
  return globals.map(({ name }) => ({
    id: 'DB-134',
    table: name,
    says: 'a table without tenant shows its rows to whom it is meant',
    async run(session) {
      const readable = await session.as({ role: 'app' }, (query) => attempt(query, `select from ${name}`))
      const isMeant = SHARED_WITH_APP.includes(name)
      if (isMeant && (isRefusal(readable) || readable.rowCount === 0)) return 'the app does not see it'
      if (!isMeant && !isRefusal(readable)) return 'the app reads it'
      const owned = await session.as({ role: 'owner' }, (query) => count(query, name))
      return (name === 'migrations') === owned > 0 ? null : `the owner sees ${owned} rows`
    },
  }))
}

/** DB-133: oneself and the people of the current tenant; one changes only oneself; anybody may sign up. */
function peopleChecks({ world }: Subjects): Check[] {
  const { a, b } = world
  const of = (says: string, run: Check['run']): Check => ({ id: 'DB-133', table: 'users', says, run })
  return [
    of('A sees its own people and not those of B', (session) =>
      session.as({ role: 'app', tenantId: a.ids.tenant }, async (query) => {
        const seen = (await query(`select id from users`)).rows.map(({ id }) => id)
        return seen.includes(a.ids.user) && !seen.includes(b.ids.user) ? null : `A sees ${seen.join(', ')}`
      }),
    ),
    of('a person sees and changes only itself', (session) =>
      session.as({ role: 'app', tenantId: a.ids.tenant, userId: b.ids.user }, async (query) => {
        const own = await attempt(query, `update users set language = 'fr' where id = $1`, [b.ids.user])
        const other = await attempt(query, `update users set language = 'fr' where id = $1`, [a.ids.user])
        return !isRefusal(own) && own.rowCount === 1 && !isRefusal(other) && other.rowCount === 0 ? null : 'not exactly the own row changed'
      }),
    ),
    of('sign-up needs no tenant', (session) =>
      session.as({ role: 'app', tenantId: '' }, async (query) => {
        const outcome = await attempt(query, `insert into users (email, name) values ('new@example.com', 'New')`)
        return isRefusal(outcome) ? outcome.message : null
      }),
    ),
    of('the owner is bound too', (session) =>
      session.as({ role: 'owner', tenantId: '', userId: '' }, async (query) => {
        const seen = await count(query, 'users')
        return seen === 0 ? null : `the owner sees ${seen} people`
      }),
    ),
    of('no password hash is readable', (session) =>
      session.as(appOf(a), async (query) => {
        const outcome = await attempt(query, `select password_hash from users`)
        return isRefusal(outcome) && outcome.code === '42501' ? null : 'the app reads it'
      }),
    ),
  ]
}

/** Also where no policy names the owner, so that FORCE cannot be seen at work. */
const forcedChecks = ({ tables }: Subjects): Check[] =>
  tables.map(({ name }) => ({
    id: 'Q-RLS-02',
    table: name,
    says: 'row security is enabled and forced',
    run: (session) =>
      session.as({ role: 'superuser' }, async (query) => {
        const { rows } = await query('select relrowsecurity and relforcerowsecurity as forced from pg_class where oid = $1::regclass', [
          name,
        ])
        return rows[0]?.['forced'] === true ? null : 'it is not'
      }),
  }))

export function roleChecks(subjects: Subjects): Check[] {
  const withRows = subjects.tables.filter(({ name, parent }) => parent === null || subjects.world.a.rows.has(name))
  return [
    ...withRows.flatMap((info) =>
      ACROSS.filter(({ named }) => info.policyRoles.includes(named)).map((role) => seesAcross(info, role, subjects)),
    ),
    ...withRows.filter(({ tenantColumn }) => tenantColumn !== null).map((info) => appStaysApp(info, subjects)),
    ...BEYOND_INGEST.map(hiddenFromIngest),
    ...globalChecks(subjects),
    ...peopleChecks(subjects),
    ...forcedChecks(subjects),
  ]
}

/** Roles and database, made once as a superuser before any migration (DB-126); safe to repeat. */
import { Client, escapeIdentifier, escapeLiteral } from 'pg'

export interface BootstrapOptions {
  /** A superuser's URL of the same server; its database is only the place to connect to. */
  readonly adminUrl: string
  readonly database: string
  readonly ownerPassword: string
  readonly appPassword: string
}

/** Roles belong to the whole server: two bootstraps at once would both find one missing. */
const ROLES_LOCK = 8_126
const UNPRIVILEGED = 'nosuperuser nobypassrls nocreatedb nocreaterole noreplication'

const ROLES: readonly (readonly [string, string])[] = [
  ['parking_owner', `login inherit ${UNPRIVILEGED}`],
  ['parking_app', `login noinherit ${UNPRIVILEGED}`],
  ['parking_platform', `nologin noinherit ${UNPRIVILEGED}`],
  ['parking_ingest', `nologin noinherit ${UNPRIVILEGED}`],
  ['parking_lookup', `nologin noinherit ${UNPRIVILEGED}`],
]

/** Entering is allowed, inheriting is not: an inheriting member would get the platform's policies on every query (Q-CAT-03). */
const MEMBERSHIPS = [
  'grant parking_platform to parking_app with inherit false, set true',
  'grant parking_ingest to parking_app with inherit false, set true',
  'grant parking_lookup to parking_owner with inherit false, set true',
]

/** DB-111. Migrations bring their own limits. */
const SETTINGS = [
  `alter role parking_app set statement_timeout = '5s'`,
  `alter role parking_app set lock_timeout = '3s'`,
  `alter role parking_app set idle_in_transaction_session_timeout = '30s'`,
  `alter role parking_app set timezone = 'UTC'`,
  `alter role parking_owner set timezone = 'UTC'`,
]

async function withAdmin<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** The URL of another database, or of another role, on the server of `url`. */
export function urlFor(url: string, change: { readonly database?: string; readonly user?: string; readonly password?: string }): string {
  const changed = new URL(url)
  if (change.database !== undefined) changed.pathname = `/${encodeURIComponent(change.database)}`
  if (change.user !== undefined) changed.username = encodeURIComponent(change.user)
  if (change.password !== undefined) changed.password = encodeURIComponent(change.password)
  return changed.href
}

async function ensureRoles(client: Client, passwords: Readonly<Record<string, string>>): Promise<void> {
  await client.query('begin')
  await client.query('select pg_advisory_xact_lock($1)', [ROLES_LOCK])
  for (const [role, attributes] of ROLES) {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role])
    const password = passwords[role] === undefined ? '' : ` password ${escapeLiteral(passwords[role])}`
    await client.query(`${rowCount === 0 ? 'create' : 'alter'} role ${role} ${attributes}${password}`)
  }
  for (const statement of [...MEMBERSHIPS, ...SETTINGS]) await client.query(statement)
  await client.query('commit')
}

async function ensureDatabase(client: Client, database: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [database])
  if (rowCount === 0) await client.query(`create database ${escapeIdentifier(database)} owner parking_owner`)
}

/** Rights on a database are not copied with a template, so every database passes here. */
export async function claimDatabase(adminUrl: string, database: string): Promise<void> {
  const name = escapeIdentifier(database)
  await withAdmin(urlFor(adminUrl, { database }), async (client) => {
    await client.query(`alter database ${name} owner to parking_owner`)
    await client.query(`revoke all on database ${name} from public`)
    await client.query(`grant connect on database ${name} to parking_app`)
    await client.query('alter schema public owner to parking_owner')
  })
}

/**
 * Makes the roles of schema § 2 and an empty database owned by `parking_owner`; what exists is brought to the same state,
 * passwords included. Needs a superuser; nothing that serves ever has its rights.
 */
export async function bootstrapDatabase(options: BootstrapOptions): Promise<void> {
  await withAdmin(options.adminUrl, async (client) => {
    await ensureRoles(client, { parking_owner: options.ownerPassword, parking_app: options.appPassword })
    await ensureDatabase(client, options.database)
  })
  await claimDatabase(options.adminUrl, options.database)
}

/** Brings a database to the newest schema: one runner at a time, each migration in its own transaction, as `parking_owner` (DB-880, DB-882). */
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { DataSource } from 'typeorm'
import { MIGRATIONS } from './migrations/all'

export interface MigrateOptions {
  /** Fixed once migrated (DB-884); all zeros unless told otherwise. */
  readonly platformTenantId?: string
}

const MIGRATION_LOCK = 8_882
const LOCK_WAIT = '60s'
/** A migration gives up after 2 s of waiting for a table, so that it never stands in front of the traffic; then it tries again. */
const LOCK_TIMEOUT = '2s'
const MAX_TRIES = 10
const PAUSE_MS = 1_000
const LOCK_NOT_AVAILABLE = '55P03'

/**
 * Made here, not by TypeORM, which would use a serial (DB-105). `id` is what it sorts by: the time stamp does the same.
 * Serving roles may read which migrations ran, nobody but the owner writes (DB-134).
 */
const MIGRATION_TABLE = `
create table if not exists migrations (
  "timestamp" bigint not null,
  name text not null,
  id bigint not null generated always as ("timestamp") stored,
  constraint migrations__pk primary key (id),
  constraint migrations__name_unique unique (name)
)`
const MIGRATION_TABLE_SECURITY = [
  'alter table migrations enable row level security',
  'alter table migrations force row level security',
  'create policy owner_access on migrations to parking_owner using (true) with check (true)',
  'create policy serving_read on migrations for select to parking_app, parking_platform using (true)',
  'grant select on migrations to parking_app, parking_platform',
  `comment on table migrations is 'Which migrations ran'`,
]

/** Every statement runs as the owner, also when a superuser's URL is given (DB-126). */
const asOwner = (options: MigrateOptions, lockTimeout: string) =>
  [
    '-c role=parking_owner',
    '-c statement_timeout=0',
    '-c idle_in_transaction_session_timeout=0',
    `-c lock_timeout=${lockTimeout}`,
    ...(options.platformTenantId === undefined ? [] : [`-c app.platform_tenant_id=${options.platformTenantId}`]),
  ].join(' ')

const hasCode = (error: unknown, code: string) => (error as { code?: string } | null)?.code === code

async function withMigrationLock<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, options: asOwner({}, LOCK_WAIT) })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]).catch((error: unknown) => {
      throw hasCode(error, LOCK_NOT_AVAILABLE)
        ? new Error('Another process has been migrating this database for more than 60 seconds.')
        : error
    })
    return await work(client)
  } finally {
    await client.end() // releases the lock
  }
}

async function ensureMigrationTable(client: Client): Promise<void> {
  const { rows } = await client.query<{ exists: boolean }>(`select to_regclass('public.migrations') is not null as exists`)
  if (rows[0]?.exists) return
  await client.query('begin')
  for (const statement of [MIGRATION_TABLE, ...MIGRATION_TABLE_SECURITY]) await client.query(statement)
  await client.query('commit')
}

async function withDataSource<T>(url: string, options: MigrateOptions, work: (source: DataSource) => Promise<T>): Promise<T> {
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations: [...MIGRATIONS],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    installExtensions: false,
    poolSize: 1,
    extra: { options: asOwner(options, LOCK_TIMEOUT) },
  })
  await source.initialize()
  try {
    return await work(source)
  } finally {
    await source.destroy()
  }
}

/** Each migration is a transaction of its own, so what ran before a lock time-out stays and the rest is tried again. */
async function runPending(source: DataSource): Promise<string[]> {
  const done: string[] = []
  for (let tries = 1; ; tries++) {
    try {
      for (const migration of await source.runMigrations()) done.push(migration.name)
      return done
    } catch (error) {
      if (tries >= MAX_TRIES || !hasCode(error, LOCK_NOT_AVAILABLE)) throw error
      await pause(PAUSE_MS)
    }
  }
}

/** Runs what has not run yet and returns the names of those migrations; a second run returns none and changes nothing. */
export function migrate(ownerUrl: string, options: MigrateOptions = {}): Promise<string[]> {
  return withMigrationLock(ownerUrl, async (client) => {
    await ensureMigrationTable(client)
    return withDataSource(ownerUrl, options, runPending)
  })
}

/** Takes back the newest `steps` migrations, newest first; for tests of `down` and for development. */
export function migrateDown(ownerUrl: string, steps: number): Promise<void> {
  return withMigrationLock(ownerUrl, () =>
    withDataSource(ownerUrl, {}, async (source) => {
      for (let step = 0; step < steps; step++) await source.undoLastMigration()
    }),
  )
}

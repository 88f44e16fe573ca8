/** Two tenants with a row in every table: A asks, B must stay invisible; the superuser's view is the positive control. */
import { Client } from 'pg'
import type { TestDatabase } from '#test/harness/test-database'
import { newIds, plantedRows, type Ids, type Row } from './planted-rows'
import type { TableInfo } from './catalogue'

export interface Planted {
  readonly ids: Ids
  /** The rows as they stand in the database, by table and partition. */
  readonly rows: ReadonlyMap<string, readonly Row[]>
}

export interface World {
  readonly a: Planted
  readonly b: Planted
}

const GLOBAL_ROWS: readonly string[] = [
  `insert into job_runs (name, scheduled_at, started_at, status) values ('probe', now(), now(), 'succeeded')`,
  `insert into listener_leases (ordinal, holder, expires_at) values (0, 'probe', now())`,
  `insert into rate_limit_state (scope, key, parts, from_at, window_seconds) values ('address', 'probe', array_fill(0, array[60]), now(), 60)`,
]

async function insert(client: Client, table: string, row: Row): Promise<void> {
  const columns = Object.keys(row)
  const places = columns.map((_, index) => `$${index + 1}`)
  await client.query(`insert into ${table} (${columns.join(', ')}) values (${places.join(', ')})`, Object.values(row))
}

async function plant(client: Client): Promise<Ids> {
  const ids = newIds()
  for (const [table, row] of plantedRows(ids)) await insert(client, table, row)
  return ids
}

/** As JSON, which `jsonb_populate_record` turns back into a row. */
async function readBack(client: Client, ids: Ids, tables: readonly TableInfo[]): Promise<Planted> {
  const rows = new Map<string, readonly Row[]>()
  for (const { name, tenantColumn } of tables) {
    const where = name === 'users' ? [`id = $1`, ids.user] : [`${tenantColumn} = $1`, ids.tenant]
    if (tenantColumn === null && name !== 'users') continue
    const { rows: found } = await client.query<{ row: Row }>(`select to_jsonb(t) as row from ${name} t where ${where[0]}`, [where[1]])
    if (found.length > 0)
      rows.set(
        name,
        found.map(({ row }) => row),
      )
  }
  return { ids, rows }
}

/** Plants as superuser: what can be planted must not depend on what is under test. */
export async function plantWorld(database: TestDatabase, tables: readonly TableInfo[]): Promise<World> {
  const client = new Client({ connectionString: database.adminUrl })
  await client.connect()
  try {
    const ids = [await plant(client), await plant(client)] as const
    for (const statement of GLOBAL_ROWS) await client.query(statement)
    return { a: await readBack(client, ids[0], tables), b: await readBack(client, ids[1], tables) }
  } finally {
    await client.end()
  }
}

/** Counts and checksums of every table, read as superuser: a refused request must leave them as they were (§4.1). */
import type { Client } from 'pg'

/** Columns and tables that a refusal may touch, each with its reason. */
const LEFT_OUT: ReadonlyMap<string, string> = new Map([
  ['rate_limit_state', 'failed logins are counted (API-057)'],
  ['audit_log', 'refusals may be audited (§4.1)'],
])

export type Witness = ReadonlyMap<string, string>

/** One statement over all ordinary and partitioned tables of `public`. */
export async function createWitness(client: Client): Promise<() => Promise<Witness>> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
  )
  const tables = rows.map(({ name }) => name).filter((name) => !LEFT_OUT.has(name))
  if (tables.length === 0) throw new Error('there are no tables to watch')
  const one = (name: string) =>
    `select '${name}' as name, count(*) || ':' || coalesce(sum(hashtextextended(t::text, 0)), 0) as sum from "${name}" t`
  const statement = tables.map(one).join(' union all ')
  return async () => {
    const result = await client.query<{ name: string; sum: string }>(statement)
    return new Map(result.rows.map(({ name, sum }) => [name, sum]))
  }
}

/** Names of tables that differ. */
export function changedTables(before: Witness, after: Witness): string[] {
  return [...after].filter(([name, sum]) => before.get(name) !== sum).map(([name]) => name)
}

/** A check answers null, or one sentence that says what leaked or broke; suites and mutants run the same ones (Q-MUT-01). */
import type { ForeignKey, TableInfo } from '../catalogue'
import type { Planted, World } from '../world'
import type { Row } from '../planted-rows'
import type { Query, Session, Who } from '../session'

export interface Check {
  readonly id: string
  /** The table it is about; mutants of that table run it. */
  readonly table: string
  readonly says: string
  run(session: Session): Promise<string | null>
}

export interface Subjects {
  readonly world: World
  readonly tables: readonly TableInfo[]
  readonly foreignKeys: readonly ForeignKey[]
}

export const appOf = ({ ids }: Planted): Who => ({ role: 'app', tenantId: ids.tenant, userId: ids.user })

/** The first planted row of a table; a test fails early when a new table has none. */
export function rowOf({ rows }: Planted, table: string): Row {
  const row = rows.get(table)?.[0]
  if (row === undefined) throw new Error(`no row of ${table} is planted: add it to planted-rows.ts`)
  return row
}

/** Rows of `from`: a table, with or without a `where`. */
export async function count(query: Query, from: string, values: readonly unknown[] = []): Promise<number> {
  const { rows } = await query(`select count(*) as n from ${from}`, values)
  return Number(rows[0]?.['n'])
}

/** Inserts a row given as JSON, naming only `columns`. */
export const insertJson = (table: string, columns: readonly string[]): string =>
  `insert into ${table} (${columns.join(', ')}) select ${columns.join(', ')} from jsonb_populate_record(null::${table}, $1)`

export async function runChecks(session: Session, checks: readonly Check[]): Promise<string[]> {
  const found: string[] = []
  for (const check of checks) {
    const complaint = await check.run(session)
    if (complaint !== null) found.push(`${check.id} ${check.table}: ${complaint}`)
  }
  return found
}

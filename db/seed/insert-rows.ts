/** Bulk insert of plain rows; column names are the rows' keys, types are the table's own (DB-872). */
import type { ClientBase } from 'pg'

export type SeedRow = Readonly<Record<string, unknown>>
export type RowsByTable = Readonly<Record<string, readonly SeedRow[]>>

export const iso = (instant: number): string => new Date(instant).toISOString()

const CHUNK = 2_000
const IDENTIFIER = /^[a-z_]+$/

/** Every row of one call has the same keys. Table and keys are words of ours, checked all the same. */
export async function insertRows(client: ClientBase, table: string, rows: readonly SeedRow[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {})
  if (![table, ...columns].every((word) => IDENTIFIER.test(word))) throw new Error(`not an identifier: ${table}`)
  const list = columns.join(', ')
  for (let from = 0; from < rows.length; from += CHUNK) {
    const chunk = JSON.stringify(rows.slice(from, from + CHUNK))
    await client.query(`insert into ${table} (${list}) select ${list} from jsonb_populate_recordset(null::${table}, $1::jsonb)`, [chunk])
  }
}

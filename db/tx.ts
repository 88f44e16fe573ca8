/** One open transaction as repositories see it: prepared statements, named rows, nothing else. */
import { createHash } from 'node:crypto'
import type { PoolClient } from 'pg'

export interface Tx {
  /** Runs a statement whose text never varies; it is prepared once per connection (DB-872). */
  rows<R>(text: string, values?: readonly unknown[]): Promise<R[]>
  /** The only or no row. */
  row<R>(text: string, values?: readonly unknown[]): Promise<R | null>
  /** Number of rows touched. */
  run(text: string, values?: readonly unknown[]): Promise<number>
  /** Runs a statement whose text depends on filters; not prepared, values still bound. */
  dynamicRows<R>(text: string, values?: readonly unknown[]): Promise<R[]>
}

/** A transaction that sees exactly one tenant's rows; repositories also name the tenant in each statement (DB-137). */
export interface TenantTx extends Tx {
  readonly tenantId: string
  readonly userId: string | null
}

const names = new Map<string, string>()

/** A statement's name is its text's hash, so that equal texts share one prepared statement per connection. */
function statementName(text: string): string {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = createHash('sha256').update(text).digest('hex').slice(0, 32)
  names.set(text, name)
  return name
}

export function createTx(client: PoolClient): Tx {
  const prepared = (text: string, values: readonly unknown[]) => client.query({ name: statementName(text), text, values: [...values] })
  return {
    async rows<R>(text: string, values: readonly unknown[] = []) {
      return (await prepared(text, values)).rows as R[]
    },
    async row<R>(text: string, values: readonly unknown[] = []) {
      return ((await prepared(text, values)).rows[0] as R | undefined) ?? null
    },
    async run(text: string, values: readonly unknown[] = []) {
      return (await prepared(text, values)).rowCount ?? 0
    },
    async dynamicRows<R>(text: string, values: readonly unknown[] = []) {
      return (await client.query({ text, values: [...values] })).rows as R[]
    },
  }
}

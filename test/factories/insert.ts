/** Inserts a row as `parking_app` inside its tenant, the way the product does, so that row security holds for tests too. */
import type { Pool, PoolClient } from 'pg'

export type Row = Readonly<Record<string, unknown>>

const isJson = (value: unknown) =>
  value !== null && typeof value === 'object' && !(value instanceof Date) && !Buffer.isBuffer(value) && !Array.isArray(value)

/** Members are columns; plain objects travel as JSON. */
export async function insertRow(client: PoolClient, table: string, row: Row): Promise<void> {
  const columns = Object.keys(row)
  const values = Object.values(row).map((value) => (isJson(value) ? JSON.stringify(value) : value))
  const places = columns.map((_, index) => `$${index + 1}`).join(', ')
  await client.query(`insert into ${table} (${columns.join(', ')}) values (${places})`, values)
}

/** One transaction with the tenant in context. */
export async function inTenant<T>(pool: Pool, tenantId: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query(`select set_config('app.tenant_id', $1, true)`, [tenantId])
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

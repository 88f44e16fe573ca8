/** Looks at rows as superuser, for positive controls and for what no operation shows; never to set a test up past the product's own rules. */
import { Client } from 'pg'

/** Runs one statement on a connection of its own. */
export async function asAdmin<R extends object = Record<string, unknown>>(
  adminUrl: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<R[]> {
  const client = new Client({ connectionString: adminUrl })
  await client.connect()
  try {
    return (await client.query<R>(text, [...values])).rows
  } finally {
    await client.end()
  }
}

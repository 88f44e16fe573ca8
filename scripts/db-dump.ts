/** `db:dump`: writes `db/schema.sql` from the migrated database; `--check` compares instead (DB-883). */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dumpSchema } from '#db/schema-dump'

const FILE = join(process.cwd(), 'db', 'schema.sql')

async function main(): Promise<void> {
  const url = process.env['DATABASE_OWNER_URL'] ?? process.env['DATABASE_URL']
  if (!url) throw new Error('DATABASE_OWNER_URL: the URL of a migrated database is needed')
  const text = await dumpSchema(url)
  if (!process.argv.includes('--check')) return writeFileSync(FILE, text)
  if (readFileSync(FILE, 'utf8') !== text)
    throw new Error('db/schema.sql is not what the database is; run npm run db:dump and review the difference')
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})

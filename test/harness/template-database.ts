/** One migrated database per state of the migrations; tests clone it, which takes a tenth of a second, and never connect to it. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client, escapeIdentifier } from 'pg'
import { bootstrapDatabase, claimDatabase, urlFor } from '#db/bootstrap'
import { migrate } from '#db/migrate'

/** The server of a test run belongs to the run, so the password guards nothing. */
const TEST_PASSWORD = 'parking-test'
/** Jest workers are processes: the first one makes the template, the others wait. */
const TEMPLATE_LOCK = 8_915
const DB_FOLDER = join(__dirname, '../../db')

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** Changes with the migrations, with the roles, and with the month, for which partitions exist. */
function templateName(): string {
  const hash = createHash('sha256').update(new Date().toISOString().slice(0, 7))
  for (const file of [...sources(join(DB_FOLDER, 'migrations')), join(DB_FOLDER, 'bootstrap.ts'), join(DB_FOLDER, 'migrate.ts')]) {
    hash.update(readFileSync(file))
  }
  return `parking_template_${hash.digest('hex').slice(0, 16)}`
}

export const ownerUrlOf = (adminUrl: string, database: string) =>
  urlFor(adminUrl, { database, user: 'parking_owner', password: TEST_PASSWORD })
export const appUrlOf = (adminUrl: string, database: string) => urlFor(adminUrl, { database, user: 'parking_app', password: TEST_PASSWORD })

export async function withAdmin<T>(adminUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: adminUrl })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Made under another name and renamed at the end, so that a run which died half-way leaves no half template. */
async function makeTemplate(client: Client, adminUrl: string, name: string): Promise<void> {
  const draft = `${name}_draft`
  await client.query(`drop database if exists ${escapeIdentifier(draft)} with (force)`)
  await bootstrapDatabase({ adminUrl, database: draft, ownerPassword: TEST_PASSWORD, appPassword: TEST_PASSWORD })
  await migrate(ownerUrlOf(adminUrl, draft))
  await client.query(`alter database ${escapeIdentifier(draft)} rename to ${escapeIdentifier(name)}`)
}

/** The name of the migrated template, made if this state of the migrations has none yet. */
export function ensureTemplate(adminUrl: string): Promise<string> {
  const name = templateName()
  return withAdmin(adminUrl, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK])
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount === 0) await makeTemplate(client, adminUrl, name)
    return name
  })
}

/** A new database that equals `template`, with the rights that a template does not carry. */
export async function cloneDatabase(adminUrl: string, template: string, name: string): Promise<void> {
  await withAdmin(adminUrl, (client) =>
    client.query(`create database ${escapeIdentifier(name)} template ${escapeIdentifier(template)} owner parking_owner`),
  )
  await claimDatabase(adminUrl, name)
}

export const dropDatabase = (adminUrl: string, name: string) =>
  withAdmin(adminUrl, (client) => client.query(`drop database if exists ${escapeIdentifier(name)} with (force)`))

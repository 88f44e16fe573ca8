/** `db:migrate`: makes the roles when it is given a superuser, then brings the schema up to date; run twice = no change (DB-126, DB-882). */
import { bootstrapDatabase, urlFor } from '#db/bootstrap'
import { migrate } from '#db/migrate'

async function main(environment: NodeJS.ProcessEnv): Promise<void> {
  const ownerUrl = required(environment, 'DATABASE_OWNER_URL')
  const adminUrl = environment['DATABASE_ADMIN_URL']
  if (adminUrl) await makeRoles(adminUrl, ownerUrl, environment)
  const platformTenantId = environment['PLATFORM_TENANT_ID']
  const done = await migrate(ownerUrl, platformTenantId ? { platformTenantId } : {})
  console.log(done.length > 0 ? `migrated: ${done.join(', ')}` : 'the schema was up to date')
}

function makeRoles(adminUrl: string, ownerUrl: string, environment: NodeJS.ProcessEnv): Promise<void> {
  return bootstrapDatabase({
    adminUrl: urlFor(adminUrl, { database: 'postgres' }), // the product's own may not exist yet
    database: decodeURIComponent(new URL(ownerUrl).pathname.slice(1)),
    ownerPassword: required(environment, 'PARKING_OWNER_PASSWORD'),
    appPassword: required(environment, 'PARKING_APP_PASSWORD'),
  })
}

function required(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}

main(process.env).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})

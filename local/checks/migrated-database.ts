/** A freshly migrated database for the checks that compare generated files with it. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../run-command'

const DATABASE = 'parking_check'

/**
 * The environment with `DATABASE_OWNER_URL` of such a database. Unchanged without a server of our own: the roles are the whole server's, and
 * someone else may be using them. Unchanged too when the migration fails, which the integration tests report better.
 */
export async function withMigratedDatabase(root: string, env: NodeJS.ProcessEnv, adminUrl: string | null): Promise<NodeJS.ProcessEnv> {
  const migrate = join(root, 'dist', 'scripts', 'db-migrate.js')
  if (adminUrl === null || !existsSync(migrate)) return env
  const password = randomBytes(16).toString('hex')
  const ownerUrl = Object.assign(new URL(adminUrl), { username: 'parking_owner', password, pathname: `/${DATABASE}` }).href
  const migrated = {
    ...env,
    DATABASE_ADMIN_URL: adminUrl,
    DATABASE_OWNER_URL: ownerUrl,
    PARKING_OWNER_PASSWORD: password,
    PARKING_APP_PASSWORD: password,
  }
  const { code } = await runCommand(process.execPath, [migrate], { cwd: root, env: migrated })
  return code === 0 ? { ...env, DATABASE_OWNER_URL: ownerUrl } : env
}

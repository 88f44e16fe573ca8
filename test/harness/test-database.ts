/** A migrated database of a suite's own, served as `parking_app` (DB-915). */
import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { createDatabase } from '#db/database'
import { assertServingRole } from '#db/serving-role'
import { createUnitOfWork, type UnitOfWork } from '#db/unit-of-work'
import { urlFor } from '#db/bootstrap'
import { requireEnv } from './services'
import { appUrlOf, cloneDatabase, dropDatabase, ensureTemplate, ownerUrlOf } from './template-database'

export interface TestDatabase {
  readonly name: string
  /** As `parking_app`: what the product serves with. */
  readonly appUrl: string
  /** As `parking_owner`: for migrations alone. */
  readonly ownerUrl: string
  /** As superuser, same database: for positive controls alone. */
  readonly adminUrl: string
  readonly pool: Pool
  readonly unitOfWork: UnitOfWork
  /** Ends the pool and drops the database. */
  close(): Promise<void>
}

export interface TestDatabaseOptions {
  readonly poolMax?: number
}

const ignore = () => undefined // idle connections end when the database is dropped; nothing is lost then

/** Clones the template and connects; refuses to hand out a pool whose role row security does not bind. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const serverUrl = requireEnv('TEST_DATABASE_ADMIN_URL')
  const name = `parking_test_${randomUUID().replaceAll('-', '').slice(0, 20)}`
  await cloneDatabase(serverUrl, await ensureTemplate(serverUrl), name)
  const appUrl = appUrlOf(serverUrl, name)
  const { pool, close } = createDatabase({
    url: appUrl,
    poolMax: options.poolMax ?? 8,
    poolWaitMs: 10_000,
    statementTimeoutMs: 30_000,
    lockTimeoutMs: 10_000,
    applicationName: 'test',
    onIdleError: ignore,
  })
  await assertServingRole(pool)
  return {
    name,
    appUrl,
    ownerUrl: ownerUrlOf(serverUrl, name),
    adminUrl: urlFor(serverUrl, { database: name }),
    pool,
    unitOfWork: createUnitOfWork(pool),
    async close() {
      await close()
      await dropDatabase(serverUrl, name)
    },
  }
}

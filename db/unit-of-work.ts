/**
 * The only doors to rows (H-10, DB-136). Each opens one short transaction, enters its tenant or role for that transaction
 * alone, and hands out repositories that are bound to it. No network call may happen inside (H-11).
 */
import type { Pool, PoolClient } from 'pg'
import type { UserPrincipal } from '#domain/authorization/principal'
import { DomainError } from '#domain/shared/domain-error'
import { isRetryable, translateDatabaseError } from './errors'
import {
  bindIngest,
  bindLookups,
  bindPlatform,
  bindTenant,
  type IngestRepositories,
  type Lookups,
  type PlatformRepositories,
  type TenantRepositories,
} from './repositories'
import { createTx, type Tx } from './tx'

/** Whose rows: a principal is one; workflows and listeners name the tenant alone. */
export interface TenantScope {
  readonly tenantId: string
  readonly userId?: string | null
}

export interface WorkOptions {
  readonly readOnly?: boolean
}

export interface UnitOfWork {
  /** Exactly one tenant's rows, as `parking_app`. Retried up to three times on deadlock or serialisation failure (DB-873). */
  withTenant<T>(scope: TenantScope, work: (repositories: TenantRepositories) => Promise<T>, options?: WorkOptions): Promise<T>
  /** Every tenant's rows, as `parking_platform`; refuses anyone but a verified platform principal (D-12). */
  withPlatform<T>(principal: UserPrincipal, work: (repositories: PlatformRepositories) => Promise<T>, options?: WorkOptions): Promise<T>
  /** One micro-batch across tenants, as `parking_ingest`; only `api/ingest` calls it (H-17). Not retried here: the caller bisects. */
  withIngest<T>(work: (repositories: IngestRepositories) => Promise<T>): Promise<T>
  /** Look-ups that precede a tenant: the definer functions of schema § 4, one statement each, no tenant in context. */
  withLookups<T>(work: (lookups: Lookups) => Promise<T>): Promise<T>
}

const MAX_TRIES = 3
const ENTER_TENANT = `select set_config('app.tenant_id', $1, true), set_config('app.user_id', $2, true)`

interface Transaction<T> {
  readonly begin: 'begin' | 'begin read only'
  /** First statement: the tenant or the role of this transaction alone. */
  readonly enter?: (tx: Tx) => Promise<unknown>
  readonly work: (tx: Tx) => Promise<T>
}

async function inTransaction<T>(pool: Pool, { begin, enter, work }: Transaction<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query(begin)
    const tx = createTx(client)
    await enter?.(tx)
    const result = await work(tx)
    await client.query('commit')
    return result
  } catch (error) {
    broken = await rollBack(client)
    throw error
  } finally {
    client.release(broken)
  }
}

/** Returns the reason why the connection cannot be used again, if any. */
async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback')
    return undefined
  } catch (error) {
    return error as Error // pg rejects with Error only; the pool then discards the connection
  }
}

async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (tries >= MAX_TRIES || !isRetryable(error)) throw translateDatabaseError(error)
    }
  }
}

export function createUnitOfWork(pool: Pool): UnitOfWork {
  return {
    withTenant(scope, work, { readOnly } = {}) {
      const { tenantId, userId = null } = scope
      const enter = (tx: Tx) => tx.rows(ENTER_TENANT, [tenantId, userId ?? ''])
      return retried(() =>
        inTransaction(pool, { begin: beginning(readOnly), enter, work: (tx) => work(bindTenant({ ...tx, tenantId, userId })) }),
      )
    },

    async withPlatform(principal, work, { readOnly } = {}) {
      if (principal.scope !== 'platform' || principal.role !== 'platform_admin') throw new DomainError('permission.role')
      const enter = async (tx: Tx) => {
        await tx.rows(ENTER_TENANT, [principal.tenantId, principal.userId])
        await tx.run('set local role parking_platform')
      }
      return retried(() => inTransaction(pool, { begin: beginning(readOnly), enter, work: (tx) => work(bindPlatform(tx)) }))
    },

    withIngest(work) {
      const enter = (tx: Tx) => tx.run('set local role parking_ingest')
      return inTransaction(pool, { begin: 'begin', enter, work: (tx) => work(bindIngest(tx)) })
    },

    withLookups(work) {
      return retried(() => inTransaction(pool, { begin: 'begin', work: (tx) => work(bindLookups(tx)) }))
    },
  }
}

const beginning = (readOnly: boolean | undefined): 'begin' | 'begin read only' => (readOnly ? 'begin read only' : 'begin')

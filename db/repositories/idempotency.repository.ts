/** Answers already given under an `Idempotency-Key` (DB-209, API-047). */
import type { TenantTx } from '../tx'

export interface IdempotencyClaim {
  readonly key: string
  readonly principal: string
  readonly operation: string
  readonly fingerprint: Buffer
}

export interface StoredAnswer {
  readonly fingerprint: Buffer
  readonly status: number
  readonly response: unknown
}

/** Held to the end of the transaction; released by commit and rollback alike. */
const LOCK = `select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as locked`

const FIND = `
  select fingerprint, status, response from idempotency_keys
  where tenant_id = $1 and principal = $2 and operation = $3 and key = $4 and state = 'done' and expires_at > now()`

/** A record that has run out is replaced: its key is free again. */
const STORE = `
  insert into idempotency_keys (tenant_id, principal, operation, key, fingerprint, state, status, response, expires_at)
  values ($1, $2, $3, $4, $5, 'done', $6, $7::jsonb, now() + interval '24 hours')
  on conflict (tenant_id, principal, operation, key) do update
    set fingerprint = excluded.fingerprint, state = 'done', status = excluded.status, response = excluded.response,
        created_at = now(), expires_at = excluded.expires_at`

export function createIdempotencyRepository(tx: TenantTx) {
  return {
    /** False while another request with this key is running. */
    async tryLock({ key, principal, operation }: IdempotencyClaim): Promise<boolean> {
      const row = await tx.row<{ locked: boolean }>(LOCK, [`${tx.tenantId}/${principal}/${operation}/${key}`])
      return row?.locked === true
    },

    find: ({ key, principal, operation }: IdempotencyClaim): Promise<StoredAnswer | null> =>
      tx.row<StoredAnswer>(FIND, [tx.tenantId, principal, operation, key]),

    store: ({ key, principal, operation, fingerprint }: IdempotencyClaim, status: number, response: unknown): Promise<number> =>
      tx.run(STORE, [tx.tenantId, principal, operation, key, fingerprint, status, JSON.stringify(response)]),
  }
}

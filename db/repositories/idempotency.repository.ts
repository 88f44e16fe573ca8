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
  /** Null while the command is running. */
  readonly status: number | null
  readonly response: unknown
}

/** The right to run the effect of a key that is not one transaction of ours; lost to a retry after `LEASE_SECONDS`. */
export interface Lease {
  readonly leaseId: string
  /** An earlier request began it and did not tell how it ended: its effect may have happened. */
  readonly isResumed: boolean
}

/** API-047: older than this, a running record is taken over by a retry. */
const LEASE_SECONDS = 20

/** Held to the end of the transaction; released by commit and rollback alike. */
const LOCK = `select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as locked`

const FIND = `
  select fingerprint, status, response from idempotency_keys
  where tenant_id = $1 and principal = $2 and operation = $3 and key = $4 and expires_at > now()`

/** A record that has run out is replaced, its key is free again; a running one is taken over when its lease is over. */
const TAKE = `
  insert into idempotency_keys as k (tenant_id, principal, operation, key, fingerprint, state, expires_at)
  values ($1, $2, $3, $4, $5, 'running', now() + interval '24 hours')
  on conflict (tenant_id, principal, operation, key) do update
    set id = excluded.id, fingerprint = excluded.fingerprint, state = 'running', status = null, response = null,
        created_at = now(), expires_at = excluded.expires_at
    where k.expires_at <= now() or (k.state = 'running' and k.created_at <= now() - make_interval(secs => ${LEASE_SECONDS}))
  returning new.id as "leaseId", coalesce(old.state = 'running' and old.expires_at > now(), false) as "isResumed"`

/** Ends the lease at once: what it did is for the next retry to find out. */
const GIVE_UP = `
  update idempotency_keys set created_at = now() - make_interval(secs => ${LEASE_SECONDS})
  where tenant_id = $1 and id = $2 and state = 'running'`

/** An answer in force is never replaced: one key, one outcome. A refusal ($8) also leaves a lease that is not its own. */
const STORE = `
  insert into idempotency_keys as k (tenant_id, principal, operation, key, fingerprint, state, status, response, expires_at)
  values ($1, $2, $3, $4, $5, 'done', $6, $7::jsonb, now() + interval '24 hours')
  on conflict (tenant_id, principal, operation, key) do update
    set fingerprint = excluded.fingerprint, state = 'done', status = excluded.status, response = excluded.response,
        created_at = now(), expires_at = excluded.expires_at
    where k.expires_at <= now() or (k.state = 'running' and (not $8::boolean or k.id = $9::uuid))`

export function createIdempotencyRepository(tx: TenantTx) {
  const answerOf = ({ key, principal, operation, fingerprint }: IdempotencyClaim, status: number, response: unknown) => [
    tx.tenantId,
    principal,
    operation,
    key,
    fingerprint,
    status,
    JSON.stringify(response),
  ]

  return {
    /** False while another request with this key is running. */
    async tryLock({ key, principal, operation }: IdempotencyClaim): Promise<boolean> {
      const row = await tx.row<{ locked: boolean }>(LOCK, [`${tx.tenantId}/${principal}/${operation}/${key}`])
      return row?.locked === true
    },

    find: ({ key, principal, operation }: IdempotencyClaim): Promise<StoredAnswer | null> =>
      tx.row<StoredAnswer>(FIND, [tx.tenantId, principal, operation, key]),

    /** Null while another request has the lease. */
    take: ({ key, principal, operation, fingerprint }: IdempotencyClaim): Promise<Lease | null> =>
      tx.row<Lease>(TAKE, [tx.tenantId, principal, operation, key, fingerprint]),

    giveUp: ({ leaseId }: Lease): Promise<number> => tx.run(GIVE_UP, [tx.tenantId, leaseId]),

    /** In the transaction of the effect: what happened is the answer, whoever has the lease. */
    store: (claim: IdempotencyClaim, status: number, response: unknown): Promise<number> =>
      tx.run(STORE, [...answerOf(claim, status, response), false, null]),

    /** Zero when the key has an answer already or another request has the lease. */
    storeRefusal: (claim: IdempotencyClaim, { status, body }: { status: number; body: unknown }, lease: Lease | null): Promise<number> =>
      tx.run(STORE, [...answerOf(claim, status, body), true, lease?.leaseId ?? null]),
  }
}

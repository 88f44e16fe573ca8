/** Messages that did not fit: stored by ingest with the reason, settled by people (D-73, DOM-928). */
import { toIso, type Instant } from '#domain/shared/instant'
import type { TenantTx, Tx } from '../tx'
import { epochMs, toColumns } from './columns'

export interface DeadLetterRow {
  readonly tenantId: string
  readonly source: 'mqtt' | 'webhook'
  readonly topic: string
  readonly devEui: string | null
  readonly reason: string
  readonly detail: string
  readonly raw: Buffer
  readonly contentHash: Buffer
  readonly receivedAt: Instant
}

export interface StoredDeadLetter {
  readonly deadLetterId: string
  readonly source: string
  readonly topic: string | null
  readonly reason: string
  readonly raw: Buffer
  readonly receivedAt: Instant
  readonly status: 'open' | 'replayed' | 'discarded'
}

const INSERT = `
  insert into ingest_dead_letters (tenant_id, source, topic, dev_eui, reason, detail, raw, content_hash, received_at)
  select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::bytea[], $9::timestamptz[])`

const FIND = `
  select id as "deadLetterId", source, topic, reason, raw, ${epochMs('received_at')} as "receivedAt", status
  from ingest_dead_letters where tenant_id = $1 and id = $2`

const SETTLE_REPLAY = `
  update ingest_dead_letters set attempts = attempts + 1, status = case when $3 then 'replayed' else status end,
    resolved_at = case when $3 then clock_timestamp() else resolved_at end, resolved_by = case when $3 then $4::uuid else resolved_by end
  where tenant_id = $1 and id = $2 and status <> 'discarded'`

/** Bound to the ingest role. */
export function createDeadLetterIntakeRepository(tx: Tx) {
  return {
    insert: (rows: readonly DeadLetterRow[]): Promise<number> =>
      tx.run(
        INSERT,
        toColumns(
          rows,
          (r) => r.tenantId,
          (r) => r.source,
          (r) => r.topic,
          (r) => r.devEui,
          (r) => r.reason,
          (r) => r.detail,
          (r) => r.raw,
          (r) => r.contentHash,
          (r) => toIso(r.receivedAt),
        ),
      ),
  }
}

/** Bound to one tenant. */
export function createDeadLetterRepository(tx: TenantTx) {
  return {
    find: (deadLetterId: string): Promise<StoredDeadLetter | null> => tx.row<StoredDeadLetter>(FIND, [tx.tenantId, deadLetterId]),

    /** Counts the attempt; `isAccepted` closes the letter. */
    settleReplay: (deadLetterId: string, isAccepted: boolean): Promise<number> =>
      tx.run(SETTLE_REPLAY, [tx.tenantId, deadLetterId, isAccepted, tx.userId]),
  }
}

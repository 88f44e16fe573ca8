/** Outbox rows of one ingest batch, in order of (tenant, target): facts for spaces, messages for lights (DOM-907, DB-273). */
import type { OutboxMessage, OutboxRow, SensorFact } from '#domain/shared/outbox'
import type { Tx } from '../tx'
import { toColumns } from './columns'
import { MERGE_OUTBOX, OUTBOX_COLUMNS } from './outbox.repository'

export interface IngestOutboxEntry {
  readonly tenantId: string
  readonly target: string
  readonly facts: readonly SensorFact[]
  readonly message: OutboxMessage | null
}

const PUT = `
  insert into outbox (tenant_id, target, facts, message)
  select n.tenant_id, n.target, n.facts, n.message
  from unnest($1::uuid[], $2::text[], $3::jsonb[], $4::jsonb[]) as n (tenant_id, target, facts, message)
  order by 1, 2
  on conflict (tenant_id, target) do update set
    facts = case when excluded.facts is null then outbox.facts else coalesce(outbox.facts, '[]') || excluded.facts end, ${MERGE_OUTBOX}
  returning ${OUTBOX_COLUMNS}`

export function createIngestOutboxRepository(tx: Tx) {
  return {
    /** At most one entry per target; answers the rows as they stand now. */
    put: (entries: readonly IngestOutboxEntry[]): Promise<OutboxRow[]> =>
      tx.rows<OutboxRow>(
        PUT,
        toColumns(
          entries,
          (e) => e.tenantId,
          (e) => e.target,
          (e) => (e.facts.length === 0 ? null : JSON.stringify(e.facts)),
          (e) => (e.message === null ? null : JSON.stringify(e.message)),
        ),
      ),
  }
}

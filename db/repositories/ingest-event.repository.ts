/** Events beside uplinks: stored once by their key (DOM-906). */
import { toIso, type Instant } from '#domain/shared/instant'
import type { Tx } from '../tx'
import { toColumns } from './columns'
import type { DeviceKey } from './ingest-registry.repository'

export interface DeviceEventRow extends DeviceKey {
  readonly kind: 'join' | 'ack' | 'txack' | 'log' | 'status' | 'location'
  readonly eventKey: string
  readonly queueItemId: string | null
  readonly at: Instant
  readonly receivedAt: Instant
  readonly body: Readonly<Record<string, unknown>>
}

const INSERT = `
  insert into device_events (tenant_id, device_id, kind, event_key, queue_item_id, at, received_at, body)
  select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::timestamptz[], $7::timestamptz[], $8::jsonb[])
  on conflict do nothing
  returning tenant_id as "tenantId", event_key as "eventKey"`

export function createIngestEventRepository(tx: Tx) {
  return {
    /** Answers the keys of those that were not stored before. */
    insert: (rows: readonly DeviceEventRow[]): Promise<{ tenantId: string; eventKey: string }[]> =>
      tx.rows(
        INSERT,
        toColumns(
          rows,
          (r) => r.tenantId,
          (r) => r.deviceId,
          (r) => r.kind,
          (r) => r.eventKey,
          (r) => r.queueItemId,
          (r) => toIso(r.at),
          (r) => toIso(r.receivedAt),
          (r) => JSON.stringify(r.body),
        ),
      ),
  }
}

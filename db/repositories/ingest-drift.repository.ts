/** Events about a device that another tenant holds: a difference with the network server, and nothing else (LW-004). */
import { toIso, type Instant } from '#domain/shared/instant'
import type { Tx } from '../tx'
import { toColumns } from './columns'

export interface ForeignDevice {
  /** The tenant that the application is linked to; who holds the device is never told. */
  readonly tenantId: string
  readonly devEui: string
  readonly applicationId: string
  readonly seenAt: Instant
}

const RECORD = `
  insert into chirpstack_drift as d (tenant_id, entity_type, eui, kind, theirs, since, last_seen_at)
  select n.tenant_id, 'device', n.eui, 'foreign_application', jsonb_build_object('application_id', n.application_id), n.seen_at, n.seen_at
  from unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[]) as n (tenant_id, eui, application_id, seen_at)
  order by 1, n.eui
  on conflict (tenant_id, entity_type, eui, kind, field) where status = 'open' do update set last_seen_at = excluded.last_seen_at`

export function createIngestDriftRepository(tx: Tx) {
  return {
    recordForeign: (devices: readonly ForeignDevice[]): Promise<number> =>
      tx.run(
        RECORD,
        toColumns(
          devices,
          (d) => d.tenantId,
          (d) => d.devEui,
          (d) => d.applicationId,
          (d) => toIso(d.seenAt),
        ),
      ),
  }
}

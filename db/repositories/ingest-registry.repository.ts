/** Ingest's view of the registry: whose device an event is about, and how that device stands now (DOM-903, DB-147). */
import type { CodecOptions } from '#domain/codec/types'
import type { Lifecycle } from '#domain/device/lifecycle'
import type { LivenessConfig } from '#domain/device/freshness'
import type { Instant } from '#domain/shared/instant'
import type { Tx } from '../tx'
import { epochMs, toColumns } from './columns'

export interface RouteQuery {
  readonly applicationId: string
  /** The network server's tenant id. */
  readonly nsTenantId: string | null
  readonly devEui: string
}

export interface IngestRoute {
  readonly tenantId: string
  readonly deviceId: string | null
  /** The device's model, else the one that its network-server profile is mapped to. */
  readonly model: string | null
  /** The device row belongs to another tenant than the application (LW-004). */
  readonly isForeign: boolean
}

export interface DeviceKey {
  readonly tenantId: string
  readonly deviceId: string
}

export interface IngestDeviceConfig extends LivenessConfig {
  readonly codec?: CodecOptions
  readonly skip_fcnt_check?: boolean
}

export interface IngestDevice extends DeviceKey {
  readonly devEui: string
  readonly kind: 'sensor' | 'display'
  readonly model: string | null
  readonly config: IngestDeviceConfig
  readonly lifecycleState: Lifecycle
  readonly status: string
  readonly enabled: boolean
  readonly assignedSpaceId: string | null
  readonly assignedAt: Instant | null
  readonly lastSeenAt: Instant | null
  readonly batteryVolts: number | null
  readonly batteryPercent: number | null
}

const RESOLVE = `
  select tenant_id as "tenantId", device_id as "deviceId", model, "foreign" as "isForeign"
  from ingest_resolve($1::uuid[], $2::uuid[], $3::text[])`

const LOAD = `
  select d.tenant_id as "tenantId", d.id as "deviceId", d.dev_eui as "devEui", d.kind, d.model, d.config, d.lifecycle_state as "lifecycleState",
    d.status, d.enabled, d.assigned_space_id as "assignedSpaceId", ${epochMs('d.assigned_at')} as "assignedAt",
    ${epochMs('d.last_seen_at')} as "lastSeenAt", d.battery_volts as "batteryVolts", d.battery_percent as "batteryPercent"
  from unnest($1::uuid[], $2::uuid[]) as k (tenant_id, device_id)
  join devices d on d.tenant_id = k.tenant_id and d.id = k.device_id
  where d.archived_at is null`

export function createIngestRegistryRepository(tx: Tx) {
  return {
    /** One answer per query, in their order. */
    resolve: (queries: readonly RouteQuery[]): Promise<IngestRoute[]> =>
      tx.rows<IngestRoute>(
        RESOLVE,
        toColumns(
          queries,
          (q) => q.applicationId,
          (q) => q.nsTenantId,
          (q) => q.devEui,
        ),
      ),

    /** Devices that are still there; a moved or retired one is missing from the answer. */
    load: (keys: readonly DeviceKey[]): Promise<IngestDevice[]> =>
      tx.rows<IngestDevice>(
        LOAD,
        toColumns(
          keys,
          (k) => k.tenantId,
          (k) => k.deviceId,
        ),
      ),
  }
}

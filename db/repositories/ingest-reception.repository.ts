/** Who heard whom, and when last: devices, gateways and the pairs of both, each written at most once a minute (DOM-925, DB-235). */
import { toIso, type Instant } from '#domain/shared/instant'
import type { Tx } from '../tx'
import { toColumns } from './columns'
import type { DeviceKey } from './ingest-registry.repository'

export interface DeviceSeen extends DeviceKey {
  readonly seenAt: Instant
  readonly batteryVolts: number | null
  readonly batteryPercent: number | null
}

export interface Reception extends DeviceKey {
  readonly gatewayEui: string
  readonly heardAt: Instant
  readonly rssiDbm: number | null
  readonly snrDb: number | null
}

const EVERY = `interval '1 minute'`

/** Rewrites a device's row only when something can be seen to change. */
const TOUCH_DEVICES = `
  update devices d set last_seen_at = greatest(d.last_seen_at, n.seen_at), battery_volts = coalesce(n.battery_volts, d.battery_volts),
    battery_percent = coalesce(n.battery_percent, d.battery_percent)
  from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::numeric(4,2)[], $5::smallint[]) as n (tenant_id, id, seen_at, battery_volts, battery_percent)
  where d.tenant_id = n.tenant_id and d.id = n.id
    and (d.last_seen_at is null or d.last_seen_at < n.seen_at - ${EVERY} or (d.last_seen_at < d.assigned_at and n.seen_at >= d.assigned_at)
      or n.battery_volts <> coalesce(d.battery_volts, -1) or n.battery_percent <> coalesce(d.battery_percent, -1))`

const UPSERT_PAIRS = `
  insert into device_gateways as g (tenant_id, device_id, gateway_eui, last_heard_at, rssi_dbm, snr_db, uplinks)
  select n.tenant_id, n.device_id, n.gateway_eui, n.heard_at, n.rssi_dbm, n.snr_db, 1
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::smallint[], $6::real[])
    as n (tenant_id, device_id, gateway_eui, heard_at, rssi_dbm, snr_db)
  order by 1, 2, 3
  on conflict (tenant_id, device_id, gateway_eui) do update
    set last_heard_at = excluded.last_heard_at, rssi_dbm = excluded.rssi_dbm, snr_db = excluded.snr_db, uplinks = g.uplinks + 1
    where g.last_heard_at < excluded.last_heard_at - ${EVERY}`

/** Rows that another batch holds are being touched by it; waiting for them would only line batches up. */
const TOUCH_GATEWAYS = `
  with due as (
    select g.tenant_id, g.id, n.heard_at
    from gateways g join unnest($1::uuid[], $2::text[], $3::timestamptz[]) as n (tenant_id, gateway_eui, heard_at)
      on g.tenant_id = n.tenant_id and g.gateway_id = n.gateway_eui
    where g.last_seen_at is null or g.last_seen_at < n.heard_at - ${EVERY}
    for no key update of g skip locked)
  update gateways g set last_seen_at = due.heard_at from due where g.tenant_id = due.tenant_id and g.id = due.id`

export function createIngestReceptionRepository(tx: Tx) {
  return {
    touchDevices: (seen: readonly DeviceSeen[]): Promise<number> =>
      tx.run(
        TOUCH_DEVICES,
        toColumns(
          seen,
          (s) => s.tenantId,
          (s) => s.deviceId,
          (s) => toIso(s.seenAt),
          (s) => s.batteryVolts,
          (s) => s.batteryPercent,
        ),
      ),

    /** At most one reception per device and gateway. */
    recordPairs: (receptions: readonly Reception[]): Promise<number> =>
      tx.run(
        UPSERT_PAIRS,
        toColumns(
          receptions,
          (r) => r.tenantId,
          (r) => r.deviceId,
          (r) => r.gatewayEui,
          (r) => toIso(r.heardAt),
          (r) => r.rssiDbm,
          (r) => r.snrDb,
        ),
      ),

    /** At most one reception per gateway; unregistered gateways are simply not there. */
    touchGateways: (receptions: readonly Reception[]): Promise<number> =>
      tx.run(
        TOUCH_GATEWAYS,
        toColumns(
          receptions,
          (r) => r.tenantId,
          (r) => r.gatewayEui,
          (r) => toIso(r.heardAt),
        ),
      ),
  }
}

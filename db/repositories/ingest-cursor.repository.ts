/** Frame cursors in bulk: locked in order of (tenant, device), so that two listeners never apply frames of one device at once (DB-870). */
import type { FrameCursor } from '#domain/device/frame-cursor'
import type { OccupancyValue } from '#domain/occupancy/types'
import type { Instant } from '#domain/shared/instant'
import type { Tx } from '../tx'
import { epochMs, isoOrNull, textArray, toColumns } from './columns'
import type { DeviceKey } from './ingest-registry.repository'

/** One row of `sensor_debounce_state`. */
export interface StreamCursor extends FrameCursor, DeviceKey {
  readonly lastReceivedAt: Instant | null
  /** The next fresh frame must project although nothing changed (DOM-907). */
  readonly projectNext: boolean
  readonly value: OccupancyValue | null
  readonly valueHeardAt: Instant | null
  readonly valueReadingId: string | null
  /** Instants of the last changes of value, oldest first, at most 21 (DOM-235). */
  readonly flips: readonly Instant[]
  readonly suspectSince: Instant | null
  /** Changes that are still learning and do not count as flips (DOM-236). */
  readonly learningLeft: number
  readonly batteryLowCount: number
  readonly lastRssiDbm: number | null
  readonly lastSnrDb: number | null
  readonly lastGatewayEui: string | null
  readonly deviceClass: string | null
  readonly firmware: string | null
  readonly framesLost: number
}

const CREATE_MISSING = `
  insert into sensor_debounce_state (tenant_id, device_id)
  select k.tenant_id, k.device_id from unnest($1::uuid[], $2::uuid[]) as k (tenant_id, device_id) order by 1, 2
  on conflict do nothing`

export const CURSOR_COLUMNS = `
  c.dev_addr as "devAddr", c.former_dev_addrs as "formerDevAddrs", c.announced_dev_addr as "announcedDevAddr", c.f_cnt as "fCnt",
  c.recent_dedup as "recentDedup", ${epochMs('c.last_heard_at')} as "lastHeardAt", ${epochMs('c.last_received_at')} as "lastReceivedAt",
  c.project_next as "projectNext", c.value, ${epochMs('c.value_heard_at')} as "valueHeardAt", c.value_reading_id as "valueReadingId",
  array(select ${epochMs('f')} from unnest(c.flips) as f)::float8[] as flips, ${epochMs('c.suspect_since')} as "suspectSince",
  c.learning_left as "learningLeft", c.battery_low_count as "batteryLowCount", c.last_rssi_dbm as "lastRssiDbm",
  c.last_snr_db as "lastSnrDb", c.last_gateway_eui as "lastGatewayEui", c.device_class as "deviceClass", c.firmware,
  c.frames_lost as "framesLost"`

const LOCK = `
  select c.tenant_id as "tenantId", c.device_id as "deviceId", ${CURSOR_COLUMNS}
  from sensor_debounce_state c
  where (c.tenant_id, c.device_id) in (select k.tenant_id, k.device_id from unnest($1::uuid[], $2::uuid[]) as k (tenant_id, device_id))
  order by c.tenant_id, c.device_id
  for no key update of c`

const SAVE = `
  update sensor_debounce_state c set
    dev_addr = n.dev_addr, former_dev_addrs = ${textArray('n.former_dev_addrs')}, announced_dev_addr = n.announced_dev_addr, f_cnt = n.f_cnt,
    recent_dedup = ${textArray('n.recent_dedup')}, last_heard_at = n.last_heard_at, last_received_at = n.last_received_at,
    project_next = n.project_next, value = n.value, value_heard_at = n.value_heard_at, value_reading_id = n.value_reading_id,
    flips = ${textArray('n.flips')}::timestamptz[], suspect_since = n.suspect_since, learning_left = n.learning_left,
    battery_low_count = n.battery_low_count, last_rssi_dbm = n.last_rssi_dbm, last_snr_db = n.last_snr_db,
    last_gateway_eui = n.last_gateway_eui, device_class = n.device_class, firmware = n.firmware, frames_lost = n.frames_lost
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::timestamptz[], $9::timestamptz[],
    $10::boolean[], $11::text[], $12::timestamptz[], $13::uuid[], $14::text[], $15::timestamptz[], $16::smallint[], $17::smallint[],
    $18::smallint[], $19::real[], $20::text[], $21::text[], $22::text[], $23::bigint[])
    as n (tenant_id, device_id, dev_addr, former_dev_addrs, announced_dev_addr, f_cnt, recent_dedup, last_heard_at, last_received_at,
      project_next, value, value_heard_at, value_reading_id, flips, suspect_since, learning_left, battery_low_count,
      last_rssi_dbm, last_snr_db, last_gateway_eui, device_class, firmware, frames_lost)
  where c.tenant_id = n.tenant_id and c.device_id = n.device_id`

/** In the order of SAVE. */
const SAVED: readonly ((row: StreamCursor) => unknown)[] = [
  (c) => c.tenantId,
  (c) => c.deviceId,
  (c) => c.devAddr,
  (c) => JSON.stringify(c.formerDevAddrs),
  (c) => c.announcedDevAddr,
  (c) => c.fCnt,
  (c) => JSON.stringify(c.recentDedup),
  (c) => isoOrNull(c.lastHeardAt),
  (c) => isoOrNull(c.lastReceivedAt),
  (c) => c.projectNext,
  (c) => c.value,
  (c) => isoOrNull(c.valueHeardAt),
  (c) => c.valueReadingId,
  (c) => JSON.stringify(c.flips.map(isoOrNull)),
  (c) => isoOrNull(c.suspectSince),
  (c) => c.learningLeft,
  (c) => c.batteryLowCount,
  (c) => c.lastRssiDbm,
  (c) => c.lastSnrDb,
  (c) => c.lastGatewayEui,
  (c) => c.deviceClass,
  (c) => c.firmware,
  (c) => c.framesLost,
]

export function createIngestCursorRepository(tx: Tx) {
  const keys = (devices: readonly DeviceKey[]) =>
    toColumns(
      devices,
      (d) => d.tenantId,
      (d) => d.deviceId,
    )
  const lock = (devices: readonly DeviceKey[]) => tx.rows<StreamCursor>(LOCK, keys(devices))

  return {
    /** Every device's cursor, locked; a device that was never heard gets an empty one first. */
    async lock(devices: readonly DeviceKey[]): Promise<StreamCursor[]> {
      const found = await lock(devices)
      if (found.length === devices.length) return found
      await tx.run(CREATE_MISSING, keys(devices))
      return lock(devices)
    },

    save: (cursors: readonly StreamCursor[]): Promise<number> => tx.run(SAVE, toColumns(cursors, ...SAVED)),
  }
}

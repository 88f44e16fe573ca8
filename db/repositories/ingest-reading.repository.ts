/** Stored frames: found by their identity, inserted once, repeats counted on the first row (DOM-906, DOM-924). */
import { toIso, type Instant } from '#domain/shared/instant'
import type { Tx } from '../tx'
import { epochMs, isoOrNull, toColumns } from './columns'
import type { DeviceKey } from './ingest-registry.repository'

export type ReadingVerdict = 'applied' | 'same' | 'stored' | 'late' | 'undecoded'

export interface ReadingRow extends DeviceKey {
  readonly readingId: string
  readonly spaceId: string | null
  readonly devEui: string
  readonly devAddr: string | null
  readonly fCnt: number
  readonly fPort: number | null
  readonly deduplicationId: string | null
  readonly heardAt: Instant
  readonly heardAtText: string | null
  readonly receivedAt: Instant
  readonly occupied: boolean | null
  readonly verdict: ReadingVerdict
  readonly decodeError: string | null
  readonly batteryVolts: number | null
  readonly batteryPercent: number | null
  readonly temperatureCelsius: number | null
  readonly rssiDbm: number | null
  readonly snrDb: number | null
  readonly gatewayEui: string | null
  readonly gatewayCount: number
  readonly repeatCount: number
  readonly rawPayload: Buffer
  readonly decoded: Readonly<Record<string, unknown>> | null
  readonly source: 'mqtt' | 'webhook'
  readonly isTimeImplausible: boolean
}

/** The radio identity of a frame, to be looked for around its time. */
export interface FrameIdentity extends DeviceKey {
  readonly devAddr: string | null
  readonly fCnt: number
  readonly deduplicationId: string | null
  readonly heardAt: Instant
}

/** A stored row that a repeated frame belongs to. */
export interface StoredFrame extends FrameIdentity {
  readonly readingId: string
  readonly rssiDbm: number | null
  readonly snrDb: number | null
  readonly gatewayEui: string | null
}

export interface RepeatCount extends DeviceKey {
  readonly readingId: string
  readonly heardAt: Instant
  readonly times: number
  /** Best reception of the row and of its repeats. */
  readonly rssiDbm: number | null
  readonly snrDb: number | null
  readonly gatewayEui: string | null
}

/** A frame that comes again does so within the broker's session expiry and a dead letter's usual age; the bound prunes partitions. */
const LOOK_AROUND = `interval '7 days'`

const FIND = `
  select r.tenant_id as "tenantId", r.device_id as "deviceId", r.id as "readingId", r.dev_addr as "devAddr", r.f_cnt as "fCnt",
    r.deduplication_id as "deduplicationId", ${epochMs('r.heard_at')} as "heardAt", r.rssi_dbm as "rssiDbm", r.snr_db as "snrDb", r.gateway_eui as "gatewayEui"
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::timestamptz[])
    as f (tenant_id, device_id, dev_addr, f_cnt, deduplication_id, heard_at)
  join sensor_readings r on r.tenant_id = f.tenant_id and r.device_id = f.device_id
    and r.heard_at between f.heard_at - ${LOOK_AROUND} and f.heard_at + ${LOOK_AROUND}
    and (r.deduplication_id = f.deduplication_id or (r.f_cnt = f.f_cnt and r.dev_addr is not distinct from f.dev_addr))`

const INSERT = `
  insert into sensor_readings (tenant_id, device_id, id, space_id, dev_eui, dev_addr, f_cnt, f_port, deduplication_id, heard_at, heard_at_text,
    received_at, occupied, verdict, decode_error, battery_volts, battery_percent, temperature_celsius, rssi_dbm, snr_db, gateway_eui,
    gateway_count, repeat_count, raw_payload, decoded, source, time_implausible)
  select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::bigint[], $8::smallint[], $9::text[],
    $10::timestamptz[], $11::text[], $12::timestamptz[], $13::boolean[], $14::text[], $15::text[], $16::numeric[], $17::smallint[],
    $18::numeric[], $19::smallint[], $20::real[], $21::text[], $22::smallint[], $23::int[], $24::bytea[], $25::jsonb[], $26::text[], $27::boolean[])
  on conflict do nothing`

const COUNT_REPEATS = `
  update sensor_readings r set repeat_count = r.repeat_count + n.times, rssi_dbm = n.rssi_dbm, snr_db = n.snr_db, gateway_eui = n.gateway_eui
  from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::uuid[], $5::int[], $6::smallint[], $7::real[], $8::text[])
    as n (tenant_id, device_id, heard_at, id, times, rssi_dbm, snr_db, gateway_eui)
  where r.tenant_id = n.tenant_id and r.device_id = n.device_id and r.id = n.id
    and r.heard_at >= n.heard_at and r.heard_at < n.heard_at + interval '1 millisecond'`

/** In the order of INSERT. */
const INSERTED: readonly ((row: ReadingRow) => unknown)[] = [
  (r) => r.tenantId,
  (r) => r.deviceId,
  (r) => r.readingId,
  (r) => r.spaceId,
  (r) => r.devEui,
  (r) => r.devAddr,
  (r) => r.fCnt,
  (r) => r.fPort,
  (r) => r.deduplicationId,
  (r) => toIso(r.heardAt),
  (r) => r.heardAtText,
  (r) => isoOrNull(r.receivedAt),
  (r) => r.occupied,
  (r) => r.verdict,
  (r) => r.decodeError,
  (r) => r.batteryVolts,
  (r) => r.batteryPercent,
  (r) => r.temperatureCelsius,
  (r) => r.rssiDbm,
  (r) => r.snrDb,
  (r) => r.gatewayEui,
  (r) => r.gatewayCount,
  (r) => r.repeatCount,
  (r) => r.rawPayload,
  (r) => (r.decoded === null ? null : JSON.stringify(r.decoded)),
  (r) => r.source,
  (r) => r.isTimeImplausible,
]

export function createIngestReadingRepository(tx: Tx) {
  return {
    find: (frames: readonly FrameIdentity[]): Promise<StoredFrame[]> =>
      tx.rows<StoredFrame>(
        FIND,
        toColumns(
          frames,
          (f) => f.tenantId,
          (f) => f.deviceId,
          (f) => f.devAddr,
          (f) => f.fCnt,
          (f) => f.deduplicationId,
          (f) => toIso(f.heardAt),
        ),
      ),

    insert: (rows: readonly ReadingRow[]): Promise<number> => tx.run(INSERT, toColumns(rows, ...INSERTED)),

    countRepeats: (repeats: readonly RepeatCount[]): Promise<number> =>
      tx.run(
        COUNT_REPEATS,
        toColumns(
          repeats,
          (r) => r.tenantId,
          (r) => r.deviceId,
          (r) => toIso(r.heardAt),
          (r) => r.readingId,
          (r) => r.times,
          (r) => r.rssiDbm,
          (r) => r.snrDb,
          (r) => r.gatewayEui,
        ),
      ),
  }
}

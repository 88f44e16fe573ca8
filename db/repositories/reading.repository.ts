/** What one device reported, newest first (DB-240, API-361). */
import { toIso, type Instant } from '#domain/shared/instant'
import { epochMs } from './columns'
import { createFilter, listPage, type Page, type PageRequest, type ReadTx } from './list-query'

export interface ReadingRow {
  readonly readingId: string
  readonly heardAt: Instant
  readonly receivedAt: Instant
  readonly recordedAt: Instant
  readonly fCnt: number | null
  readonly fPort: number | null
  readonly occupied: boolean | null
  readonly batteryVolts: number | null
  readonly temperatureCelsius: number | null
  readonly rssiDbm: number | null
  readonly snrDb: number | null
  readonly gatewayEui: string | null
  readonly verdict: string
  readonly repeatCount: number
  readonly rawPayload: string | null
  readonly decodeError: string | null
}

export interface ReadingsRequest {
  readonly tenantId: string
  readonly deviceId: string
  readonly page: PageRequest
  readonly from: Instant
  readonly to: Instant
}

const COLUMNS = `
  r.id as "readingId", ${epochMs('r.heard_at')} as "heardAt", ${epochMs('r.received_at')} as "receivedAt", ${epochMs('r.recorded_at')} as "recordedAt",
  r.f_cnt as "fCnt", r.f_port as "fPort", r.occupied, r.battery_volts as "batteryVolts", r.temperature_celsius as "temperatureCelsius",
  r.rssi_dbm as "rssiDbm", r.snr_db as "snrDb", r.gateway_eui as "gatewayEui", r.verdict, r.repeat_count as "repeatCount",
  encode(r.raw_payload, 'hex') as "rawPayload", r.decode_error as "decodeError"`

export function createReadingRepository(tx: ReadTx) {
  return {
    /** Ordered by network time, which the key of this large table holds; receipt follows it closely. */
    list({ tenantId, deviceId, page, from, to }: ReadingsRequest): Promise<Page<ReadingRow>> {
      const filter = createFilter(tx, 'r', page.tenantIds)
      filter.and(`r.tenant_id = ${filter.bind(tenantId)} and r.device_id = ${filter.bind(deviceId)}`)
      filter.and(`r.heard_at >= ${filter.bind(toIso(from))}::timestamptz and r.heard_at < ${filter.bind(toIso(to))}::timestamptz`)
      return listPage<ReadingRow>(tx, {
        columns: COLUMNS,
        from: 'from sensor_readings r',
        filter,
        sorts: { received_at: { sql: 'r.heard_at', type: 'timestamptz' } },
        idColumn: 'r.id',
        tie: { type: 'uuid', descending: true },
        page,
      })
    },
  }
}

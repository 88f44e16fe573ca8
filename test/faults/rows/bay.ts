/** What rows ask about one bay. */
import type { FaultWorld } from '../world'
import type { Transmitter } from '../uplink'

export interface BayRow {
  readonly state: string
  readonly sequence: number
}

export async function readBay({ db }: FaultWorld, { sensor }: Transmitter): Promise<BayRow | undefined> {
  const text = 'select current_state as state, state_sequence::float8 as sequence from spaces where id = $1'
  return (await db.query<BayRow>(text, [sensor.spaceId])).rows[0]
}

export interface ReadingRow {
  readonly fCnt: number
  readonly devAddr: string
  readonly verdict: string
  readonly repeatCount: number
  readonly gatewayEui: string | null
  readonly rssiDbm: number | null
  readonly snrDb: number | null
}

/** Readings of this run, in the order of their storage. */
export async function readReadings({ db }: FaultWorld, { sensor }: Transmitter): Promise<ReadingRow[]> {
  const text = `select f_cnt::float8 as "fCnt", dev_addr as "devAddr", verdict, repeat_count as "repeatCount", gateway_eui as "gatewayEui",
                       rssi_dbm as "rssiDbm", snr_db as "snrDb"
                from sensor_readings where dev_eui = $1 and dev_addr >= '7f' order by recorded_at, id`
  return (await db.query<ReadingRow>(text, [sensor.devEui])).rows
}

export const sumRepeats = async ({ db }: FaultWorld): Promise<number> =>
  (await db.query<{ sum: number }>('select coalesce(sum(repeat_count), 0)::int as sum from sensor_readings')).rows[0]?.sum ?? 0

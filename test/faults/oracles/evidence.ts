/** What the database holds about the fleet, read by a witness who sees every row. */
import type { Pool } from 'pg'
import type { Fleet } from '../fleet'

export interface StoredReading {
  readonly devEui: string
  readonly devAddr: string
  readonly fCnt: number
  readonly deduplicationId: string
  readonly verdict: string
  readonly repeatCount: number
  readonly recordedAt: number
  readonly gatewayEui: string | null
  readonly rssiDbm: number | null
  readonly snrDb: number | null
}

export interface StoredTransition {
  readonly spaceId: string
  readonly sequence: number
  readonly previousState: string
  readonly newState: string
}

export interface StoredBay {
  readonly spaceId: string
  readonly state: string
  readonly sequence: number
  /** Something about the bay has not been settled yet. */
  readonly pending: boolean
}

export interface StoredDeadLetter {
  readonly reason: string
  readonly detail: string | null
  readonly sha256: string
  readonly tenantId: string
}

export interface Evidence {
  readonly readings: readonly StoredReading[]
  readonly transitions: readonly StoredTransition[]
  readonly bays: readonly StoredBay[]
  readonly deadLetters: readonly StoredDeadLetter[]
  /** Sites whose counters differ from a count of their spaces. */
  readonly miscountedSites: readonly string[]
}

const READINGS = `
  select dev_eui as "devEui", dev_addr as "devAddr", f_cnt::float8 as "fCnt", deduplication_id as "deduplicationId", verdict,
         repeat_count as "repeatCount", extract(epoch from recorded_at)::float8 * 1000 as "recordedAt",
         gateway_eui as "gatewayEui", rssi_dbm as "rssiDbm", snr_db as "snrDb"
  from sensor_readings where dev_eui = any($1) and dev_addr >= '7f' order by recorded_at`
const TRANSITIONS = `
  select space_id as "spaceId", sequence::float8 as sequence, previous_state as "previousState", new_state as "newState"
  from state_changes where space_id = any($1) order by space_id, sequence`
const BAYS = `
  select id as "spaceId", current_state as state, state_sequence::float8 as sequence,
         exists (select from outbox o where o.tenant_id = s.tenant_id and o.target = 'space/' || s.tenant_id || '/' || s.id) as pending
  from spaces s where id = any($1)`
const DEAD_LETTERS = `
  select reason, detail, encode(content_hash, 'hex') as sha256, tenant_id as "tenantId" from ingest_dead_letters where received_at >= $1`
const MISCOUNTED = `
  select o.site_id::text as site
  from site_occupancy o
  join lateral (
    select count(*) as total, count(*) filter (where current_state = 'free') as free,
           count(*) filter (where current_state = 'occupied') as occupied, count(*) filter (where current_state = 'reserved') as reserved
    from spaces s where s.tenant_id = o.tenant_id and s.site_id = o.site_id and s.deleted_at is null and s.enabled
  ) counted on true
  where (o.total, o.free, o.occupied, o.reserved) is distinct from (counted.total, counted.free, counted.occupied, counted.reserved)`

export async function readEvidence(db: Pool, fleet: Fleet): Promise<Evidence> {
  const spaces = [fleet.all.map(({ sensor }) => sensor.spaceId)]
  const [readings, transitions, bays, deadLetters, miscounted] = await Promise.all([
    db.query<StoredReading>(READINGS, [fleet.all.map(({ sensor }) => sensor.devEui)]),
    db.query<StoredTransition>(TRANSITIONS, spaces),
    db.query<StoredBay>(BAYS, spaces),
    db.query<StoredDeadLetter>(DEAD_LETTERS, [fleet.start.at]),
    db.query<{ site: string }>(MISCOUNTED),
  ])
  return {
    readings: readings.rows,
    transitions: transitions.rows.filter(({ spaceId, sequence }) => sequence > (fleet.start.sequences.get(spaceId) ?? 0)),
    bays: bays.rows,
    deadLetters: deadLetters.rows,
    miscountedSites: miscounted.rows.map(({ site }) => site),
  }
}

/** The sensors that a run drives alone: bays without bookings or blocks, their hardware muted at the simulator, their state known before the first frame. */
import type { Pool } from 'pg'
import { until } from '../harness/until'
import type { Publisher } from './publisher'
import { createTransmitter, type FleetSensor, type Transmitter } from './uplink'

/** What the oracles begin from. */
export interface FleetStart {
  readonly at: Date
  /** By the sensor's EUI. */
  readonly states: ReadonlyMap<string, string>
  /** By space. */
  readonly sequences: ReadonlyMap<string, number>
}

export interface Fleet {
  readonly all: readonly Transmitter[]
  /** Bays with a light. */
  readonly lit: readonly Transmitter[]
  readonly start: FleetStart
  /** Those that the load drives; rows that need a bay for themselves take one of the others. */
  readonly crowd: readonly Transmitter[]
  /** Bays without a light that nobody else takes. */
  take(count: number): Transmitter[]
  /** Bays with a light that nobody else takes. */
  takeLit(count: number): Transmitter[]
}

/** Kept back from the crowd, for the rows. */
const KEPT_LIT = 8
const KEPT_DARK = 8

/** Addresses of the fleet begin here, one block of 256 sessions each; the simulator's own stay far below. */
const FIRST_ADDRESS = 0x7f00_0000
const BLOCK = 0x100

const CHOOSE = `
  select d.dev_eui as "devEui", d.id as "deviceId", d.tenant_id as "tenantId", s.site_id as "siteId", s.id as "spaceId",
         l.dev_eui as "lightEui", l.id as "lightDeviceId", d.chirpstack_application_id::text as "applicationId"
  from devices d
  join spaces s on s.tenant_id = d.tenant_id and s.id = d.assigned_space_id
  left join devices l on l.tenant_id = s.tenant_id and l.id = s.display_device_id and l.model = 'plenom-busylight'
  where d.model = 'browan-tbms100' and d.enabled and d.lifecycle_state = 'operational' and d.chirpstack_application_id is not null
    and s.enabled and s.deleted_at is null
    and not exists (select from space_overrides o where o.tenant_id = s.tenant_id and o.space_id = s.id and o.ended_at is null)
    and not exists (select from reservations r where r.tenant_id = s.tenant_id and r.space_id = s.id
                    and r.status in ('pending', 'confirmed', 'active') and r.period && tstzrange(now() - interval '1 hour', now() + interval '4 hours'))
    and d.tenant_id = (select id from tenants where slug = $1)
  order by (l.id is null), d.dev_eui
  limit $2`

export const chooseSensors = async (db: Pool, tenantSlug: string, most: number): Promise<FleetSensor[]> =>
  (await db.query<FleetSensor>(CHOOSE, [tenantSlug, most])).rows

export interface FleetInput {
  readonly db: Pool
  readonly publisher: Publisher
  readonly sensors: readonly FleetSensor[]
  readonly mute: (devEui: string) => Promise<void>
}

/** Mutes the hardware, says *free* once for every bay and takes the state that this leaves as the start. */
export async function takeFleet({ db, publisher, sensors, mute }: FleetInput): Promise<Fleet> {
  await Promise.all(sensors.map(({ devEui }) => mute(devEui)))
  const all = sensors.map((sensor, index) => createTransmitter(sensor, FIRST_ADDRESS + index * BLOCK))
  await Promise.all(all.map((transmitter) => publisher.uplink(transmitter.next(false))))
  const start = await until(() => readStart(db, sensors), { timeoutMs: 30_000, everyMs: 200, what: 'every bay of the fleet free' })
  const lit = all.filter(({ sensor }) => sensor.lightEui !== null)
  const dark = all.filter(({ sensor }) => sensor.lightEui === null)
  const [keptLit, keptDark] = [lit.slice(0, KEPT_LIT).values(), dark.slice(0, KEPT_DARK).values()]
  return {
    ...{ all, lit, start },
    crowd: [...lit.slice(KEPT_LIT), ...dark.slice(KEPT_DARK)],
    take: (count) => takeFrom(keptDark, count),
    takeLit: (count) => takeFrom(keptLit, count),
  }
}

function takeFrom(source: Iterator<Transmitter>, count: number): Transmitter[] {
  return Array.from({ length: count }, () => {
    const { value, done } = source.next()
    if (done === true) throw new Error('the fleet is too small for all rows')
    return value
  })
}

async function readStart(db: Pool, sensors: readonly FleetSensor[]): Promise<FleetStart | null> {
  const { rows } = await db.query<{ id: string; state: string; sequence: string; pending: boolean }>(
    `select id, current_state as state, state_sequence as sequence,
            exists (select from outbox o where o.tenant_id = s.tenant_id and o.target = 'space/' || s.tenant_id || '/' || s.id) as pending
     from spaces s where id = any($1)`,
    [sensors.map(({ spaceId }) => spaceId)],
  )
  if (rows.length < sensors.length || rows.some(({ state, pending }) => state !== 'free' || pending)) return null
  const bySpace = new Map(rows.map((row) => [row.id, row]))
  return {
    at: new Date(),
    states: new Map(sensors.map(({ devEui, spaceId }) => [devEui, bySpace.get(spaceId)?.state ?? 'unknown'])),
    sequences: new Map(rows.map(({ id, sequence }) => [id, Number(sequence)])),
  }
}

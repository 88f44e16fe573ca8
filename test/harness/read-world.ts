/** One tenant with a bay that a sensor made red: its light's command waits, one message could not be taken in; people of several roles around it. */
import { randomUUID } from 'node:crypto'
import { projectSpace } from '#db/projection/project-space'
import { asAdmin } from './rows'
import { PLATFORM_TENANT_ID, startTestApi, type TestApi, type TestPerson } from './test-api'

export interface ReadWorld {
  readonly api: TestApi
  readonly tenantId: string
  readonly siteId: string
  /** A-10 (sensor, light, occupied), A-2, B-1. */
  readonly spaceIds: readonly [string, string, string]
  readonly sensor: { readonly deviceId: string; readonly devEui: string }
  readonly light: { readonly deviceId: string; readonly devEui: string }
  readonly gateway: { readonly gatewayRef: string; readonly gatewayId: string }
  readonly downlinkId: string
  readonly deadLetterId: string
  readonly viewer: TestPerson
  readonly operator: TestPerson
  readonly admin: TestPerson
  /** Owner of another tenant. */
  readonly stranger: TestPerson
  readonly platform: TestPerson
  sql(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>
}

export async function createReadWorld(): Promise<ReadWorld> {
  const api = await startTestApi()
  const sql = (text: string, values: readonly unknown[] = []) => asAdmin(api.database.adminUrl, text, values)
  const { tenantId } = await api.make.tenant()
  const location = { city: 'Lyon', latitude: 45.7, longitude: 4.8 }
  const { siteId } = await api.make.site({ tenantId, columns: { name: 'Main site', location } })
  const newSpace = async (code: string) =>
    (await api.make.space({ tenantId, siteId, columns: { code, name: code, zone: code[0] } })).spaceId
  const spaceIds = [await newSpace('A-10'), await newSpace('A-2'), await newSpace('B-1')] as const
  const places = {
    tenantId,
    siteId,
    spaceIds,
    sensor: await api.make.device({ tenantId, spaceId: spaceIds[0] }),
    light: await api.make.device({ tenantId, kind: 'display', spaceId: spaceIds[0] }),
    gateway: await api.make.gateway({ tenantId, columns: { site_id: siteId, status: 'online' } }),
  }
  await hearOccupied(api, sql, places)
  const rows = { downlinkId: await insertCommand(sql, places), deadLetterId: await insertDeadLetter(sql, places) }
  const people = {
    viewer: await api.person(tenantId, 'viewer'),
    operator: await api.person(tenantId, 'operator'),
    admin: await api.person(tenantId, 'admin'),
    stranger: await api.person((await api.make.tenant()).tenantId, 'owner'),
    platform: await api.person(PLATFORM_TENANT_ID, 'owner'),
  }
  return { api, ...places, ...rows, ...people, sql }
}

type Sql = ReadWorld['sql']
type Places = Pick<ReadWorld, 'tenantId' | 'siteId' | 'spaceIds' | 'sensor' | 'light' | 'gateway'>

/** A stored reading, projected as ingest would. */
async function hearOccupied(api: TestApi, sql: Sql, { tenantId, spaceIds: [spaceId], sensor, gateway }: Places): Promise<void> {
  const readingId = randomUUID()
  await sql(
    `insert into sensor_readings (tenant_id, id, device_id, space_id, dev_eui, f_cnt, f_port, heard_at, received_at, occupied, verdict, raw_payload,
       gateway_eui, rssi_dbm, snr_db, source, deduplication_id)
     values ($1, $2, $3, $4, $5, 23, 102, now(), now(), true, 'applied', '\\x010b', $6, -36, 10.5, 'mqtt', 'dedup-1')`,
    [tenantId, readingId, sensor.deviceId, spaceId, sensor.devEui, gateway.gatewayId],
  )
  await sql(
    `insert into sensor_debounce_state (tenant_id, device_id, f_cnt, last_heard_at, value, value_heard_at, value_reading_id)
     select tenant_id, device_id, 23, heard_at, 'occupied', heard_at, id from sensor_readings where id = $1`,
    [readingId],
  )
  await sql(
    `insert into device_gateways (tenant_id, device_id, gateway_eui, last_heard_at, rssi_dbm, snr_db) values ($1, $2, $3, now(), -36, 10.5)`,
    [tenantId, sensor.deviceId, gateway.gatewayId],
  )
  const origin = { actor: { type: 'system', id: null }, requestId: null } as const
  await api.database.unitOfWork.withTenant({ tenantId }, (repositories) => projectSpace(repositories, { spaceId, cause: 'sensor', origin }))
  await sql(`insert into transition_notices (tenant_id, space_id, sequence, channel, told_at) values ($1, $2, 1, 'feed', now())`, [
    tenantId,
    spaceId,
  ])
}

/** The command that the light's workflow would make of it. */
async function insertCommand(sql: Sql, { tenantId, light, spaceIds: [spaceId] }: Places): Promise<string> {
  const downlinkId = randomUUID()
  await sql(
    `insert into downlink_queue (tenant_id, id, device_id, dev_eui, space_id, origin, command, wanted_version, decision_sequence, payload, f_port, status)
     values ($1, $2, $3, $4, $5, 'policy', 'display', 1, 1, '\\xff0000ff00', 15, 'queued')`,
    [tenantId, downlinkId, light.deviceId, light.devEui, spaceId],
  )
  return downlinkId
}

async function insertDeadLetter(sql: Sql, { tenantId, sensor }: Places): Promise<string> {
  const deadLetterId = randomUUID()
  const topic = `application/${randomUUID()}/device/${sensor.devEui}/event/up`
  await sql(
    `insert into ingest_dead_letters (tenant_id, id, source, topic, dev_eui, reason, detail, raw, content_hash, received_at)
     values ($1, $2, 'mqtt', $3, $4, 'not_json', 'no JSON', $5, '\\x00', now())`,
    [tenantId, deadLetterId, topic, sensor.devEui, Buffer.from('<script>\u0000é')],
  )
  return deadLetterId
}

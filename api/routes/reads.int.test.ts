/** Reading over HTTP: who sees what, lists and their pages, filters, ETags, why (API-020 to API-028, API-300 ff.). */
import { randomUUID } from 'node:crypto'
import { projectSpace } from '#db/projection/project-space'
import { asAdmin } from '#test/harness/rows'
import { PLATFORM_TENANT_ID, startTestApi, type TestApi, type TestPerson } from '#test/harness/test-api'

let api: TestApi
let tenantId: string
let siteId: string
let spaceIds: string[]
let sensor: { deviceId: string; devEui: string }
let light: { deviceId: string; devEui: string }
let gateway: { gatewayRef: string; gatewayId: string }
let downlinkId: string
let deadLetterId: string
let viewer: TestPerson
let admin: TestPerson
let stranger: TestPerson
let platform: TestPerson

const sql = (text: string, values: readonly unknown[] = []) => asAdmin(api.database.adminUrl, text, values)

beforeAll(async () => {
  api = await startTestApi()
  tenantId = (await api.make.tenant()).tenantId
  siteId = (await api.make.site({ tenantId, columns: { name: 'Main site', location: { city: 'Lyon', latitude: 45.7, longitude: 4.8 } } }))
    .siteId
  spaceIds = []
  for (const code of ['A-10', 'A-2', 'B-1'])
    spaceIds.push((await api.make.space({ tenantId, siteId, columns: { code, name: code, zone: code[0] } })).spaceId)
  const [spaceId] = spaceIds
  sensor = await api.make.device({ tenantId, ...(spaceId === undefined ? {} : { spaceId }) })
  light = await api.make.device({ tenantId, kind: 'display', ...(spaceId === undefined ? {} : { spaceId }) })
  gateway = await api.make.gateway({ tenantId, columns: { site_id: siteId, status: 'online' } })
  await heardOccupied(spaceId ?? '')
  ;[viewer, admin] = [await api.person(tenantId, 'viewer'), await api.person(tenantId, 'admin')]
  stranger = await api.person((await api.make.tenant()).tenantId, 'owner')
  platform = await api.person(PLATFORM_TENANT_ID, 'owner')
})
afterAll(() => api.close())

/** A stored reading, projected as ingest would; then the command that the light's workflow would make of it. */
async function heardOccupied(spaceId: string): Promise<void> {
  const readingId = randomUUID()
  await sql(
    `insert into sensor_readings (tenant_id, id, device_id, space_id, dev_eui, f_cnt, f_port, heard_at, received_at, occupied, verdict, raw_payload, gateway_eui, rssi_dbm, snr_db, source, deduplication_id)
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
  downlinkId = randomUUID()
  await sql(
    `insert into downlink_queue (tenant_id, id, device_id, dev_eui, space_id, origin, command, wanted_version, decision_sequence, payload, f_port, status)
     values ($1, $2, $3, $4, $5, 'policy', 'display', 1, 1, '\\xff0000ff00', 15, 'queued')`,
    [tenantId, downlinkId, light.deviceId, light.devEui, spaceId],
  )
  deadLetterId = randomUUID()
  await sql(
    `insert into ingest_dead_letters (tenant_id, id, source, topic, dev_eui, reason, detail, raw, content_hash, received_at)
     values ($1, $2, 'mqtt', $5, $3, 'not_json', 'no JSON', $4, '\\x00', now())`,
    [tenantId, deadLetterId, sensor.devEui, Buffer.from('<script>\u0000é'), `application/${randomUUID()}/device/${sensor.devEui}/event/up`],
  )
}

const paths = () => {
  const [spaceId] = spaceIds
  return [
    `/api/v6/sites/${siteId}`,
    `/api/v6/sites/${siteId}/occupancy`,
    `/api/v6/spaces/${spaceId}`,
    `/api/v6/spaces/${spaceId}/why`,
    `/api/v6/spaces/${spaceId}/history`,
    `/api/v6/spaces/${spaceId}/timeline`,
    `/api/v6/devices/${sensor.deviceId}`,
    `/api/v6/devices/${sensor.devEui}`,
    `/api/v6/devices/${sensor.deviceId}/readings`,
    `/api/v6/gateways/${gateway.gatewayRef}`,
    `/api/v6/gateways/${gateway.gatewayId}`,
    `/api/v6/downlinks/${downlinkId}`,
    `/api/v6/downlinks/${downlinkId}/status`,
    `/api/v6/ingest/dead-letters/${deadLetterId}`,
    `/api/v6/spaces/stats?site_id=${siteId}`,
    `/api/v6/devices/stats?site_id=${siteId}`,
    `/api/v6/spaces/states?site_id=${siteId}`,
  ]
}
const lists = [
  'sites',
  'spaces',
  'devices',
  'devices/sensors',
  'devices/displays',
  'device-models',
  'gateways',
  'downlinks',
  'downlinks/dead-letters',
  'ingest/dead-letters',
]

test('API-019: every row is there for its own tenant and the platform, and not found for another tenant', async () => {
  for (const path of paths()) {
    expect([path, (await admin.client.get(path)).status]).toEqual([path, 200])
    expect([path, (await admin.client.get(path.includes('?') ? path : `${path}/`)).status]).toEqual([path, 200])
    expect([path, (await stranger.client.get(path)).body]).toMatchObject([path, { status: 404, code: 'resource.not_found' }])
    expect([path, (await platform.client.get(path)).status]).toEqual([path, 200])
    expect([path, (await fetch(api.url + path)).status]).toEqual([path, 401])
  }
})

test('D-23, API-028: every list has the whole envelope; the platform sees every tenant, named', async () => {
  for (const list of lists) {
    const own = await admin.client.get<Record<string, unknown>>(`/api/v6/${list}`)
    expect([list, own.status]).toEqual([list, 200])
    expect(own.body).toMatchObject({ page: 1, page_size: 100, tenant_id: tenantId, next_cursor: null })
    expect(own.body['count']).toBe((own.body['items'] as unknown[]).length)
    if (list === 'device-models') continue
    const all = await platform.client.get<{ items: { tenant_name?: string }[]; total: number }>(`/api/v6/${list}?tenant_id=${tenantId}`)
    expect([list, all.body.total]).toEqual([list, own.body['total']])
    expect(all.body.items.every(({ tenant_name: name }) => typeof name === 'string')).toBe(true)
    expect((await stranger.client.get<{ total: number }>(`/api/v6/${list}?tenant_id=${tenantId}`)).body.total).toBe(0)
  }
})

test('API-137: dead letters are for admins', async () => {
  expect((await viewer.client.get('/api/v6/ingest/dead-letters')).body).toMatchObject({ status: 403, required_role: 'admin' })
  expect((await admin.client.get(`/api/v6/ingest/dead-letters/${deadLetterId}`)).body).toMatchObject({
    raw: '<script>\\x00\\xc3\\xa9',
    raw_truncated: false,
    status: 'open',
  })
})

test('API-234: natural order, filters, search, device blocks', async () => {
  const codes = async (query: string) =>
    (await viewer.client.get<{ spaces: { code: string }[] }>(`/api/v6/spaces?${query}`)).body.spaces.map(({ code }) => code)
  expect(await codes('')).toEqual(['A-2', 'A-10', 'B-1'])
  expect(await codes('sort=-code')).toEqual(['B-1', 'A-10', 'A-2'])
  expect(await codes('zone=A&current_state=occupied')).toEqual(['A-10'])
  expect(await codes('status=unknown&status=occupied&has_sensor=false')).toEqual(['A-2', 'B-1'])
  expect(await codes('q=a-1')).toEqual(['A-10'])
  expect(await codes(`q=${sensor.devEui.replace(/(..)/g, '$1:').slice(0, -1)}`)).toEqual(['A-10'])
  expect(await codes('q=%25')).toEqual([])
  expect(await codes(`site_id=${randomUUID()}`)).toEqual([])
  expect(await codes('proof=pending')).toEqual(['A-10'])
  expect(await codes('overridden=true')).toEqual([])
  const { body } = await viewer.client.get<{ spaces: Record<string, unknown>[] }>(
    '/api/v6/spaces?q=A-10&include_devices=true&include_reservation=true',
  )
  expect(body.spaces[0]).toMatchObject({
    sensor_device: { dev_eui: sensor.devEui.toUpperCase(), is_online: true },
    display: { proof: 'pending', color: 'red' },
    reservation: null,
  })
})

test('API-021, API-022: pages and cursors reach the same rows; altered and foreign cursors are refused', async () => {
  type Page = { spaces: { code: string }[]; next_cursor: string | null; total: number | null; pages: number | null }
  const first = (await viewer.client.get<Page>('/api/v6/spaces?page_size=2&sort=zone,-code')).body
  expect(first).toMatchObject({ total: 3, pages: 2 })
  const second = (await viewer.client.get<Page>(`/api/v6/spaces?page_size=2&sort=zone,-code&cursor=${first.next_cursor}`)).body
  expect([...first.spaces, ...second.spaces].map(({ code }) => code)).toEqual(['A-10', 'A-2', 'B-1'])
  expect(second).toMatchObject({ total: null, pages: null, next_cursor: null })
  const refused = [
    `/api/v6/spaces?sort=zone,-code&page_size=2&zone=A&cursor=${first.next_cursor}`,
    `/api/v6/spaces?cursor=${first.next_cursor}x`,
    '/api/v6/spaces?page=0',
    '/api/v6/spaces?page_size=501',
    '/api/v6/spaces?page=1001',
  ]
  for (const path of refused) expect([path, (await viewer.client.get(path)).status]).toEqual([path, 422])
  expect((await stranger.client.get(`/api/v6/spaces?page_size=2&sort=zone,-code&cursor=${first.next_cursor}`)).body).toMatchObject({
    errors: [{ code: 'bad_cursor' }],
  })
  expect((await viewer.client.get<Page>('/api/v6/spaces?page=9')).body).toMatchObject({ spaces: [], total: 3 })
})

test('every sort key of every list works in both directions', async () => {
  const keys: Record<string, string[]> = {
    sites: ['name', 'slug', 'created_at', 'space_count', 'occupancy_rate'],
    spaces: ['code', 'name', 'site_name', 'current_state', 'state_changed_at', 'last_heard_at', 'floor', 'zone', 'created_at'],
    devices: ['created_at', 'name', 'dev_eui', 'status', 'lifecycle_state', 'last_seen_at', 'battery_volts'],
    gateways: ['name', 'gateway_id', 'last_seen_at', 'status'],
    downlinks: ['created_at', 'priority', 'status'],
  }
  for (const [list, all] of Object.entries(keys)) {
    for (const key of all.flatMap((one) => [one, `-${one}`])) {
      const { body, status } = await admin.client.get<{ next_cursor: string | null }>(`/api/v6/${list}?sort=${key}&page_size=1`)
      expect([list, key, status]).toEqual([list, key, 200])
      if (body.next_cursor !== null)
        expect((await admin.client.get(`/api/v6/${list}?sort=${key}&page_size=1&cursor=${body.next_cursor}`)).status).toBe(200)
    }
  }
})

test('API-235, API-237, API-241: filters of the other lists', async () => {
  const total = async (path: string) => (await admin.client.get<{ total: number }>(`/api/v6/${path}`)).body.total
  expect(await total('devices?kind=light&is_online=false')).toBe(1)
  expect(await total('devices?type=parking_sensor&is_online=true&suspect=false&battery_low=false')).toBe(1)
  expect(await total('devices?silent=true')).toBe(1)
  expect(await total('devices?silent_since=2026-01-01')).toBe(0)
  expect(await total(`devices?battery_below_volts=3.6&q=${sensor.devEui}`)).toBe(0)
  expect(await total(`devices?space_id=${spaceIds[0]}&proof=pending,none`)).toBe(2)
  expect((await admin.client.get('/api/v6/devices?include_stats=true')).body).toMatchObject({
    stats: { total: 2, assigned: 2, online: 1, offline: 1 },
  })
  expect(await total('gateways?include_offline=false&status=online')).toBe(1)
  expect(await total(`gateways?q=${gateway.gatewayId.toUpperCase()}`)).toBe(1)
  expect(await total('downlinks?status=queued&origin=policy&from=2026-01-01T00:00:00Z')).toBe(1)
  expect(await total('ingest/dead-letters?reason=not_json&dev_eui=' + sensor.devEui)).toBe(1)
  expect(await total('sites?city=Lyon&is_active=true&has_alerts=false&q=lyo')).toBe(1)
})

test('API-046: If-None-Match of the same view is 304 without a body', async () => {
  for (const path of [`/api/v6/sites/${siteId}`, `/api/v6/devices/${sensor.deviceId}`, `/api/v6/downlinks/${downlinkId}`]) {
    const { headers } = await viewer.client.get(path)
    const again = await viewer.client.send(`GET ${path}`, undefined, { 'if-none-match': headers.get('etag') ?? '' })
    expect([again.status, again.body]).toEqual([304, ''])
  }
})

test('API-335: why tells card, light, who was told and the workflow, from what was stored', async () => {
  const [spaceId] = spaceIds
  const { body } = await viewer.client.get(`/api/v6/spaces/${spaceId}/why`)
  expect(body).toMatchObject({
    state: 'occupied',
    state_reason: 'sensor_occupied',
    sequence: 1,
    source: 'sensor',
    because: [
      {
        order: 1,
        rule: 'newest_valid_reading',
        used: true,
        text: `Sensor ${sensor.devEui.toUpperCase()} reported a vehicle.`,
        evidence: { f_cnt: 23, gateway_id: gateway.gatewayId.toUpperCase() },
      },
      {
        order: 2,
        rule: 'heard_within',
        text: expect.stringMatching(/^Heard \d+ s ago; this model may be silent for 1500 s in that state\.$/),
      },
      { order: 3, rule: 'rank', text: 'Default policy: occupied is red solid.' },
    ],
    light: {
      desired: { color: 'red', pattern: 'solid' },
      downlink_id: downlinkId,
      status: 'queued',
      proof: 'pending',
      missing: 'The command has not been handed to the network server yet.',
      payload_hex: 'ff0000ff00',
      steps: [{ status: 'queued' }],
    },
    told: [{ to: 'feed' }],
    workflow: { workflow_id: `space/${tenantId}/${spaceId}` },
  })
  expect((await viewer.client.get(`/api/v6/spaces/${spaceIds[1]}/why`)).body).toMatchObject({
    state: 'unknown',
    because: [],
    light: null,
    told: [],
  })
  expect((await viewer.client.get(`/api/v6/spaces/${spaceId}/why?at=2026-01-01T00:00:00Z`)).body).toMatchObject({
    because: [],
    sequence: 1,
  })
})

test('API-336, API-337: history and timeline, newest first', async () => {
  const [spaceId] = spaceIds
  expect((await viewer.client.get(`/api/v6/spaces/${spaceId}/history?source=sensor`)).body).toMatchObject({
    total: 1,
    transitions: [{ sequence: 1, from_state: 'unknown', to_state: 'occupied', late: false }],
  })
  const { body } = await viewer.client.get<{ events: { type: string }[] }>(`/api/v6/spaces/${spaceId}/timeline`)
  expect(new Set(body.events.map(({ type }) => type))).toEqual(new Set(['reading', 'transition', 'command', 'assignment']))
  expect((await viewer.client.get(`/api/v6/spaces/${spaceId}/timeline?types=reading&page_size=1`)).body).toMatchObject({
    total: 1,
    events: [{ data: { verdict: 'applied', duplicate: false, late: false } }],
  })
})

test('API-338: the grid now, what changed since, and as known then', async () => {
  type Grid = { spaces: { code: string; state: string }[]; cursor: string; known: string }
  const now = (await viewer.client.get<Grid>('/api/v6/spaces/states')).body
  expect(now).toMatchObject({
    known: 'now',
    spaces: [{ code: 'A-2' }, { code: 'A-10', state: 'occupied', display: { color: 'red', pattern: 'solid' } }, { code: 'B-1' }],
  })
  await admin.client.send(`PUT /api/v6/spaces/${spaceIds[2]}/state`, { state: 'free' })
  const changed = (await viewer.client.get<Grid>(`/api/v6/spaces/states?changed_since=${now.cursor}`)).body.spaces
  expect(changed.at(-1)).toMatchObject({ code: 'B-1', state: 'free' })
  await admin.client.send(`PUT /api/v6/spaces/${spaceIds[2]}/state`, { state: 'unknown' })
  expect(
    (await viewer.client.get<Grid>(`/api/v6/spaces/states?at=${new Date(Date.now() + 60_000).toISOString()}&known=then`)).body,
  ).toMatchObject({
    known: 'then',
    spaces: [
      { code: 'A-10', state: 'occupied' },
      { code: 'B-1', state: 'unknown' },
    ],
  })
  expect((await viewer.client.get('/api/v6/spaces/states?changed_since=nonsense')).body).toMatchObject({ errors: [{ code: 'bad_cursor' }] })
  expect((await viewer.client.get('/api/v6/spaces/states?at=2026-07-01T00:00:00Z')).status).toBe(422)
})

test('API-327, API-302, API-303, API-371, API-386, API-517: counters agree with the rows', async () => {
  const { client } = viewer
  expect((await client.get('/api/v6/spaces/stats')).body).toMatchObject({
    total_spaces: 3,
    occupied: 1,
    unknown: 2,
    free: 0,
    occupancy_rate: 33.33,
    unknown_reasons: { no_sensor: 2 },
    by_kind: { standard: 3 },
  })
  expect((await client.get(`/api/v6/sites/${siteId}/occupancy`)).body).toMatchObject({ total_spaces: 3, occupied: 1, unknown: 2 })
  expect((await client.get('/api/v6/sites/occupancy/all')).body).toMatchObject([{ site_id: siteId, occupied: 1 }])
  expect((await client.get('/api/v6/devices/stats')).body).toMatchObject({
    sensors: { total: 1, assigned: 1 },
    displays: { total: 1, pending: 1 },
    orphans: 0,
  })
  expect((await client.get('/api/v6/gateways/stats/summary')).body).toEqual({
    total: 1,
    online: 1,
    offline: 0,
    never_seen: 0,
    tenant_id: tenantId,
  })
  expect((await client.get('/api/v6/downlinks/stats')).body).toMatchObject({
    queued: 1,
    success_rate_percent: null,
    lights: { total: 1, pending: 1 },
    rate: { used: 0, limit: 100 },
  })
})

test('API-352, API-361: a device with who hears it and what it said', async () => {
  expect((await admin.client.get(`/api/v6/devices/${sensor.devEui.toUpperCase()}`)).body).toMatchObject({
    gateways: [{ gateway_id: gateway.gatewayId.toUpperCase(), rssi_dbm: -36 }],
    assignment: { space_code: 'A-10' },
    allowed_transitions: ['maintenance', 'decommissioned'],
    problems: [{ code: 'one_gateway' }],
  })
  expect((await viewer.client.get(`/api/v6/devices/${sensor.deviceId}/readings`)).body).toMatchObject({
    total: 1,
    readings: [{ raw_payload: '010b', verdict: 'applied', occupied: true }],
  })
  expect((await viewer.client.get(`/api/v6/devices/${sensor.deviceId}/readings?from=2026-01-01&to=2026-03-01`)).status).toBe(422)
})

test('API-514: a viewer may not; a waiting command is cancelled once, audited, and its look dismissed', async () => {
  const operator = await api.person(tenantId, 'operator')
  expect((await viewer.client.send(`POST /api/v6/downlinks/${downlinkId}/cancel`)).status).toBe(403)
  expect((await stranger.client.send(`POST /api/v6/downlinks/${downlinkId}/cancel`)).status).toBe(404)
  expect((await platform.client.send(`DELETE /api/v6/downlinks/${downlinkId}`)).body).toMatchObject({ code: 'tenant.switch_required' })
  const cancelled = await operator.client.send(
    `POST /api/v6/downlinks/${downlinkId}/cancel`,
    { reason: 'Wrong bay' },
    { 'idempotency-key': 'cancel-1' },
  )
  expect(cancelled.body).toMatchObject({
    status: 'superseded',
    status_reason: 'cancelled',
    steps: [{ status: 'queued' }, { status: 'superseded' }],
  })
  expect(
    (
      await operator.client.send(`POST /api/v6/downlinks/${downlinkId}/cancel`, { reason: 'Wrong bay' }, { 'idempotency-key': 'cancel-1' })
    ).headers.get('idempotency-replayed'),
  ).toBe('true')
  expect((await operator.client.send(`DELETE /api/v6/downlinks/${downlinkId}`)).body).toMatchObject({
    status: 409,
    code: 'downlink.not_cancellable',
  })
  expect(await sql(`select action from audit_log where resource_id = $1`, [downlinkId])).toEqual([{ action: 'downlink.cancel' }])
  expect(await sql(`select dismissed_version::int from display_state_cache where device_id = $1`, [light.deviceId])).toEqual([
    { dismissed_version: 1 },
  ])
})

test('API-541, API-542: a message that still does not fit stays open; put away it is kept and marked', async () => {
  const path = `/api/v6/ingest/dead-letters/${deadLetterId}`
  expect((await viewer.client.send(`POST ${path}/replay`)).status).toBe(403)
  expect((await platform.client.send(`POST ${path}/replay`)).body).toMatchObject({ code: 'tenant.switch_required' })
  expect((await admin.client.send(`POST ${path}/replay`)).body).toMatchObject({
    success: false,
    outcome: 'not_json',
    dead_letter: { status: 'open', attempts: 1 },
  })
  expect((await admin.client.send(`DELETE ${path}`)).body).toMatchObject({
    status: 422,
    errors: [{ pointer: '/reason', code: 'required' }],
  })
  expect((await admin.client.send(`DELETE ${path}`, { reason: 'Noise' })).body).toMatchObject({
    success: true,
    dead_letter_id: deadLetterId,
  })
  expect((await admin.client.send(`DELETE ${path}`, { reason: 'Noise' })).status).toBe(404)
  expect((await admin.client.send(`POST ${path}/replay`)).status).toBe(409)
  expect(await sql(`select action from audit_log where resource_id = $1 order by created_at`, [deadLetterId])).toEqual([
    { action: 'ingest.replay' },
    { action: 'ingest.discard' },
  ])
})

/** Lists and single rows over HTTP: who sees what, pages, cursors, sorts, filters (API-019 to API-028, § 5). */
import { randomUUID } from 'node:crypto'
import { createReadWorld, type ReadWorld } from '#test/harness/read-world'

let world: ReadWorld

beforeAll(async () => {
  world = await createReadWorld()
})
afterAll(() => world.api.close())

const paths = () => {
  const { siteId, spaceIds, sensor, gateway, downlinkId, deadLetterId } = world
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
  const { api, admin, stranger, platform } = world
  for (const path of paths()) {
    expect([path, (await admin.client.get(path)).status]).toEqual([path, 200])
    expect([path, (await admin.client.get(path.includes('?') ? path : `${path}/`)).status]).toEqual([path, 200])
    expect([path, (await stranger.client.get(path)).body]).toMatchObject([path, { status: 404, code: 'resource.not_found' }])
    expect([path, (await platform.client.get(path)).status]).toEqual([path, 200])
    expect([path, (await fetch(api.url + path)).status]).toEqual([path, 401])
  }
})

test('D-23, API-028: every list has the whole envelope; the platform sees every tenant, named', async () => {
  const { tenantId, admin, stranger, platform } = world
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
  const { deadLetterId, viewer, admin } = world
  expect((await viewer.client.get('/api/v6/ingest/dead-letters')).body).toMatchObject({ status: 403, required_role: 'admin' })
  expect((await admin.client.get(`/api/v6/ingest/dead-letters/${deadLetterId}`)).body).toMatchObject({
    raw: '<script>\\x00\\xc3\\xa9',
    raw_truncated: false,
    status: 'open',
  })
})

test('API-234: natural order, filters, search, device blocks', async () => {
  const { sensor, viewer } = world
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
  const { viewer, stranger } = world
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
  const { admin } = world
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
  const { spaceIds, sensor, gateway, admin } = world
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

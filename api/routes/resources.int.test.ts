/** What each resource shows, and the commands on lights and dead letters (API-300 to API-542). */
import { createReadWorld, type ReadWorld } from '#test/harness/read-world'

let world: ReadWorld

beforeAll(async () => {
  world = await createReadWorld()
})
afterAll(() => world.api.close())

test('API-046: If-None-Match of the same view is 304 without a body', async () => {
  const { siteId, sensor, downlinkId, viewer } = world
  for (const path of [`/api/v6/sites/${siteId}`, `/api/v6/devices/${sensor.deviceId}`, `/api/v6/downlinks/${downlinkId}`]) {
    const { headers } = await viewer.client.get(path)
    const again = await viewer.client.send(`GET ${path}`, undefined, { 'if-none-match': headers.get('etag') ?? '' })
    expect([again.status, again.body]).toEqual([304, ''])
  }
})

test('API-335: why tells card, light, who was told and the workflow, from what was stored', async () => {
  const { tenantId, spaceIds, sensor, gateway, downlinkId, viewer } = world
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
  const { spaceIds, viewer } = world
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
  const { spaceIds, viewer, admin } = world
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
  const { tenantId, siteId, viewer } = world
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
  const { sensor, gateway, viewer, admin } = world
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
  const { light, downlinkId, viewer, stranger, platform, sql } = world
  const { operator } = world
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
  const { deadLetterId, viewer, admin, platform, sql } = world
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

/** An operator's word about a space: refusals first, then what the rules make of it (API-330 to 332, API-340, API-046, API-047). */
import { randomUUID } from 'node:crypto'
import { asAdmin } from '#test/harness/rows'
import { startTestApi, type TestApi, type TestPerson } from '#test/harness/test-api'

let api: TestApi
let tenantId: string
let siteId: string
let operator: TestPerson
let viewer: TestPerson
let stranger: TestPerson
let platform: TestPerson

beforeAll(async () => {
  api = await startTestApi()
  tenantId = (await api.make.tenant()).tenantId
  siteId = (await api.make.site({ tenantId })).siteId
  operator = await api.person(tenantId, 'operator')
  viewer = await api.person(tenantId, 'viewer')
  stranger = await api.person((await api.make.tenant()).tenantId, 'owner')
  platform = await api.person('00000000-0000-0000-0000-000000000000', 'admin')
})
afterAll(() => api.close())

const newSpace = async () => (await api.make.space({ tenantId, siteId })).spaceId
const path = (spaceId: string) => `/api/v6/spaces/${spaceId}`
const setState = (spaceId: string, body: unknown, { person = operator, headers = {} } = {}) =>
  person.client.send(`PUT ${path(spaceId)}/state`, body, headers)
const audits = (spaceId: string) =>
  asAdmin<{ action: string; request_id: string; new_values: object }>(
    api.database.adminUrl,
    'select action, request_id, new_values from audit_log where resource_id = $1 order by created_at',
    [spaceId],
  )

describe('refusals', () => {
  test('401 nobody, 403 viewer, 404 another tenant and a random id alike, 403 platform admin without a switch', async () => {
    const spaceId = await newSpace()
    expect((await fetch(`${api.url}${path(spaceId)}/state`, { method: 'PUT', body: '{}' })).status).toBe(401)
    expect((await setState(spaceId, { state: 'occupied' }, { person: viewer })).body).toMatchObject({
      status: 403,
      code: 'permission.role',
      required_role: 'operator',
    })
    const foreign = await setState(spaceId, { state: 'occupied' }, { person: stranger })
    const random = await setState(randomUUID(), { state: 'occupied' }, { person: stranger })
    expect(foreign.status).toBe(404)
    expect({ ...foreign.body, instance: null }).toEqual({ ...random.body, instance: null })
    expect((await setState(spaceId, { state: 'occupied' }, { person: platform })).body).toMatchObject({
      status: 403,
      code: 'tenant.switch_required',
    })
    expect((await setState(randomUUID(), { state: 'occupied' }, { person: platform })).status).toBe(404)
    expect(await audits(spaceId)).toHaveLength(0)
  })

  test('API-071: 422 names every issue at once', async () => {
    const { status, body } = await operator.client.send<{ errors: { pointer: string; code: string }[] }>(
      `PUT ${path(await newSpace())}/state?sensor_state=free&bogus=1`,
      {
        state: 'parked',
        until: 'tomorrow',
        tenant_id: 'x',
        reason: '',
      },
    )
    expect(status).toBe(422)
    expect(body.errors.map(({ pointer, code }) => `${pointer} ${code}`).sort()).toEqual([
      '/bogus unknown_parameter',
      '/reason too_short',
      '/sensor_state read_only',
      '/state invalid_enum',
      '/tenant_id unknown_field',
      '/until invalid_time',
    ])
  })

  test('API-330: reserved needs a reservation; no state, a past end and two different states are 422', async () => {
    const spaceId = await newSpace()
    expect((await setState(spaceId, { state: 'reserved' })).body).toMatchObject({ status: 422, code: 'space.state_not_settable' })
    expect((await setState(spaceId, {})).body).toMatchObject({ errors: [{ pointer: '/state', code: 'required' }] })
    expect((await setState(spaceId, { state: 'free', status: 'occupied' })).body).toMatchObject({
      errors: [{ code: 'conflict_with_field' }],
    })
    expect((await setState(spaceId, { state: 'free', until: '2020-01-01T00:00:00Z' })).body).toMatchObject({
      errors: [{ pointer: '/until', code: 'invalid_time' }],
    })
  })

  test('API-046: a stale If-Match is 412 with what is there now; a current one and * pass', async () => {
    const spaceId = await newSpace()
    const before = await operator.client.get(path(spaceId))
    const etag = before.headers.get('etag') ?? ''
    expect((await setState(spaceId, { state: 'maintenance' }, { headers: { 'if-match': etag } })).status).toBe(200)
    const stale = await setState(spaceId, { state: 'free' }, { headers: { 'if-match': etag } })
    expect(stale.body).toMatchObject({
      status: 412,
      code: 'precondition.stale',
      current_version: 2,
      current: { id: spaceId },
      updated_by: 'Ada Example',
    })
    expect((await setState(spaceId, { state: 'free' }, { headers: { 'if-match': '*' } })).status).toBe(200)
  })
})

describe('API-330: state by hand', () => {
  test('occupied is a statement: transition, audit, session, outbox, version, ETag', async () => {
    const spaceId = await newSpace()
    const { status, body, headers } = await setState(
      spaceId,
      { state: 'occupied', reason: 'Seen' },
      { headers: { 'x-request-id': 'req-test-0001' } },
    )
    expect(status).toBe(200)
    expect(body).toMatchObject({
      success: true,
      previous_state: 'unknown',
      current_state: 'occupied',
      requested_state: 'occupied',
      changed: true,
      source: 'manual',
      sequence: 1,
      space: {
        state_reason: 'manual_occupied',
        version: 2,
        session: { id: expect.any(String) },
        override: { kind: 'occupied', reason: 'Seen' },
      },
    })
    expect(headers.get('etag')).toMatch(/^"2-/)
    expect(headers.get('x-request-id')).toBe('req-test-0001')
    expect(await audits(spaceId)).toMatchObject([
      { action: 'space.override', request_id: 'req-test-0001', new_values: { requested_state: 'occupied' } },
    ])
    expect(api.settled.at(-1)).toMatchObject({ tenantId, target: `space/${tenantId}/${spaceId}` })
    const [transition] = await asAdmin(
      api.database.adminUrl,
      'select source, actor_id, request_id, because from state_changes where space_id = $1',
      [spaceId],
    )
    expect(transition).toMatchObject({ source: 'manual', actor_id: operator.userId, request_id: 'req-test-0001' })
  })

  test('said twice changes nothing and is not audited again; unknown withdraws it', async () => {
    const spaceId = await newSpace()
    await setState(spaceId, { state: 'occupied' })
    expect((await setState(spaceId, { state: 'occupied' })).body).toMatchObject({ changed: false, sequence: 1 })
    expect((await setState(spaceId, { state: 'unknown' })).body).toMatchObject({ changed: true, current_state: 'unknown', sequence: 2 })
    expect(await audits(spaceId)).toHaveLength(2)
  })

  test('maintenance opens a block that free ends; a block by override stays', async () => {
    const spaceId = await newSpace()
    expect((await setState(spaceId, { state: 'maintenance' })).body).toMatchObject({
      current_state: 'maintenance',
      space: { state_reason: 'blocked' },
    })
    expect((await setState(spaceId, { state: 'free' })).body).toMatchObject({
      current_state: 'free',
      space: { overrides: [{ kind: 'free' }] },
    })
    await operator.client.send(`POST ${path(spaceId)}/overrides`, { kind: 'out_of_service', reason: 'Broken kerb' })
    expect((await setState(spaceId, { state: 'free', reason: 'Try' })).body).toMatchObject({
      current_state: 'maintenance',
      requested_state: 'free',
      changed: true,
    })
  })

  test('API-907: older clients set it by query', async () => {
    const spaceId = await newSpace()
    expect((await operator.client.send(`PUT ${path(spaceId)}/state?new_state=occupied&source=app`)).body).toMatchObject({
      current_state: 'occupied',
    })
    expect((await operator.client.send(`POST ${path(spaceId)}/state/`, { status: 'free' })).body).toMatchObject({ current_state: 'free' })
  })
})

describe('API-331, API-332: blocks', () => {
  test('several stand, are ranked, replaced and released', async () => {
    const spaceId = await newSpace()
    const blocked = await operator.client.send<{ override_id: string }>(`POST ${path(spaceId)}/overrides`, {
      kind: 'blocked',
      reason: 'Painting',
    })
    expect(blocked).toMatchObject({ status: 201, body: { current_state: 'maintenance', affected_reservations: [] } })
    await operator.client.send(`POST ${path(spaceId)}/overrides`, { kind: 'out_of_service', reason: 'Kerb' })
    const replaced = await operator.client.send(`PUT ${path(spaceId)}/override`, { kind: 'blocked', reason: 'Painting again' })
    expect(replaced).toMatchObject({ status: 200, body: { override: { kind: 'out_of_service' } } })
    expect((replaced.body['overrides'] as unknown[]).length).toBe(2)
    expect((await operator.client.send(`DELETE ${path(spaceId)}/overrides/${blocked.body.override_id}`)).body).toMatchObject({
      id: spaceId,
      current_state: 'maintenance',
    })
    expect((await operator.client.send(`DELETE ${path(spaceId)}/overrides/${randomUUID()}`)).status).toBe(404)
    expect((await operator.client.send(`DELETE ${path(spaceId)}/override`, { reason: 'Done' })).body).toMatchObject({
      current_state: 'unknown',
      overrides: [],
    })
    expect((await operator.client.send(`DELETE ${path(spaceId)}/override`)).status).toBe(200)
    expect((await audits(spaceId)).map(({ action }) => action)).toEqual(['space.block', 'space.block', 'space.block', 'space.unblock'])
  })

  test('a block of tomorrow does not rule today; its end must lie after its start', async () => {
    const spaceId = await newSpace()
    const from = new Date(Date.now() + 86_400_000).toISOString()
    expect((await operator.client.send(`POST ${path(spaceId)}/overrides`, { kind: 'blocked', reason: 'Later', from })).body).toMatchObject({
      current_state: 'unknown',
      override: null,
    })
    expect(
      (
        await operator.client.send(`POST ${path(spaceId)}/overrides`, {
          kind: 'blocked',
          reason: 'Back',
          from,
          until: '2026-01-01T00:00:00Z',
        })
      ).status,
    ).toBe(422)
  })
})

test('API-340: a suspect sensor is believed again, with a reason; not suspect: nothing changes', async () => {
  const spaceId = await newSpace()
  const { deviceId } = await api.make.device({ tenantId, spaceId })
  const flips = Array.from({ length: 21 }, (_, index) => new Date(Date.now() - index * 60_000).toISOString()).reverse()
  await asAdmin(
    api.database.adminUrl,
    `insert into sensor_debounce_state (tenant_id, device_id, last_heard_at, value, value_heard_at, flips, suspect_since) values ($1, $2, now(), 'free', now(), $3, now())`,
    [tenantId, deviceId, flips],
  )
  expect((await operator.client.send(`DELETE ${path(spaceId)}/suspect`)).body).toMatchObject({
    status: 422,
    errors: [{ pointer: '/reason', code: 'required' }],
  })
  expect((await operator.client.get(path(spaceId))).body).toMatchObject({ suspect: { changes_last_hour: 21 } })
  expect((await operator.client.send(`DELETE ${path(spaceId)}/suspect`, { reason: 'Cleaned' })).body).toMatchObject({
    suspect: null,
    version: 2,
  })
  expect((await operator.client.send(`DELETE ${path(spaceId)}/suspect`, { reason: 'Again' })).body).toMatchObject({ version: 2 })
  expect((await audits(spaceId)).map(({ action }) => action)).toEqual(['space.clear_suspect'])
})

describe('API-047: Idempotency-Key', () => {
  const post = (spaceId: string, key: string, body: unknown) =>
    operator.client.send(`POST ${path(spaceId)}/overrides`, body, { 'idempotency-key': key })

  test('the same key and body get the same answer, once; another body is a mismatch; a malformed key 422', async () => {
    const spaceId = await newSpace()
    const first = await post(spaceId, 'key-1', { kind: 'blocked', reason: 'Once' })
    const again = await post(spaceId, 'key-1', { reason: 'Once', kind: 'blocked' })
    expect(again.status).toBe(201)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.body).toEqual(first.body)
    expect(await audits(spaceId)).toHaveLength(1)
    expect((await post(spaceId, 'key-1', { kind: 'blocked', reason: 'Other' })).body).toMatchObject({
      status: 422,
      code: 'idempotency.mismatch',
    })
    expect((await post(spaceId, 'k'.repeat(256), { kind: 'blocked', reason: 'Other' })).body).toMatchObject({
      status: 422,
      code: 'validation.failed',
    })
  })

  test('a refusal is stored too, a validation failure is not', async () => {
    const missing = randomUUID()
    expect((await post(missing, 'key-2', { kind: 'blocked', reason: 'x' })).status).toBe(404)
    expect((await post(missing, 'key-2', { kind: 'blocked', reason: 'x' })).headers.get('idempotency-replayed')).toBe('true')
    expect((await post(missing, 'key-3', { kind: 'wrong' })).status).toBe(422)
    expect((await post(missing, 'key-3', { kind: 'blocked', reason: 'x' })).status).toBe(404)
  })

  test('of ten parallel requests with one key one works, the others wait or hear its answer', async () => {
    const spaceId = await newSpace()
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(spaceId, 'key-4', { kind: 'blocked', reason: 'Race' })))
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true)
    expect(await audits(spaceId)).toHaveLength(1)
  })
})

/** The projection against real rows: what it writes, and that it writes it once (DOM-910 to DOM-915, DOM-250, DOM-251). */
import { until } from '#test/harness/until'
import type { Origin } from '#domain/authorization/principal'
import type { ProjectionCause } from '#domain/shared/outbox'
import { createWorld, FREE, OCCUPIED, uplink, type Bay, type World } from '#test/ingest/world'
import { projectSpace } from './project-space'

let world: World
beforeAll(async () => void (world = await createWorld()))
afterAll(() => world.close())

const MINUTE = 60_000
const origin: Origin = { actor: { type: 'system', id: null }, requestId: 'test' }

function project({ tenantId, spaceId }: Bay, cause: ProjectionCause = 'timer') {
  return world.database.unitOfWork.withTenant({ tenantId }, (repositories) => projectSpace(repositories, { spaceId, cause, origin }))
}

async function hear(bay: Bay, fCnt: number, more: { hex?: string; at?: number } = {}): Promise<void> {
  await world.pipeline.accept(uplink({ devEui: bay.sensor.devEui, fCnt, ...more }))
  await world.pipeline.idle()
}

/** Everything that a projection may write, with the transaction that wrote it. */
const fingerprint = async ({ tenantId, spaceId }: Bay) =>
  world.rows(
    `select xmin::text, 's' as what from spaces where id = $2
     union all select xmin::text, 'o' from site_occupancy where tenant_id = $1 union all select xmin::text, 'd' from display_state_cache where tenant_id = $1
     union all select xmin::text, 'c' from sensor_debounce_state where tenant_id = $1 union all select xmin::text, 'p' from parking_sessions where tenant_id = $1
     union all select xmin::text, 't' from state_changes where tenant_id = $1 union all select xmin::text, 'x' from outbox where tenant_id = $1
     union all select xmin::text, 'a' from alerts where tenant_id = $1 order by 2, 1`,
    [tenantId, spaceId],
  )

const transitionsOf = ({ spaceId }: Bay) =>
  world.rows<{ new_state: string; state_reason: string; source: string; valid_at: Date; cause_type: string }>(
    'select new_state, state_reason, source, valid_at, cause_type from state_changes where space_id = $1 order by sequence',
    [spaceId],
  )

test('DOM-912: run again with no new fact it writes nothing', async () => {
  const bay = await world.createBay()
  await hear(bay, 1)
  await project(bay)
  const before = await fingerprint(bay)
  const again = await project(bay)
  expect(again).toMatchObject({
    gone: false,
    changed: false,
    handover: null,
    state: 'occupied',
    wanted: { deviceId: bay.light.deviceId, version: 1 },
  })
  expect(await fingerprint(bay)).toEqual(before)
})

test('DOM-231, DOM-250: silence is a transition of time, valid since the instant that was foretold, and opens an alert until the next frame', async () => {
  const bay = await world.createBay()
  const heardAt = Date.now() - 26 * MINUTE
  await hear(bay, 1, { at: heardAt })
  expect(await transitionsOf(bay)).toMatchObject([{ new_state: 'unknown', state_reason: 'sensor_silent' }])
  const [open] = await world.rows('select kind, closed_at from alerts where tenant_id = $1', [bay.tenantId])
  expect(open).toEqual({ kind: 'sensor_silent', closed_at: null })
  await hear(bay, 2)
  expect((await transitionsOf(bay)).at(-1)).toMatchObject({ new_state: 'occupied', source: 'sensor' })
  const [closed] = await world.rows<{ closed_at: Date | null }>('select closed_at from alerts where tenant_id = $1', [bay.tenantId])
  expect(closed?.closed_at).toBeInstanceOf(Date)
})

test('DOM-250: what time changes is valid since the stored until', async () => {
  const bay = await world.createBay()
  await hear(bay, 1)
  await world.rows(`update sensor_debounce_state set last_heard_at = last_heard_at - interval '2 hours' where device_id = $1`, [
    bay.sensor.deviceId,
  ])
  await world.rows(
    `update spaces set state_until = now() - interval '95 minutes', next_check_at = now() - interval '95 minutes' where id = $1`,
    [bay.spaceId],
  )
  const [{ state_until: due } = { state_until: null }] = await world.rows<{ state_until: Date }>(
    'select state_until from spaces where id = $1',
    [bay.spaceId],
  )
  await project(bay)
  expect((await transitionsOf(bay)).at(-1)).toMatchObject({
    state_reason: 'sensor_silent',
    source: 'timer',
    cause_type: 'timer',
    valid_at: due,
  })
})

test('DOM-907: a statement in force makes the next heartbeat project, and that ends it', async () => {
  const bay = await world.createBay()
  await hear(bay, 1, { at: Date.now() - MINUTE })
  await world.rows(
    `insert into space_overrides (tenant_id, space_id, kind, starts_at, created_by_type) values ($1, $2, 'free', now(), 'user')`,
    [bay.tenantId, bay.spaceId],
  )
  const stated = await project(bay, 'manual')
  expect(stated).toMatchObject({ state: 'free', reason: 'manual_free', handover: { message: { cause: 'manual' } } })
  await hear(bay, 2, { at: Date.now() + 1 })
  expect((await transitionsOf(bay)).map(({ state_reason }) => state_reason)).toEqual(['sensor_occupied', 'manual_free', 'sensor_occupied'])
  const [cursor] = await world.rows('select project_next from sensor_debounce_state where device_id = $1', [bay.sensor.deviceId])
  expect(cursor).toEqual({ project_next: false })
})

test('DOM-235, DOM-236: the 21st flip within an hour makes the sensor suspect, the light says error, an alert is open', async () => {
  const bay = await world.createBay()
  const from = Date.now() - 22 * MINUTE
  for (let flip = 0; flip < 22; flip++) await hear(bay, flip + 1, { hex: flip % 2 === 0 ? FREE : OCCUPIED, at: from + flip * MINUTE })
  expect((await transitionsOf(bay)).at(-1)).toMatchObject({ new_state: 'unknown', state_reason: 'sensor_suspect' })
  expect(await world.rows('select wanted_situation from display_state_cache where device_id = $1', [bay.light.deviceId])).toEqual([
    { wanted_situation: 'error' },
  ])
  expect(await world.rows('select kind from alerts where tenant_id = $1 and closed_at is null', [bay.tenantId])).toEqual([
    { kind: 'sensor_suspect' },
  ])
})

test('DOM-310: the most specific published policy decides what the light shows', async () => {
  const bay = await world.createBay()
  const { DEFAULT_POLICY_BODY } = await import('#domain/display/policy')
  const content = {
    ...DEFAULT_POLICY_BODY,
    looks: { ...DEFAULT_POLICY_BODY.looks, occupied: { color: 'purple', pattern: 'solid', brightness_percent: 100 } },
  }
  const [policy] = await world.rows<{ id: string }>(
    `insert into display_policies (tenant_id, scope_type, site_id, name, status, published_version) values ($1, 'site', $2, 'Night', 'published', 3) returning id`,
    [bay.tenantId, bay.siteId],
  )
  await world.rows(
    `insert into display_policy_versions (tenant_id, policy_id, version_no, content, published_at) values ($1, $2, 3, $3, now())`,
    [bay.tenantId, policy?.id, JSON.stringify(content)],
  )
  await hear(bay, 1)
  expect(await world.rows('select wanted_color from display_state_cache where device_id = $1', [bay.light.deviceId])).toEqual([
    { wanted_color: 'purple' },
  ])
  expect(await world.rows('select policy_id, policy_version from state_changes where space_id = $1', [bay.spaceId])).toEqual([
    { policy_id: policy?.id, policy_version: 3 },
  ])
})

test('DOM-213: with every serving gateway offline the bay is blind, not vacant', async () => {
  const bay = await world.createBay()
  await world.pipeline.accept(
    uplink({ devEui: bay.sensor.devEui, fCnt: 1, gateways: [{ gatewayId: bay.gateway.gatewayId, rssi: -90, snr: 7 }] }),
  )
  await world.pipeline.idle()
  await world.rows(`update gateways set status = 'offline', status_since = now() where id = $1`, [bay.gateway.gatewayRef])
  expect(await project(bay, 'system')).toMatchObject({ state: 'unknown', reason: 'gateway_down', changed: true })
  expect(await world.rows('select project_next from sensor_debounce_state where device_id = $1', [bay.sensor.deviceId])).toEqual([
    { project_next: true },
  ])
})

test('DOM-911: twenty concurrent projections and frames of one bay leave gapless sequences and true counters', async () => {
  const bay = await world.createBay()
  const at = Date.now() - 30_000
  const frames = Array.from({ length: 10 }, (_, n) =>
    world.pipeline.accept(uplink({ devEui: bay.sensor.devEui, fCnt: n + 1, hex: n % 2 === 0 ? OCCUPIED : FREE, at: at + n * 1_000 })),
  )
  await Promise.all([...frames, ...Array.from({ length: 10 }, () => project(bay))])
  await world.pipeline.idle()
  const sequences = await world.rows<{ sequence: string }>(
    'select sequence from state_changes where space_id = $1 order by recorded_at, sequence',
    [bay.spaceId],
  )
  expect(sequences.map(({ sequence }) => Number(sequence))).toEqual(sequences.map((_, index) => index + 1))
  const [truth] = await world.rows(
    'select s.current_state = $2 as is_free, o.free, o.total from spaces s join site_occupancy o on o.site_id = s.site_id where s.id = $1',
    [bay.spaceId, 'free'],
  )
  expect(truth).toEqual({ is_free: true, free: 1, total: 1 })
})

test('DOM-911: a first frame that comes while a projection waits for its bay is not taken for silence', async () => {
  const bay = await world.createBay()
  const { tenantId, spaceId, sensor } = bay
  let release: () => void = () => undefined
  let locked: () => void = () => undefined
  const gate = new Promise<void>((resolve) => (release = resolve))
  const held = new Promise<void>((resolve) => (locked = resolve))
  const holding = world.database.unitOfWork.withTenant({ tenantId }, async ({ projection }) => {
    await projection.lockSpace(spaceId)
    locked()
    await gate
  })
  await held
  const waiting = project(bay)
  const isWaiting = async () =>
    (await world.rows(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length > 0
  await until(isWaiting, { what: 'the projection behind the lock' })
  await world
    .newPipeline({ dispatcher: { ...world.dispatcher, show: () => Promise.resolve(null) } })
    .accept(uplink({ devEui: sensor.devEui, fCnt: 1 }))
  release()
  await holding
  expect(await waiting).toMatchObject({ state: 'occupied', changed: true })
})

test('DOM-264: a vehicle that comes while a right covers now is linked to it', async () => {
  const bay = await world.createBay()
  const [right] = await world.rows<{ id: string }>(
    `insert into reservations (tenant_id, space_id, start_time, end_time, scheduled_end_time, blocked_from, blocked_until, status, source, created_by_type)
     select $1, $2, s, e, e, s, e, 'confirmed', 'api', 'user' from (select now() - interval '5 minutes' as s, now() + interval '1 hour' as e) t returning id`,
    [bay.tenantId, bay.spaceId],
  )
  expect(await project(bay, 'reservation')).toMatchObject({ state: 'reserved', nextExact: expect.any(Number) })
  await hear(bay, 1)
  expect(await world.rows('select reservation_id from parking_sessions where space_id = $1', [bay.spaceId])).toEqual([
    { reservation_id: right?.id },
  ])
})

test('WF-010: a space that is gone says so', async () => {
  const bay = await world.createBay()
  await world.rows('update spaces set deleted_at = now() where id = $1', [bay.spaceId])
  expect(await project(bay)).toEqual({ gone: true })
})

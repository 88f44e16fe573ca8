/** What does not belong: poison, strangers, moved devices, a database that is away (DOM-903, DOM-907, DOM-531, Q-FLT-26, Q-FLT-27, Q-TRP-43). */
import { randomUUID } from 'node:crypto'
import { readingsOf, spaceOf } from '#test/ingest/looks'
import { createWorld, event, PLATFORM_TENANT_ID, uplink, type World } from '#test/ingest/world'

let world: World
beforeAll(async () => void (world = await createWorld()))
afterAll(() => world.close())

async function accept(...messages: readonly ReturnType<typeof uplink>[]): Promise<void> {
  await Promise.all(messages.map((message) => world.pipeline.accept(message)))
  await world.pipeline.idle()
}

describe('bad input', () => {
  test('Q-FLT-26, Q-FLT-27: poison among good messages is set aside with its reason, its neighbours are committed', async () => {
    const bay = await world.createBay()
    const good = (fCnt: number) => uplink({ devEui: bay.sensor.devEui, fCnt, at: Date.now() - 10_000 + fCnt })
    const zero = event('log', {
      devEui: bay.sensor.devEui,
      body: { time: new Date().toISOString(), level: 'ERROR', code: 'OTAA', description: 'a\u0000b' },
    })
    const broken = { ...good(2), payload: Buffer.from('{"deviceInfo":') }
    const large = { ...good(2), payload: Buffer.alloc(300_000, 32) }
    await accept(good(1), broken, zero, large, good(3))
    expect((await readingsOf(world, bay.sensor.deviceId)).map(({ f_cnt }) => f_cnt)).toEqual(['1', '3'])
    const letters = await world.rows<{ reason: string }>(
      'select reason, status, dev_eui from ingest_dead_letters where tenant_id = $1 order by reason',
      [bay.tenantId],
    )
    expect(letters.map(({ reason }) => reason)).toEqual(['not_json', 'refused', 'too_large'])
    const alerts = await world.rows('select subject_id from alerts where tenant_id = $1 and kind = $2 order by 1', [
      bay.tenantId,
      'ingest_dead_letter',
    ])
    expect(alerts).toEqual([{ subject_id: 'not_json' }, { subject_id: 'refused' }, { subject_id: 'too_large' }])
  })

  test('D-52, DOM-531: an unknown device is one orphan of the platform with its frames, repeats apart', async () => {
    const devEui = randomUUID().replaceAll('-', '').slice(0, 16)
    const frame = uplink({ devEui, fCnt: 1 })
    await accept(frame, uplink({ devEui, fCnt: 2 }))
    await accept(frame)
    const orphans = await world.rows(
      'select tenant_id, message_count::int, jsonb_array_length(frames) as frames, guessed_model from orphan_devices where dev_eui = $1',
      [devEui],
    )
    expect(orphans).toEqual([{ tenant_id: PLATFORM_TENANT_ID, message_count: 2, frames: 2, guessed_model: expect.anything() }])
  })

  test('LW-004: a device of another tenant than the application is a drift row and changes nothing', async () => {
    const bay = await world.createBay()
    const other = await world.factories.tenant()
    const applicationId = randomUUID()
    await world.rows('insert into chirpstack_applications (tenant_id, application_id) values ($1, $2)', [other.tenantId, applicationId])
    await accept(uplink({ devEui: bay.sensor.devEui, fCnt: 1, applicationId }))
    expect((await spaceOf(world, bay))?.state_sequence).toBe(0)
    expect(await readingsOf(world, bay.sensor.deviceId)).toEqual([])
    expect(await world.rows('select kind, eui, status from chirpstack_drift where tenant_id = $1', [other.tenantId])).toEqual([
      { kind: 'foreign_application', eui: bay.sensor.devEui, status: 'open' },
    ])
  })
})

describe('the database is away', () => {
  const refused = () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))

  test('Q-TRP-43: a blink is waited out and the message is committed', async () => {
    const bay = await world.createBay()
    const { unitOfWork } = world.database
    let refusals = 1
    const pipeline = world.newPipeline({
      unitOfWork: { ...unitOfWork, withIngest: (work) => (refusals-- > 0 ? refused() : unitOfWork.withIngest(work)) },
    })
    await pipeline.accept(uplink({ devEui: bay.sensor.devEui, fCnt: 1 }))
    await pipeline.idle()
    expect((await spaceOf(world, bay))?.current_state).toBe('occupied')
  })

  test('DOM-907: nothing is acknowledged while it is away longer, and nothing becomes a dead letter', async () => {
    const bay = await world.createBay()
    const pipeline = world.newPipeline({ unitOfWork: { ...world.database.unitOfWork, withIngest: refused } })
    await expect(pipeline.accept(uplink({ devEui: bay.sensor.devEui, fCnt: 1 }))).rejects.toThrow('ECONNREFUSED')
    expect(await readingsOf(world, bay.sensor.deviceId)).toEqual([])
    expect(await world.rows('select 1 from ingest_dead_letters where tenant_id = $1', [bay.tenantId])).toEqual([])
  })

  test('DOM-907: a deadlock commits at the second try, whole', async () => {
    const bay = await world.createBay()
    const { unitOfWork } = world.database
    let deadlocks = 1
    const deadlock = () => Promise.reject(Object.assign(new Error('deadlock detected'), { code: '40P01' }))
    const pipeline = world.newPipeline({
      unitOfWork: { ...unitOfWork, withIngest: (work) => (deadlocks-- > 0 ? deadlock() : unitOfWork.withIngest(work)) },
    })
    await Promise.all([1, 2].map((fCnt) => pipeline.accept(uplink({ devEui: bay.sensor.devEui, fCnt, at: Date.now() - 9_000 + fCnt }))))
    await pipeline.idle()
    expect((await readingsOf(world, bay.sensor.deviceId)).map(({ verdict }) => verdict)).toEqual(['applied', 'same'])
  })
})

test('D-70, Q-FLT-36: a message is answered only when its row can be seen by everybody else', async () => {
  const bay = await world.createBay()
  await world.pipeline.accept(uplink({ devEui: bay.sensor.devEui, fCnt: 1 }))
  expect(await readingsOf(world, bay.sensor.deviceId)).toHaveLength(1)
})

test('DOM-1105, DOM-903: a device that moved to another tenant is resolved again at once', async () => {
  const bay = await world.createBay()
  const other = await world.createBay()
  const { devEui } = bay.sensor
  await accept(uplink({ devEui, fCnt: 1 }))
  await world.rows(
    `update devices set archived_at = now(), lifecycle_state = 'retired', assigned_space_id = null, assigned_at = null where id = $1`,
    [bay.sensor.deviceId],
  )
  const moved = await world.factories.device({ tenantId: other.tenantId, devEui })
  await accept(uplink({ devEui, fCnt: 2 }))
  expect(await readingsOf(world, moved.deviceId)).toMatchObject([{ f_cnt: '2', verdict: 'stored' }])
  expect(await readingsOf(world, bay.sensor.deviceId)).toHaveLength(1)
})

test('LW-004: a linked application gives its events to its tenant, unknown devices too', async () => {
  const { tenantId } = await world.createBay()
  const applicationId = randomUUID()
  await world.rows('insert into chirpstack_applications (tenant_id, application_id) values ($1, $2)', [tenantId, applicationId])
  const devEui = randomUUID().replaceAll('-', '').slice(0, 16)
  await accept(uplink({ devEui, fCnt: 1, applicationId }), { ...uplink({ devEui, fCnt: 2, applicationId }), payload: Buffer.from('{') })
  expect(await world.rows('select dev_eui from orphan_devices where tenant_id = $1', [tenantId])).toEqual([{ dev_eui: devEui }])
  expect(await world.rows('select reason from ingest_dead_letters where tenant_id = $1', [tenantId])).toEqual([{ reason: 'not_json' }])
})

test('DOM-531: of many unknown devices ten a minute get a row, the rest are only counted', async () => {
  const { tenantId } = await world.factories.tenant()
  const applicationId = randomUUID()
  await world.rows('insert into chirpstack_applications (tenant_id, application_id) values ($1, $2)', [tenantId, applicationId])
  const strangers = Array.from({ length: 14 }, () =>
    uplink({ devEui: randomUUID().replaceAll('-', '').slice(0, 16), fCnt: 1, applicationId }),
  )
  await accept(...strangers)
  expect(await world.rows('select count(*)::int as n from orphan_devices where tenant_id = $1', [tenantId])).toEqual([{ n: 10 }])
})

test('DOM-906: events beside uplinks are stored once, by their own keys', async () => {
  const bay = await world.createBay()
  const { devEui, deviceId } = bay.light
  const time = new Date().toISOString()
  const queueItemId = randomUUID()
  const messages = [
    event('txack', { devEui, body: { downlinkId: 7, time, queueItemId, fCntDown: 2, gatewayId: bay.gateway.gatewayId } }),
    event('ack', { devEui, body: { deduplicationId: '', time, queueItemId, acknowledged: true } }),
    event('log', { devEui, body: { time, level: 'ERROR', code: 'EXPIRED', context: { queue_item_id: queueItemId } } }),
    event('status', { devEui, body: { deduplicationId: 'x', time, margin: 3, batteryLevel: 55.6 } }),
    event('location', { devEui, body: { deduplicationId: 'x', time, location: { latitude: 1, longitude: 2 } } }),
  ]
  await accept(...messages)
  await accept(...messages)
  const events = await world.rows<{ kind: string; queue_item_id: string | null }>(
    'select kind, queue_item_id from device_events where device_id = $1 order by kind',
    [deviceId],
  )
  expect(events.map(({ kind }) => kind)).toEqual(['ack', 'location', 'log', 'status', 'txack'])
  const told = world.signals.flatMap((message) =>
    message.kind === 'display' && message.deviceId === deviceId ? message.networkEvents : [],
  )
  expect(told.map(({ kind }) => kind).sort()).toEqual(['ack', 'log', 'txack'])
  expect(await world.rows('select battery_percent from devices where id = $1', [deviceId])).toEqual([{ battery_percent: 56 }])
})

/** MQTT messages become rows, states, events and signals on real PostgreSQL and Redis (D-70, DOM-901 to DOM-924, Q-FLT-23, Q-FLT-24). */
import { randomUUID } from 'node:crypto'
import { readingsOf, spaceOf, transitionsOf } from '#test/ingest/looks'
import { createWorld, event, FREE, OCCUPIED, uplink, type World } from '#test/ingest/world'

let world: World
beforeAll(async () => void (world = await createWorld()))
afterAll(() => world.close())

const MINUTE = 60_000

async function accept(...messages: readonly ReturnType<typeof uplink>[]): Promise<void> {
  await Promise.all(messages.map((message) => world.pipeline.accept(message)))
  await world.pipeline.idle()
}

describe('an uplink turns a bay red', () => {
  test('H-05a: reading, state, transition with its reasons, counters, stay, light, event and signal', async () => {
    const bay = await world.createBay()
    const heardAt = Date.now() - 1_000
    await accept(
      uplink({
        devEui: bay.sensor.devEui,
        fCnt: 1,
        hex: OCCUPIED,
        at: heardAt,
        gateways: [{ gatewayId: bay.gateway.gatewayId, rssi: -90, snr: 7 }],
      }),
    )
    expect(await spaceOf(world, bay)).toEqual({ current_state: 'occupied', state_reason: 'sensor_occupied', state_sequence: 1 })
    const [transition] = await transitionsOf(world, bay)
    expect(transition).toMatchObject({ sequence: '1', new_state: 'occupied', source: 'sensor', valid_at: new Date(heardAt) })
    expect(transition?.because.map(({ rule }) => rule)).toEqual(['newest_valid_reading', 'heard_within', 'rank'])
    const [reading] = await readingsOf(world, bay.sensor.deviceId)
    expect(reading).toMatchObject({ verdict: 'applied', repeat_count: 0 })
    expect(transition?.reading_id).toBe(reading?.id)
    const [counters] = await world.rows('select total, occupied, unknown, free from site_occupancy where site_id = $1', [bay.siteId])
    expect(counters).toEqual({ total: 1, occupied: 1, unknown: 0, free: 0 })
    const stays = await world.rows('select started_at, ended_at, device_id from parking_sessions where space_id = $1', [bay.spaceId])
    expect(stays).toEqual([{ started_at: new Date(heardAt), ended_at: null, device_id: bay.sensor.deviceId }])
    const [light] = await world.rows(
      `select wanted_version::int, wanted_situation, encode(wanted_payload, 'hex') as bytes from display_state_cache where device_id = $1`,
      [bay.light.deviceId],
    )
    expect(light).toEqual({ wanted_version: 1, wanted_situation: 'occupied', bytes: 'ff0000ff00' })
    const events = await world.events(bay.tenantId)
    expect(events.map(({ type }) => type).sort()).toEqual(['device:status', 'space:light', 'space:update'])
    expect(events.find(({ type }) => type === 'space:update')?.data).toMatchObject({
      space_id: bay.spaceId,
      sequence: 1,
      previous_state: 'unknown',
      current_state: 'occupied',
    })
    expect(world.signals.filter(({ tenantId }) => tenantId === bay.tenantId)).toEqual([
      {
        kind: 'space',
        tenantId: bay.tenantId,
        siteId: bay.siteId,
        spaceId: bay.spaceId,
        sequence: 1,
        cause: 'sensor',
        code: expect.any(String),
      },
    ])
    expect(await world.rows('select 1 from outbox where tenant_id = $1', [bay.tenantId])).toEqual([])
    expect(await world.rows('select channel from transition_notices where space_id = $1', [bay.spaceId])).toEqual([{ channel: 'feed' }])
    const [device] = await world.rows<{ status: string; battery_percent: number }>(
      'select status, battery_percent from devices where id = $1',
      [bay.sensor.deviceId],
    )
    expect(device).toEqual({ status: 'active', battery_percent: 73 })
  })

  test('D-71: a heartbeat is stored, signals nobody and projects nothing', async () => {
    const bay = await world.createBay()
    await accept(uplink({ devEui: bay.sensor.devEui, fCnt: 1 }))
    const before = world.signals.length
    await accept(uplink({ devEui: bay.sensor.devEui, fCnt: 2 }))
    expect((await readingsOf(world, bay.sensor.deviceId)).map(({ verdict }) => verdict)).toEqual(['applied', 'same'])
    expect(world.signals).toHaveLength(before)
    expect(await transitionsOf(world, bay)).toHaveLength(1)
  })

  test('DOM-260: free closes the stay, five minutes earlier for a motion sensor but never before it began', async () => {
    const bay = await world.createBay()
    const came = Date.now() - 10 * MINUTE
    await accept(uplink({ devEui: bay.sensor.devEui, fCnt: 1, at: came }))
    await accept(uplink({ devEui: bay.sensor.devEui, fCnt: 2, hex: FREE, at: came + 8 * MINUTE }))
    expect(await world.rows('select ended_at, confidence from parking_sessions where space_id = $1', [bay.spaceId])).toEqual([
      { ended_at: new Date(came + 3 * MINUTE), confidence: 'certain' },
    ])
    expect((await spaceOf(world, bay))?.current_state).toBe('free')
  })

  test('DOM-922: changes that share a batch become transitions of their own, in the order of their counters', async () => {
    const bay = await world.createBay()
    const at = Date.now() - 5 * MINUTE
    const frame = (fCnt: number, hex: string) => uplink({ devEui: bay.sensor.devEui, fCnt, hex, at: at + fCnt * 1_000 })
    await accept(frame(3, OCCUPIED), frame(1, OCCUPIED), frame(2, FREE))
    expect((await transitionsOf(world, bay)).map(({ sequence, new_state }) => [Number(sequence), new_state])).toEqual([
      [1, 'occupied'],
      [2, 'free'],
      [3, 'occupied'],
    ])
  })
})

describe('frames that are no news', () => {
  test('Q-FLT-23: one frame five times by three gateways is one reading with the best reception', async () => {
    const bay = await world.createBay()
    const heard = (n: number, rssi: number) =>
      uplink({
        devEui: bay.sensor.devEui,
        fCnt: 7,
        at: Date.now() - 20_000 + n * 1_000,
        gateways: [{ gatewayId: `000000000000000${n}`, rssi, snr: n }],
      })
    await accept(heard(1, -100))
    await accept(heard(2, -90), heard(3, -80))
    await accept(heard(1, -100))
    await accept(heard(2, -90))
    const readings = await readingsOf(world, bay.sensor.deviceId)
    expect(readings).toHaveLength(1)
    expect(readings[0]).toMatchObject({ repeat_count: 4, rssi_dbm: -80, gateway_eui: '0000000000000003' })
    expect(await transitionsOf(world, bay)).toHaveLength(1)
  })

  test('DOM-T34, DOM-924: a late frame is stored, marked and changes nothing', async () => {
    const bay = await world.createBay()
    const now = Date.now()
    await accept(uplink({ devEui: bay.sensor.devEui, fCnt: 10, hex: FREE, at: now - 10_000 }))
    await accept(uplink({ devEui: bay.sensor.devEui, fCnt: 9, hex: OCCUPIED, at: now - 30_000 }))
    expect((await readingsOf(world, bay.sensor.deviceId)).map(({ verdict }) => verdict)).toEqual(['late', 'applied'])
    expect((await spaceOf(world, bay))?.current_state).toBe('free')
  })

  test('Q-FLT-24: after a join the new session counts from 0, and the old session’s late frame changes nothing', async () => {
    const bay = await world.createBay()
    const now = Date.now()
    const { devEui, deviceId } = bay.sensor
    await accept(uplink({ devEui, fCnt: 900, hex: FREE, at: now - 60_000 }))
    await accept(
      event('join', { devEui, body: { deduplicationId: randomUUID(), time: new Date(now - 40_000).toISOString(), devAddr: '01aa0001' } }),
    )
    await accept(uplink({ devEui, fCnt: 0, devAddr: '01aa0001', hex: OCCUPIED, at: now - 30_000 }))
    await accept(uplink({ devEui, fCnt: 901, hex: FREE, at: now - 50_000 }))
    expect((await spaceOf(world, bay))?.current_state).toBe('occupied')
    expect((await readingsOf(world, deviceId)).map(({ f_cnt, verdict }) => [f_cnt, verdict])).toEqual([
      ['900', 'applied'],
      ['901', 'late'],
      ['0', 'applied'],
    ])
  })

  test('Q-FLT-24: a 16-bit counter that wraps goes on', async () => {
    const bay = await world.createBay()
    const now = Date.now()
    await accept(uplink({ devEui: bay.sensor.devEui, fCnt: 65_535, hex: FREE, at: now - 20_000 }))
    await accept(uplink({ devEui: bay.sensor.devEui, fCnt: 0, hex: OCCUPIED, at: now - 10_000 }))
    expect((await spaceOf(world, bay))?.current_state).toBe('occupied')
  })

  test('DOM-905: an empty payload is undecoded, never free; no fPort is heard and says nothing', async () => {
    const bay = await world.createBay()
    await accept(uplink({ devEui: bay.sensor.devEui, fCnt: 1, hex: OCCUPIED, at: Date.now() - 3_000 }))
    await accept(uplink({ devEui: bay.sensor.devEui, fCnt: 2, hex: '', at: Date.now() - 2_000 }))
    await accept(uplink({ devEui: bay.sensor.devEui, fCnt: 3, hex: '', fPort: null, at: Date.now() - 1_000 }))
    expect((await readingsOf(world, bay.sensor.deviceId)).map(({ verdict, decode_error }) => [verdict, decode_error])).toEqual([
      ['applied', null],
      ['undecoded', 'empty'],
      ['stored', null],
    ])
    expect((await spaceOf(world, bay))?.current_state).toBe('occupied')
  })
})

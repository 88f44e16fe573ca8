/** Simulated devices send real bytes, read by the product's own codecs (lorawan.md §7). */
import { decode, observedOccupancy } from '#domain/codec/registry'
import type { CodecValue } from '#domain/codec/reading'
import { startTestServer, type TestServer } from '../test-support'
import { APPLICATION, GATEWAY, LAMP_PROFILE, SENSOR_PROFILE, TEST_WORLD } from '../test-world'
import type { World, WorldDevice } from '../world'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const EUI = '1000000000000001'
const OPTIONS = { occupied_below_mm: 1_500 }

let test: TestServer
afterEach(() => test.close())

/** One device of the given model, joined and quiet. */
async function install(model: string, more: Partial<WorldDevice> = {}): Promise<void> {
  const profileId = model.startsWith('plenom') || model.startsWith('heltec') ? LAMP_PROFILE : SENSOR_PROFILE
  const device: WorldDevice = { devEui: EUI, name: 'Unit', model, applicationId: APPLICATION, profileId, gatewayIds: [GATEWAY], ...more }
  const profiles = TEST_WORLD.profiles.map((profile) => (profile.id === profileId ? { ...profile, deviceStatusPerDay: 0 } : profile))
  const world: World = { ...TEST_WORLD, profiles, devices: [device] }
  test = await startTestServer({ world })
}

const frames = () => test.events('up', EUI).filter(({ data }) => data !== '')

function valueOf(frame: Record<string, unknown> | undefined, model: string): CodecValue {
  const bytes = Buffer.from(String(frame?.['data']), 'base64')
  const result = decode({ model, fPort: Number(frame?.['fPort']), bytes, options: OPTIONS })
  if (!result.ok) throw new Error(result.error.message)
  expect(result.warnings).toEqual([])
  return result.value
}

const timeOf = (frame: Record<string, unknown> | undefined) => Date.parse(String(frame?.['time']))

const SENSORS = [
  { model: 'browan-tbms100', arrivalMs: 0, departureMs: 300_000, freeMs: HOUR_MS, occupiedMs: 10 * MINUTE_MS },
  { model: 'bosch-tps110', arrivalMs: 3_000, departureMs: 3_000, freeMs: DAY_MS, occupiedMs: DAY_MS },
  { model: 'nwave-nps405', arrivalMs: 3_000, departureMs: 3_000, freeMs: DAY_MS, occupiedMs: DAY_MS },
  { model: 'dingtek-do201', arrivalMs: 5_000, departureMs: 5_000, freeMs: DAY_MS, occupiedMs: DAY_MS },
  { model: 'milesight-em400-mud', arrivalMs: 10_000, departureMs: 10_000, freeMs: 18 * HOUR_MS, occupiedMs: 18 * HOUR_MS },
]

describe.each(SENSORS)('$model', ({ model, arrivalMs, departureMs, freeMs, occupiedMs }) => {
  beforeEach(() => install(model))

  const observed = () => observedOccupancy(model, valueOf(frames().at(-1), model))

  it('tells its state soon after joining', () => expect(observed()).toBe(false))

  it('tells a vehicle after its own delay, and its leaving', async () => {
    test.server.control.setCar(EUI, true)
    await test.advance(arrivalMs + 1_000)
    expect(observed()).toBe(true)
    test.server.control.setCar(EUI, false)
    await test.advance(departureMs - 1_000)
    expect(observed()).toBe(true)
    await test.advance(2_000)
    expect(observed()).toBe(false)
  })

  it('repeats in its rhythm, free and occupied', async () => {
    const first = timeOf(frames().at(-1))
    await test.advance(freeMs + MINUTE_MS)
    expect(timeOf(frames().at(-1)) - first).toBe(freeMs)
    test.server.control.setCar(EUI, true)
    await test.advance(arrivalMs + 1_000)
    const change = timeOf(frames().at(-1))
    await test.advance(occupiedMs + MINUTE_MS)
    expect(timeOf(frames().at(-1)) - change).toBe(occupiedMs)
    expect(observed()).toBe(true)
  })

  it('says nothing of a car that only passed', async () => {
    const before = frames().length
    test.server.control.setCar(EUI, true)
    if (arrivalMs > 0) test.server.control.setCar(EUI, false)
    await test.advance(30_000)
    expect(frames().length - before).toBe(arrivalMs > 0 ? 0 : 1)
  })
})

it('LW-153: a TBMS100 with motion_hold_seconds says free that soon', async () => {
  await install('browan-tbms100', { motionHoldSeconds: 2 })
  test.server.control.setCar(EUI, true)
  await test.advance(1_000)
  test.server.control.setCar(EUI, false)
  await test.advance(2_500)
  expect(valueOf(frames().at(-1), 'browan-tbms100')).toMatchObject({ occupied: false, count: 1 })
})

it('LW-213: a NPS405 tells how long the state before lasted', async () => {
  await install('nwave-nps405')
  await test.advance(42 * MINUTE_MS)
  test.server.control.setCar(EUI, true)
  await test.advance(10_000)
  expect(valueOf(frames().at(-1), 'nwave-nps405')).toMatchObject({ occupied: true, prevStateMin: 42 })
})

describe('plenom-busylight', () => {
  const model = 'plenom-busylight'
  const report = () => valueOf(frames().at(-1), model)
  const send = async (hex: string) => {
    await test.enqueue({ devEui: EUI, hex })
    await test.advance(12_000)
  }

  it('shows dim green after a join, reports it, and reports every 30 minutes', async () => {
    await install(model)
    expect(test.looks(EUI)).toEqual(['003500/255/0'])
    expect(report()).toMatchObject({ color: { r: 0, g: 53, b: 0 }, on: 255, off: 0, received: 0, sent: 0, firmware: '5.6' })
    const before = timeOf(frames().at(-1))
    await test.advance(30 * MINUTE_MS)
    expect(frames()).toHaveLength(2)
    expect(timeOf(frames().at(-1)) - before).toBeLessThanOrEqual(30 * MINUTE_MS)
  })

  it('shows a colour, counts it, and answers the sixth byte within five seconds', async () => {
    await install(model)
    await send('00FF003232')
    expect(frames()).toHaveLength(1)
    await send('00FF00323201')
    expect(report()).toMatchObject({ color: { r: 0, g: 0, b: 255 }, on: 50, off: 50, received: 2, sent: 1 })
    expect(test.looks(EUI)).toEqual(['003500/255/0', '0000FF/50/50'])
  })

  it('answers every frame after 0601, until it loses power', async () => {
    await install(model)
    await send('0601')
    expect(frames()).toHaveLength(2)
    await send('FF0000FF00')
    expect(report()).toMatchObject({ color: { r: 255, g: 0, b: 0 }, received: 2 })
    test.server.control.reboot(EUI)
    await test.advance(40_000)
    const before = frames().length
    await send('FF0000FF00')
    expect(frames()).toHaveLength(before)
    expect(report()).toMatchObject({ received: 0 })
  })

  it('of older firmware knows no 0601 and no 0501', async () => {
    await install(model, { firmware: '4.1' })
    await send('0601')
    await send('0501')
    expect(frames()).toHaveLength(1)
    expect(report()).toMatchObject({ firmware: '4.1' })
  })

  it('reports once on 0501 and takes another interval', async () => {
    await install(model)
    await send('0501')
    expect(frames()).toHaveLength(2)
    await send('0405')
    await test.advance(10 * MINUTE_MS)
    expect(frames()).toHaveLength(4)
  })
})

it('heltec-rgb shows three bytes and only says that it lives', async () => {
  await install('heltec-rgb')
  await test.enqueue({ devEui: EUI, fPort: 1, hex: 'FFA500' })
  await test.advance(10_000)
  expect(test.looks(EUI)).toEqual(['000000/255/0', 'FFA500/255/0'])
  expect(valueOf(frames().at(-1), 'heltec-rgb')).toEqual({ kind: 'opaque' })
})

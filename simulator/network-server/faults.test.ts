/** The fault switches of LW-170, and determinism (LW-154). */
import { refusalOf, startTestServer, type TestServer } from './test-support'
import { LAMP, SENSOR } from './test-world'

const RED_LOOK = 'FF0000/255/0'
const POWER_UP_LOOK = '003500/255/0'

let test: TestServer
beforeEach(async () => {
  test = await startTestServer()
})
afterEach(() => test.close())

const Enqueue = { method: 'Enqueue' }
const calls = () => test.server.journal.of('grpc').filter(({ method }) => method === 'DeviceService/Enqueue')

describe('on gRPC', () => {
  it('grpc.status answers the code, as often as asked, and does nothing', async () => {
    test.server.control.addFault({ type: 'grpc.status', code: 8, match: Enqueue, times: 1 })
    expect(await refusalOf(test.enqueue())).toMatchObject({ code: 8 })
    expect(await test.queue()).toEqual([])
    await test.enqueue()
    expect(await test.queue()).toHaveLength(1)
  })

  it('grpc.reset cuts the connection before doing anything: 14', async () => {
    test.server.control.addFault({ type: 'grpc.reset', match: Enqueue, times: 1 })
    expect(await refusalOf(test.enqueue())).toMatchObject({ code: 14 })
    expect(calls()).toEqual([])
  })

  it('grpc.reply_lost does the work and cuts the connection: 14, but the item is there', async () => {
    test.server.control.addFault({ type: 'grpc.reply_lost', match: { ...Enqueue, dev_eui: LAMP }, times: 1 })
    expect(await refusalOf(test.enqueue())).toMatchObject({ code: 14 })
    expect(await test.queue()).toHaveLength(1)
    expect(calls()).toEqual([expect.objectContaining({ code: 0 })])
  })

  it('grpc.hang keeps the call open: the deadline strikes, nothing is done', async () => {
    test.server.control.addFault({ type: 'grpc.hang', match: Enqueue, times: 1 })
    expect(await refusalOf(test.enqueue({}, { deadlineMs: 50 }))).toMatchObject({ code: 4 })
    expect(await test.queue()).toEqual([])
  })

  it('grpc.latency answers later', async () => {
    test.server.control.addFault({ type: 'grpc.latency', ms: 2_000, match: Enqueue, times: 1 })
    const answered = test.enqueue()
    await test.queue()
    expect(calls()).toEqual([])
    await test.advance(2_000)
    expect(await answered).toEqual(expect.any(String))
  })

  it('strike only the device they are narrowed to', async () => {
    test.server.control.addFault({ type: 'grpc.status', code: 14, match: { dev_eui: SENSOR } })
    expect(await test.enqueue()).toEqual(expect.any(String))
    expect(await refusalOf(test.enqueue({ devEui: SENSOR }))).toMatchObject({ code: 14 })
  })
})

describe('on events', () => {
  const acknowledged = (kind: string) => {
    const events = test.server.journal.of('event').filter((entry) => entry.kind === kind && entry.devEui === LAMP)
    const last = events.at(-1)?.event
    return test.server.journal.of('puback').filter(({ event }) => event === last).length
  }

  it('mqtt.drop loses the event', async () => {
    test.server.control.addFault({ type: 'mqtt.drop', match: { event: 'txack' } })
    await test.enqueue()
    await test.advance(2_000)
    expect(test.events('txack')).toEqual([])
    expect(test.looks().at(-1)).toBe(RED_LOOK)
  })

  it('mqtt.duplicate delivers it twice', async () => {
    test.server.control.addFault({ type: 'mqtt.duplicate', delay_ms: 500, match: { event: 'txack' } })
    await test.enqueue()
    await test.advance(3_000)
    expect(acknowledged('txack')).toBe(2)
  })

  it('clock.skew moves the time of an event', async () => {
    test.server.control.addFault({ type: 'clock.skew', ms: 3_600_000, match: { dev_eui: LAMP } })
    await test.enqueue()
    await test.advance(2_000)
    const now = Date.parse(test.server.control.report().now)
    expect(Date.parse(String(test.events('txack')[0]?.['time'])) - now).toBeGreaterThan(3_590_000)
  })
})

describe('on radio, gateways and devices', () => {
  const cars = async (count: number) => {
    for (let index = 0; index < count; index++) {
      test.server.control.setCar(SENSOR, index % 2 === 0)
      await test.advance(5_000)
    }
  }

  it('radio.uplink_loss loses frames at its rate; counters show the gap', async () => {
    const before = test.events('up', SENSOR).length
    test.server.control.addFault({ type: 'radio.uplink_loss', rate: 0.5, match: { dev_eui: SENSOR } })
    await cars(40)
    const heard = test.events('up', SENSOR)
    expect(heard.length - before).toBeGreaterThan(5)
    expect(heard.length - before).toBeLessThan(35)
    expect(Number(heard.at(-1)?.['fCnt'])).toBeGreaterThan(heard.length)
  })

  it('radio.downlink_loss still gives txack; the lamp shows nothing new', async () => {
    test.server.control.addFault({ type: 'radio.downlink_loss' })
    await test.enqueue()
    await test.advance(2_000)
    expect(test.events('txack')).toHaveLength(1)
    expect(test.looks().at(-1)).not.toBe(RED_LOOK)
  })

  it('gateway.offline: nobody hears, nobody answers', async () => {
    test.server.control.addFault({ type: 'gateway.offline' })
    const before = test.events('up', SENSOR).length
    await cars(2)
    await test.enqueue()
    await test.advance(10_000)
    expect([test.events('up', SENSOR).length, test.events('txack').length, (await test.queue()).length]).toEqual([before, 0, 1])
  })

  it('device.mute: silence', async () => {
    const before = test.events('up', SENSOR).length
    test.server.control.addFault({ type: 'device.mute', match: { dev_eui: SENSOR } })
    await cars(2)
    expect(test.events('up', SENSOR)).toHaveLength(before)
  })

  it('device.reboot: joins again, the lamp back to its power-up colour', async () => {
    await test.enqueue()
    await test.advance(2_000)
    test.server.control.addFault({ type: 'device.reboot', match: { dev_eui: LAMP }, times: 1 })
    await test.advance(30_000)
    expect(test.events('join')).toHaveLength(2)
    expect(test.looks().slice(-2)).toEqual([RED_LOOK, POWER_UP_LOOK])
  })

  it('device.no_report: the lamp ignores the answer byte', async () => {
    test.server.control.addFault({ type: 'device.no_report', match: { dev_eui: LAMP }, times: 1 })
    const before = test.events('up').length
    await test.enqueue({ hex: 'FF0000FF0001' })
    await test.advance(10_000)
    expect(test.events('up')).toHaveLength(before)
    await test.enqueue({ hex: '0000FFFF0001' })
    await test.advance(20_000)
    expect(test.events('up')).toHaveLength(before + 1)
  })

  it('end with their time and can be taken away', async () => {
    const until = Date.parse(test.server.control.report().now) + 1_000
    test.server.control.addFault({ type: 'grpc.status', code: 14, until })
    expect(await refusalOf(test.enqueue())).toMatchObject({ code: 14 })
    await test.advance(1_000)
    await test.enqueue()
    const id = test.server.control.addFault({ type: 'grpc.status', code: 14 })
    test.server.control.removeFault(id)
    await test.enqueue()
  })
})

describe('LW-154: determinism', () => {
  const run = async (seed: number) => {
    const other = await startTestServer({ seed })
    other.server.control.addFault({ type: 'radio.uplink_loss', rate: 0.3 })
    for (let index = 0; index < 10; index++) {
      other.server.control.setCar(SENSOR, index % 2 === 0)
      await other.enqueue({ hex: index % 2 === 0 ? 'FF0000FF0001' : '0000FFFF0001' })
      await other.advance(7_000)
    }
    const sha256 = other.server.journal.sha256()
    await other.close()
    return sha256
  }

  it('the same seed and commands give the same journal, another seed another', async () => {
    const first = await run(7)
    expect(await run(7)).toBe(first)
    expect(await run(8)).not.toBe(first)
  })
})

/** Time, classes, sessions, counters and gateways: LW-164 to LW-166, LW-168, LW-169. */
import { GetGatewayRequest, ListGatewaysRequest } from '@chirpstack/chirpstack-api/api/gateway_pb'
import { build } from './grpc/store-access'
import { invoke, startTestServer, type TestServer } from './test-support'
import { GATEWAY, KEEPING_LAMP, LAMP, SECOND_GATEWAY, SENSOR, TENANT } from './test-world'

const RED = 'FF0000FF00'
const GREEN = '0000FFFF00'
const BLUE = '00FF00FF00'
const RED_LOOK = 'FF0000/255/0'
const GREEN_LOOK = '00FF00/255/0'
const POWER_UP_LOOK = '003500/255/0'

let test: TestServer
beforeEach(async () => {
  test = await startTestServer()
})
afterEach(() => test.close())

const now = () => Date.parse(test.server.control.report().now)
const timesOf = (kind: string, devEui = LAMP) => test.events(kind, devEui).map(({ time }) => Date.parse(String(time)))

describe('LW-164: when a downlink goes out', () => {
  it('class C: at the next tick of one second, txack about 100 ms later', async () => {
    const start = now()
    await test.enqueue()
    await test.advance(3_000)
    const [time = 0] = timesOf('txack')
    expect(time - start).toBe(1_100)
  })

  it('class C: five seconds between two downlinks of one device, none between those of two', async () => {
    await test.enqueue({ hex: RED })
    await test.enqueue({ hex: GREEN })
    await test.enqueue({ devEui: KEEPING_LAMP, hex: RED })
    await test.advance(10_000)
    const [first = 0, second = 0] = timesOf('txack')
    expect(second - first).toBe(5_000)
    expect(timesOf('txack', KEEPING_LAMP)).toEqual([first])
  })

  it('class C: five seconds after an uplink', async () => {
    test.server.control.uplink(LAMP, { fPort: 15, bytes: new Uint8Array(24) })
    await test.advance(400)
    const heard = timesOf('up').at(-1) ?? 0
    await test.enqueue()
    await test.advance(10_000)
    expect((timesOf('txack')[0] ?? 0) - heard).toBeGreaterThanOrEqual(5_000)
    expect((timesOf('txack')[0] ?? 0) - heard).toBeLessThanOrEqual(6_100)
  })

  it('class A: only in the window after an uplink', async () => {
    await test.enqueue({ devEui: SENSOR, fPort: 1, hex: '01' })
    await test.advance(120_000)
    expect(test.events('txack', SENSOR)).toEqual([])
    test.server.control.setCar(SENSOR, true)
    await test.advance(2_000)
    expect(test.events('txack', SENSOR)).toEqual([
      expect.objectContaining({ txInfo: expect.objectContaining({ timing: { delay: { delay: '1s' } } }) }),
    ])
    expect((timesOf('txack', SENSOR)[0] ?? 0) - (timesOf('up', SENSOR).at(-1) ?? 0)).toBe(200)
  })
})

describe('LW-165: joins and disabled devices', () => {
  const looks = () => test.looks(KEEPING_LAMP).at(-1)

  it('Q12: a join empties the queue with flush_queue_on_activate, and keeps it without', async () => {
    test.server.control.addFault({ type: 'gateway.refuse' })
    for (const devEui of [LAMP, KEEPING_LAMP]) {
      await test.enqueue({ devEui, expiresAtMicros: (now() + 600_000) * 1_000 })
      test.server.control.rejoin(devEui)
    }
    await test.advance(2_500)
    test.server.control.removeFault()
    expect(await test.queue(LAMP)).toEqual([])
    expect(await test.queue(KEEPING_LAMP)).toHaveLength(1)
    await test.advance(30_000)
    expect(looks()).toBe(RED_LOOK)
    expect(test.looks(LAMP).at(-1)).toBe(POWER_UP_LOOK)
  })

  it('Q16: no class-C downlink between a join and the first uplink', async () => {
    test.server.control.rejoin(KEEPING_LAMP)
    await test.advance(2_500)
    test.server.control.setMuted(KEEPING_LAMP, true)
    await test.enqueue({ devEui: KEEPING_LAMP })
    await test.advance(60_000)
    expect(test.events('txack', KEEPING_LAMP)).toEqual([])
    test.server.control.setMuted(KEEPING_LAMP, false)
    test.server.control.uplink(KEEPING_LAMP, { fPort: 15, bytes: new Uint8Array(24) })
    await test.advance(10_000)
    expect(test.events('txack', KEEPING_LAMP)).toHaveLength(1)
  })

  it('class C comes with a join only, from the profile', () => {
    expect(test.events('join')[0]).toHaveProperty('deviceInfo.deviceClassEnabled', 'CLASS_C')
    expect(test.events('up', SENSOR)[0]).toHaveProperty('deviceInfo.deviceClassEnabled', 'CLASS_A')
  })

  it('Q15: a disabled device: the queue sits, expired or not; uplinks and joins are ignored', async () => {
    const uplinks = test.events('up').length
    const joins = test.events('join').length
    test.server.control.setDisabled(LAMP, true)
    await test.enqueue({ expiresAtMicros: (now() + 1_000) * 1_000 })
    test.server.control.uplink(LAMP, { fPort: 15, bytes: new Uint8Array(24) })
    test.server.control.reboot(LAMP)
    await test.advance(60_000)
    expect([test.events('up').length, test.events('join').length, (await test.queue()).length]).toEqual([uplinks, joins, 1])
    expect(test.events('log')).toEqual([])
  })
})

describe('LW-166: the gap between gateway and answer', () => {
  it('Q13: a flush in it gives no txack and leaves the counter; the lamp drops the next frame although it has a txack', async () => {
    const counter = await test.nextFCntDown()
    await test.enqueue({ hex: RED })
    await test.advance(1_060)
    expect(test.looks().at(-1)).toBe(RED_LOOK)
    const second = await test.enqueue({ hex: GREEN, flush: true })
    await test.advance(500)
    expect(test.events('txack')).toEqual([])
    expect(await test.nextFCntDown()).toBe(counter)
    await test.advance(10_000)
    expect(test.events('txack')).toEqual([expect.objectContaining({ queueItemId: second, fCntDown: counter })])
    expect(test.looks().at(-1)).toBe(RED_LOOK)
    await test.enqueue({ hex: GREEN })
    await test.advance(10_000)
    expect(test.looks().at(-1)).toBe(GREEN_LOOK)
  })

  it('Q14: a lost answer: sent again after the lock with the same counter; the lamp acts once', async () => {
    test.server.control.addFault({ type: 'gateway.txack_lost', times: 2 })
    const id = await test.enqueue({ hex: RED })
    await test.advance(1_500)
    expect(await test.queue()).toHaveLength(1)
    await test.advance(15_000)
    expect(test.events('txack')).toEqual([expect.objectContaining({ queueItemId: id })])
    const dropped = test.server.journal.of('hardware').filter(({ devEui, what }) => devEui === LAMP && what === 'downlink_dropped')
    expect(dropped).toHaveLength(2)
    expect(test.looks().filter((look) => look === RED_LOOK)).toHaveLength(1)
  })
})

describe('LW-168: events', () => {
  it('several gateways within 200 ms make one uplink with several rxInfo, best SNR first', () => {
    const ups = test.events('up', SENSOR)
    expect(ups).toHaveLength(1)
    const rxInfo = ups[0]?.['rxInfo'] as { gatewayId: string; snr: number }[]
    expect(rxInfo.map(({ gatewayId }) => gatewayId).sort()).toEqual([GATEWAY, SECOND_GATEWAY])
    expect(rxInfo[0]?.snr).toBeGreaterThanOrEqual(rxInfo[1]?.snr ?? Infinity)
  })

  it('a joined device starts at fCnt 0 with a new devAddr', async () => {
    test.server.control.reboot(SENSOR)
    await test.advance(30_000)
    const [first, second] = test.events('join', SENSOR)
    const up = test.events('up', SENSOR).at(-1)
    expect(second?.['devAddr']).not.toBe(first?.['devAddr'])
    expect(up).toMatchObject({ devAddr: second?.['devAddr'], fCnt: 0 })
  })

  it('a retransmission is a log, not a second up', async () => {
    const ups = test.events('up', SENSOR).length
    test.server.control.repeatUplink(SENSOR)
    await test.advance(500)
    expect(test.events('up', SENSOR)).toHaveLength(ups)
    expect(test.events('log', SENSOR)).toEqual([
      expect.objectContaining({ level: 'WARNING', code: 'UPLINK_F_CNT_RETRANSMISSION', context: { deduplication_id: expect.any(String) } }),
    ])
  })

  it('ack and status share the deduplicationId of their uplink', async () => {
    test.server.control.addFault({ type: 'mqtt.drop', match: { event: 'up' }, times: 0 })
    await test.enqueue({ confirmed: true })
    await test.advance(6_000)
    const up = test.events('up').at(-1)
    expect(test.events('ack')).toEqual([expect.objectContaining({ acknowledged: true, deduplicationId: up?.['deduplicationId'] })])
    expect(test.events('status').at(-1)).toMatchObject({ deduplicationId: up?.['deduplicationId'], externalPowerSource: true })
  })

  it('prints every top-level default, leaves defaults inside rxInfo and txInfo out, and merges tags', async () => {
    const up = test.events('up', LAMP)[0] ?? {}
    expect(up).toMatchObject({
      fCnt: 0,
      confirmed: false,
      object: null,
      relayRxInfo: null,
      joinServerContext: null,
      regionConfigId: 'eu868',
    })
    expect(up).toHaveProperty('deviceInfo.tags', { from: 'profile', own: 'tag' })
    const values = (up['rxInfo'] as object[]).flatMap((entry) => Object.values(entry))
    expect(values).not.toContain(0)
  })

  it('events of one device may swap', async () => {
    test.server.control.addFault({ type: 'mqtt.reorder', max_delay_ms: 20_000, match: { event: 'up', dev_eui: SENSOR } })
    for (let index = 0; index < 6; index++) {
      test.server.control.setCar(SENSOR, index % 2 === 0)
      await test.advance(2_600)
    }
    await test.advance(30_000)
    const journal = test.server.journal
    const published = journal.of('event').filter(({ kind, devEui }) => kind === 'up' && devEui === SENSOR)
    const order = journal.of('puback').map(({ event }) => event)
    const acknowledged = order.filter((event) => published.some((entry) => entry.event === event))
    expect(acknowledged).toHaveLength(published.length)
    expect(acknowledged).not.toEqual(published.map(({ event }) => event))
  })
})

describe('LW-169: gateways', () => {
  const states = async () => {
    const request = build(new ListGatewaysRequest(), (message) => {
      message.setTenantId(TENANT)
      message.setLimit(10)
    })
    const reply = await invoke(test.gateways.list.bind(test.gateways), request)
    return reply.toObject().resultList.map(({ state }) => state)
  }

  it('are OFFLINE after more than two missed statistics frames, and ONLINE again', async () => {
    expect(await states()).toEqual([1, 1])
    test.server.control.setGateway(GATEWAY, false)
    await test.advance(59_000)
    expect(await states()).toEqual([1, 1])
    await test.advance(32_000)
    expect((await states()).sort()).toEqual([1, 2])
    test.server.control.setGateway(GATEWAY, true)
    expect(await states()).toEqual([1, 1])
  })

  it('tell when they were last seen', async () => {
    await test.advance(20_000)
    const request = build(new GetGatewayRequest(), (message) => message.setGatewayId(GATEWAY))
    const reply = await invoke(test.gateways.get.bind(test.gateways), request)
    const age = now() / 1_000 - (reply.getLastSeenAt()?.getSeconds() ?? 0)
    expect(age).toBeGreaterThanOrEqual(0)
    expect(age).toBeLessThan(30)
  })

  it('LW-102: the last to hear the device best gets the downlinks, dead or not, until another hears it', async () => {
    const serving = (test.events('up')[0]?.['rxInfo'] as { gatewayId: string }[])[0]?.gatewayId ?? ''
    const other = serving === GATEWAY ? SECOND_GATEWAY : GATEWAY
    test.server.control.setGateway(serving, false)
    await test.enqueue({ hex: BLUE })
    await test.advance(60_000)
    expect(test.events('txack')).toEqual([])
    expect(await test.queue()).toHaveLength(1)
    test.server.control.uplink(LAMP, { fPort: 15, bytes: new Uint8Array(24) })
    await test.advance(10_000)
    expect(test.events('txack')).toEqual([expect.objectContaining({ gatewayId: other })])
  })
})

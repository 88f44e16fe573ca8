/** The downlink queue seen through gRPC and MQTT: LW-160 to LW-163. */
import { refusalOf, startTestServer, type TestServer } from './test-support'
import { APPLICATION, LAMP, OTHER_APPLICATION, SENSOR } from './test-world'
import { TX_REFUSALS } from './faults'

const RED = 'FF0000FF00'
const GREEN = '0000FFFF00'
const BLUE = '00FF00FF00'
const RED_LOOK = 'FF0000/255/0'

let test: TestServer
beforeEach(async () => {
  test = await startTestServer()
})
afterEach(() => test.close())

const topic = (devEui: string, applicationId = APPLICATION) => `application/${applicationId}/device/${devEui}/command/down`
const command = (members: object) => JSON.stringify({ devEui: LAMP, confirmed: false, fPort: 15, data: '/wAA/wA=', ...members })
const order = (members: object, devEui = LAMP, applicationId?: string) => test.server.hear(topic(devEui, applicationId), command(members))

describe('LW-160: identity of queue items', () => {
  it('Q01: Enqueue twice with one id makes two items with two new ids', async () => {
    const id = '11111111-2222-4333-8444-555555555555'
    const given = [await test.enqueue({ id }), await test.enqueue({ id })]
    const items = await test.queue()
    expect(items.map((item) => item.id)).toEqual(given)
    expect(new Set([id, ...given]).size).toBe(3)
  })

  it('Q02: over MQTT an id is honoured, refused while it is queued, accepted after it was sent', async () => {
    order({ id: 'same' })
    order({ id: 'same' })
    expect((await test.queue()).map((item) => item.id)).toEqual(['same'])
    await test.advance(10_000)
    expect(await test.queue()).toEqual([])
    order({ id: 'same' })
    expect(await test.queue()).toHaveLength(1)
    expect(test.server.journal.of('command').map(({ outcome }) => outcome.slice(0, 9))).toEqual(['queued', 'duplicate', 'queued'])
  })

  it('ignores a payload for another device than the topic, another application, port 0 and what is no JSON', async () => {
    order({ devEui: SENSOR })
    order({}, LAMP, OTHER_APPLICATION)
    order({ fPort: 256 })
    test.server.hear(topic(LAMP), '{')
    expect(await test.queue()).toEqual([])
    expect(test.events('log')).toEqual([])
  })
})

describe('LW-161: flushing', () => {
  const pending = async (server: TestServer) => {
    await server.enqueue({ confirmed: true })
    await server.advance(1_500)
  }

  it('Q03: flush_queue spares the pending item and emits nothing', async () => {
    test.server.control.setMuted(LAMP, true)
    await pending(test)
    const waiting = await test.enqueue({ hex: GREEN })
    const id = await test.enqueue({ hex: BLUE, flush: true })
    const items = await test.queue()
    expect(items.map((item) => [item.isPending, item.id])).toEqual([
      [true, expect.any(String)],
      [false, id],
    ])
    expect(items.some((item) => item.id === waiting)).toBe(false)
    expect([...test.events('ack'), ...test.events('log')]).toEqual([])
  })

  it('Q03 before 4.18: flush_queue takes pending items along', async () => {
    const old = await startTestServer({ compat: '4.17' })
    old.server.control.setMuted(LAMP, true)
    await pending(old)
    const id = await old.enqueue({ flush: true })
    expect((await old.queue()).map((item) => item.id)).toEqual([id])
    await old.close()
  })

  it('Q04: FlushQueue takes everything and emits nothing', async () => {
    test.server.control.setMuted(LAMP, true)
    await pending(test)
    await test.enqueue()
    await test.flush()
    expect(await test.queue()).toEqual([])
    await test.advance(20_000)
    expect([...test.events('ack'), ...test.events('log')]).toEqual([])
  })
})

describe('LW-162: what becomes of an item', () => {
  it('Q05: unconfirmed: txack at the gateway’s answer, gone, counter one higher, lamp shows it', async () => {
    const before = await test.nextFCntDown()
    const queueItemId = await test.enqueue({ hex: RED })
    await test.advance(1_200)
    expect(test.events('txack')).toEqual([
      expect.objectContaining({ queueItemId, fCntDown: before, gatewayId: expect.any(String), downlinkId: expect.any(Number) }),
    ])
    expect(test.events('txack')[0]).not.toHaveProperty('deduplicationId')
    expect(test.events('txack')[0]).toHaveProperty('txInfo.timing', { immediately: {} })
    expect(await test.queue()).toEqual([])
    expect(await test.nextFCntDown()).toBe(before + 1)
    expect(test.looks().at(-1)).toBe(RED_LOOK)
  })

  it('Q06, Q08: confirmed: pending after the txack, gone with the ACK of an uplink', async () => {
    const queueItemId = await test.enqueue({ confirmed: true })
    await test.advance(1_200)
    expect(await test.queue()).toEqual([expect.objectContaining({ id: queueItemId, isPending: true })])
    await test.advance(3_000)
    expect(await test.queue()).toEqual([])
    expect(test.events('ack')).toEqual([expect.objectContaining({ queueItemId, acknowledged: true })])
  })

  it('Q09: class C: given up after class_c_timeout with an empty deduplicationId, never sent again', async () => {
    test.server.control.addFault({ type: 'radio.downlink_loss', match: { dev_eui: LAMP } })
    const queueItemId = await test.enqueue({ confirmed: true })
    await test.advance(11_000)
    expect(test.events('ack')).toEqual([])
    await test.advance(2_000)
    expect(test.events('ack')).toEqual([expect.objectContaining({ queueItemId, acknowledged: false, deduplicationId: '' })])
    await test.advance(30_000)
    expect(test.events('txack')).toHaveLength(1)
    expect(await test.queue()).toEqual([])
  })

  it('Q09: class A: given up by the next uplink without ACK, under that uplink’s id', async () => {
    test.server.control.addFault({ type: 'radio.downlink_loss', match: { dev_eui: SENSOR } })
    const queueItemId = await test.enqueue({ devEui: SENSOR, fPort: 1, confirmed: true })
    test.server.control.setCar(SENSOR, true)
    await test.advance(10_000)
    expect(await test.queue(SENSOR)).toEqual([expect.objectContaining({ isPending: true })])
    test.server.control.setCar(SENSOR, false)
    await test.advance(10_000)
    const up = test.events('up', SENSOR).at(-1)
    expect(test.events('ack', SENSOR)).toEqual([
      expect.objectContaining({ queueItemId, acknowledged: false, deduplicationId: up?.['deduplicationId'] }),
    ])
  })
})

describe('LW-163: what leaves the queue unsent, and what stays', () => {
  const now = () => Date.parse(test.server.control.report().now)

  it('Q10: an expired item leaves only as head, only at an opportunity, with EXPIRED', async () => {
    test.server.control.addFault({ type: 'gateway.refuse', status: 'COLLISION_PACKET' })
    await test.enqueue({ hex: RED })
    await test.advance(1_200)
    const expired = await test.enqueue({ hex: GREEN, expiresAtMicros: (now() + 500) * 1_000 })
    await test.advance(20_000)
    expect(await test.queue()).toHaveLength(2)
    test.server.control.removeFault()
    await test.advance(6_000)
    expect(await test.queue()).toHaveLength(1)
    await test.advance(6_000)
    expect(await test.queue()).toEqual([])
    expect(test.events('log').at(-1)).toMatchObject({ level: 'ERROR', code: 'EXPIRED', context: { queue_item_id: expired } })
  })

  it('Q11: an item that the data rate cannot carry leaves with DOWNLINK_PAYLOAD_SIZE', async () => {
    const id = await test.enqueue({ hex: '00'.repeat(52) })
    await test.advance(1_200)
    expect(await test.queue()).toEqual([])
    expect(test.events('log').at(-1)).toMatchObject({
      code: 'DOWNLINK_PAYLOAD_SIZE',
      context: { max_payload_size: '51', item_size: '52', queue_item_id: id },
    })
  })

  it('Q17: an encrypted item with an old counter leaves with F_CNT_DOWN', async () => {
    await test.enqueue()
    await test.advance(6_000)
    const id = await test.enqueue({ isEncrypted: true, fCntDown: 0 })
    await test.advance(6_000)
    expect(test.events('log').at(-1)).toMatchObject({ code: 'F_CNT_DOWN', context: { queue_item_id: id } })
  })

  it.each(TX_REFUSALS)('Q07: %s: the item stays, the log has no item id, the next opportunity tries again', async (status) => {
    test.server.control.addFault({ type: 'gateway.refuse', status, times: 1 })
    await test.enqueue({ hex: RED })
    await test.advance(1_200)
    expect(await test.queue()).toHaveLength(1)
    expect(test.events('log')).toEqual([
      expect.objectContaining({ level: 'ERROR', code: 'DOWNLINK_GATEWAY', description: status, context: {} }),
    ])
    expect(test.looks().at(-1)).not.toBe(RED_LOOK)
    await test.advance(6_000)
    expect(await test.queue()).toEqual([])
    expect(test.looks().at(-1)).toBe(RED_LOOK)
  })

  it('GetQueue shows is_pending, f_cnt_down and expires_at to the microsecond', async () => {
    test.server.control.setMuted(LAMP, true)
    const expiresAtMicros = (now() + 60_000) * 1_000 + 123
    await test.enqueue({ confirmed: true, expiresAtMicros })
    const fCntDown = await test.nextFCntDown()
    await test.advance(1_200)
    expect(await test.queue()).toEqual([
      expect.objectContaining({
        isPending: true,
        fCntDown,
        expiresAt: { seconds: Math.floor(expiresAtMicros / 1e6), nanos: (expiresAtMicros % 1e6) * 1_000 },
      }),
    ])
  })

  it('FIFO: a stuck head blocks the rest', async () => {
    test.server.control.addFault({ type: 'gateway.refuse' })
    const ids = [await test.enqueue({ hex: RED }), await test.enqueue({ hex: GREEN })]
    await test.advance(30_000)
    expect((await test.queue()).map((item) => item.id)).toEqual(ids)
  })

  it('fPort 256 is cut to 0 and refused with 3', async () => {
    expect(await refusalOf(test.enqueue({ fPort: 256 }))).toMatchObject({ code: 3 })
    expect(await refusalOf(test.enqueue({ fPort: 0 }))).toMatchObject({ code: 3 })
  })
})

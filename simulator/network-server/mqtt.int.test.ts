/** The link to a real broker: events, commands, cuts, and frames that others send under a unit's EUI (LW-152, LW-153). */
import { connectAsync, type MqttClient } from 'mqtt'
import { testServices } from '#test/harness/services'
import { startTestServer, type TestServer } from './test-support'
import { APPLICATION, LAMP, SENSOR } from './test-world'

const DEADLINE_MS = 10_000

interface Heard {
  readonly topic: string
  readonly body: Record<string, unknown>
}

let test: TestServer
let client: MqttClient
let heard: Heard[]

/** Several test files may share the broker: only our own seed's devices are looked at. */
beforeEach(async () => {
  const { mqttUrl } = testServices()
  heard = []
  client = await connectAsync(mqttUrl, { clean: true })
  client.on('message', (topic, payload) => heard.push({ topic, body: JSON.parse(payload.toString('utf8')) as Record<string, unknown> }))
  await client.subscribeAsync(`application/${APPLICATION}/device/+/event/+`, { qos: 1 })
  test = await startTestServer({ mqttUrl, seed: Math.floor(Date.now() % 1_000_000) })
})

afterEach(async () => {
  await test.close()
  await client.endAsync(true)
})

async function until(isDone: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error('did not happen in time')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const topicsOf = (kind: string, devEui = LAMP) =>
  heard.filter(({ topic }) => topic === `application/${APPLICATION}/device/${devEui}/event/${kind}`)

it('LW-152: events arrive on the product’s topics, not retained, and are acknowledged', async () => {
  await until(() => topicsOf('join').length === 1 && topicsOf('up').length >= 1)
  expect(test.server.journal.of('puback').length).toBe(test.server.journal.of('event').length)
  const late = await connectAsync(testServices().mqttUrl)
  let retained = 0
  late.on('message', () => retained++)
  await late.subscribeAsync(`application/${APPLICATION}/device/+/event/+`)
  await late.endAsync()
  expect(retained).toBe(0)
})

it('LW-160: takes command/down from the broker', async () => {
  const command = { devEui: LAMP, confirmed: false, fPort: 15, data: '/wAA/wA=', id: 'by-mqtt' }
  await client.publishAsync(`application/${APPLICATION}/device/${LAMP}/command/down`, JSON.stringify(command), { qos: 1 })
  await until(async () => (await test.queue()).length === 1)
  await test.advance(2_000)
  await until(() => topicsOf('txack').length === 1)
  expect(topicsOf('txack')[0]?.body).toMatchObject({ queueItemId: 'by-mqtt' })
})

it('LW-153: a unit goes on from the last counter that anyone published for it', async () => {
  await until(() => topicsOf('up', SENSOR).length >= 1)
  const [own] = topicsOf('up', SENSOR)
  const foreign = { ...own?.body, deduplicationId: 'c0ffee00-0000-4000-8000-000000000000', fCnt: 41 }
  await client.publishAsync(`application/${APPLICATION}/device/${SENSOR}/event/up`, JSON.stringify(foreign), { qos: 1 })
  await until(() => test.server.control.report().devices.some(({ devEui, fCntUp }) => devEui === SENSOR && fCntUp === 42))
  test.server.control.uplink(SENSOR, { fPort: 102, bytes: Uint8Array.of(1, 0xbb, 0x34, 0, 0, 1, 0, 0) })
  await test.advance(1_000)
  await until(() => topicsOf('up', SENSOR).some(({ body }) => body['fCnt'] === 42))
})

it('LW-170: mqtt.disconnect cuts the link; it comes back and delivers', async () => {
  test.server.control.addFault({ type: 'mqtt.disconnect', times: 1, ms: 100, match: { event: 'txack' } })
  await test.enqueue()
  await test.advance(2_000)
  await until(() => topicsOf('txack').length === 1)
})

/** What the network said of a command before its name was known reads as ingest would have told it (DOM-620, DOM-625). */
import { randomUUID } from 'node:crypto'
import { createWorld, event, type World } from '#test/ingest/world'

let world: World
beforeAll(async () => void (world = await createWorld()))
afterAll(() => world.close())

test('DOM-625: an early txack keeps gateway and spreading factor; a log that is no error is not told', async () => {
  const { tenantId, light } = await world.createBay()
  const queueItemId = randomUUID()
  const accept = (kind: string, seconds: number, body: object) =>
    world.pipeline.accept(
      event(kind, { devEui: light.devEui, body: { time: new Date(Date.now() - 60_000 + seconds * 1_000).toISOString(), ...body } }),
    )
  const context = { queue_item_id: queueItemId }
  const txInfo = { modulation: { lora: { spreadingFactor: 9 } } }
  await accept('log', 0, { level: 'INFO', code: 'DOWNLINK_GATEWAY', context })
  await accept('txack', 1, { downlinkId: 7, queueItemId, fCntDown: 5, gatewayId: '0016C001F153A14C', txInfo })
  await accept('log', 2, { level: 'ERROR', code: 'EXPIRED', context })
  await world.pipeline.idle()
  const told = world.signals.flatMap((message) => (message.kind === 'display' ? message.networkEvents : []))
  expect(told).toMatchObject([
    { kind: 'txack', gatewayId: '0016c001f153a14c', spreadingFactor: 9 },
    { kind: 'log', code: 'EXPIRED' },
  ])
  const { events, lost } = await world.database.unitOfWork.withTenant({ tenantId }, async ({ downlinkAttempts }) => ({
    events: await downlinkAttempts.eventsOf(queueItemId),
    lost: await downlinkAttempts.unownedTxAck(light.deviceId, Date.now() - 3_600_000),
  }))
  expect(events).toEqual(told)
  expect(lost).toEqual(told[0])
})

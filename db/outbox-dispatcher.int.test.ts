/** Crashes between commit and telling: the relay finishes, once, whatever died or was away (D-70, DOM-909, Q-FLT-01, Q-FLT-36). */
import { randomUUID } from 'node:crypto'
import type { OutboxMessage } from '#domain/shared/outbox'
import { spaceWorkflowId } from '#domain/shared/workflow-ids'
import { createWorld, FREE, OCCUPIED, quiet, uplink, type Bay, type World } from '#test/ingest/world'
import { createOutboxDispatcher, type StagedOutboxDispatcher } from './outbox-dispatcher'

let world: World
beforeAll(async () => void (world = await createWorld()))
afterEach(() => void (world.temporalIsAway = false))
afterAll(() => world.close())

/** Stands for a process that dies right after its commit. */
const nothing = () => Promise.resolve()
const dies: StagedOutboxDispatcher = {
  settle: nothing,
  show: () => Promise.resolve(null),
  conclude: nothing,
  drain: () => Promise.resolve(0),
}

const outboxOf = ({ tenantId }: Bay) =>
  world.rows<{ target: string; attempts: number; facts: unknown }>('select target, attempts, facts from outbox where tenant_id = $1', [
    tenantId,
  ])
const sequencesOf = async ({ spaceId }: Bay) =>
  (await world.rows<{ sequence: string }>('select sequence from state_changes where space_id = $1 order by sequence', [spaceId])).map(
    ({ sequence }) => Number(sequence),
  )
const updatesOf = async (bay: Bay) => (await world.events(bay.tenantId)).filter(({ type }) => type === 'space:update')
const signalsOf = ({ tenantId }: Bay) => world.signals.filter((message) => message.tenantId === tenantId)

/** The relay leaves rows of the last two seconds to their own process. */
const age = ({ tenantId }: Bay) =>
  world.rows(`update outbox set created_at = created_at - interval '3 seconds' where tenant_id = $1`, [tenantId])

describe('the relay', () => {
  test('Q-FLT-01: a listener that dies between acknowledgement and projection leaves exactly one transition to come', async () => {
    const bay = await world.createBay()
    const pipeline = world.newPipeline({ dispatcher: dies })
    await pipeline.accept(uplink({ devEui: bay.sensor.devEui, fCnt: 1, hex: OCCUPIED }))
    expect(await sequencesOf(bay)).toEqual([])
    expect(await outboxOf(bay)).toHaveLength(1)
    await age(bay)
    await world.dispatcher.drain(100)
    expect(await sequencesOf(bay)).toEqual([1])
    expect(await updatesOf(bay)).toHaveLength(1)
    expect(signalsOf(bay)).toHaveLength(1)
    expect(await outboxOf(bay)).toEqual([])
    await world.dispatcher.drain(100)
    expect(await sequencesOf(bay)).toEqual([1])
    expect(signalsOf(bay)).toHaveLength(1)
  })

  test('DOM-922: facts of several batches that nobody projected become a transition each', async () => {
    const bay = await world.createBay()
    const pipeline = world.newPipeline({ dispatcher: dies })
    const at = Date.now() - 60_000
    for (const [index, hex] of [OCCUPIED, FREE, OCCUPIED].entries()) {
      await pipeline.accept(uplink({ devEui: bay.sensor.devEui, fCnt: index + 1, hex, at: at + index * 1_000 }))
    }
    await age(bay)
    await world.dispatcher.drain(100)
    expect(await sequencesOf(bay)).toEqual([1, 2, 3])
  })

  test('Q-FLT-36: while Temporal is away the bay is red all the same, and the signal comes later', async () => {
    const bay = await world.createBay()
    world.temporalIsAway = true
    await world.pipeline.accept(uplink({ devEui: bay.sensor.devEui, fCnt: 1 }))
    await world.pipeline.idle()
    expect(await updatesOf(bay)).toHaveLength(1)
    expect(signalsOf(bay)).toEqual([])
    expect(await outboxOf(bay)).toMatchObject([{ attempts: 1, facts: null }])
    world.temporalIsAway = false
    await age(bay)
    await world.dispatcher.drain(100)
    expect(signalsOf(bay)).toMatchObject([{ kind: 'space', sequence: 1 }])
    expect(await outboxOf(bay)).toEqual([])
  })

  test('DOM-914, D-71: changes while Temporal is away share one row and one signal, of the highest sequence', async () => {
    const bay = await world.createBay()
    world.temporalIsAway = true
    const at = Date.now() - 60_000
    for (const [index, hex] of [OCCUPIED, FREE].entries()) {
      await world.pipeline.accept(uplink({ devEui: bay.sensor.devEui, fCnt: index + 1, hex, at: at + index * 1_000 }))
      await world.pipeline.idle()
    }
    expect(await outboxOf(bay)).toHaveLength(1)
    world.temporalIsAway = false
    await age(bay)
    await world.dispatcher.drain(100)
    expect(signalsOf(bay)).toMatchObject([{ kind: 'space', sequence: 2 }])
  })

  test('DOM-628, DOM-629: what a light hears is told once, however often the broker brings it', async () => {
    const bay = await world.createBay()
    const { devEui, deviceId } = bay.light
    const report = uplink({ devEui, fCnt: 6, fPort: 15, hex: 'D0FFFFFF1E00000008000000060000000000FFFF00290C01' })
    await world.pipeline.accept(report)
    await world.pipeline.accept(report)
    await world.pipeline.idle()
    expect(signalsOf(bay)).toMatchObject([
      {
        kind: 'display',
        deviceId,
        networkEvents: [],
        reports: [{ color: { r: 0, g: 255, b: 0 }, on: 255, off: 0, counter: 8, firmware: '4.1', session: '00189440' }],
      },
    ])
  })

  test('DOM-914: who settles slowly what the relay settled meanwhile leaves the younger row alone', async () => {
    const bay = await world.createBay()
    let open: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (open = resolve))
    const slow = createOutboxDispatcher({ ...world, unitOfWork: world.database.unitOfWork, signal: () => gate, log: quiet })
    const settling = slow.settle(await putMessage(bay))
    await age(bay)
    await world.dispatcher.drain(100)
    expect(await outboxOf(bay)).toEqual([])
    await world.newPipeline({ dispatcher: dies }).accept(uplink({ devEui: bay.sensor.devEui, fCnt: 1, hex: OCCUPIED }))
    open()
    await settling
    await age(bay)
    await world.dispatcher.drain(100)
    expect(await sequencesOf(bay)).toEqual([1])
  })
})

describe('the relay while Redis is away', () => {
  const signals: OutboxMessage[] = []
  const noRedis = () =>
    createOutboxDispatcher({
      unitOfWork: world.database.unitOfWork,
      publisher: { publish: ({ length }) => (length > 0 ? Promise.reject(new Error('redis is away')) : Promise.resolve()) },
      signal: (message) => Promise.resolve(void signals.push(message)),
      log: quiet,
    })

  test('WF-210: what cannot be published is signalled once, holds up no facts behind it, and counts as not settled', async () => {
    const [bay, other] = [await world.createBay(), await world.createBay()]
    await plantEvents(other, LIMIT)
    await world.newPipeline({ dispatcher: dies }).accept(uplink({ devEui: bay.sensor.devEui, fCnt: 1, hex: OCCUPIED }))
    await age(bay)
    const relay = noRedis()
    for (let pass = 1; pass <= 3; pass++) expect(await relay.drain(LIMIT)).toBe(0)
    expect(await sequencesOf(bay)).toEqual([1])
    expect(signals.filter(({ tenantId }) => tenantId === other.tenantId)).toHaveLength(LIMIT)
    expect(await world.dispatcher.drain(2 * LIMIT)).toBe(LIMIT + 1)
    expect(await outboxOf(other)).toEqual([])
    expect(signalsOf(other)).toEqual([])
  })

  test('WF-210: facts that no projection can take are tried again, after all others', async () => {
    const bay = await world.createBay()
    await world.rows(`insert into outbox (tenant_id, target, facts) values ($1, 'display/no/space', '[{}]')`, [bay.tenantId])
    await age(bay)
    expect(await world.dispatcher.drain(LIMIT)).toBe(0)
    expect(await outboxOf(bay)).toMatchObject([{ attempts: 1, facts: [{}] }])
  })
})

const LIMIT = 20

const messageOf = ({ tenantId, siteId }: Bay, spaceId: string): OutboxMessage => ({
  kind: 'space',
  tenantId,
  siteId,
  spaceId,
  sequence: 0,
  cause: 'manual',
})

function putMessage(bay: Bay) {
  const { tenantId, spaceId } = bay
  return world.database.unitOfWork.withTenant({ tenantId }, ({ outbox }) =>
    outbox.put({ target: spaceWorkflowId(tenantId, spaceId), message: messageOf(bay, spaceId), events: [] }),
  )
}

/** Rows that are older than any other and have both to signal and to publish. */
async function plantEvents(bay: Bay, count: number): Promise<void> {
  const { tenantId } = bay
  for (let index = 0; index < count; index++) {
    const spaceId = randomUUID()
    const event = { eventId: spaceId, type: 'tenant:notice', channels: [], tenantId, at: 0, data: {} }
    await world.rows(
      `insert into outbox (tenant_id, target, message, events, created_at) values ($1, $2, $3, $4, now() - interval '1 minute')`,
      [tenantId, spaceWorkflowId(tenantId, spaceId), JSON.stringify(messageOf(bay, spaceId)), JSON.stringify([event])],
    )
  }
}

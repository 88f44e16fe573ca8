/** Poison: what no sensor sends, and what must happen to it: set aside with its reason, acknowledged, and nobody behind it waits (Q-FLT-26, Q-FLT-27). */
import mqtt from 'mqtt'
import { until } from '../../harness/until'
import { topicOf, type Uplink } from '../uplink'
import type { FaultWorld } from '../world'
import { readBay, readReadings } from './bay'

interface Poison {
  readonly what: string
  readonly bytes: Buffer
  readonly topic?: string
  readonly reason: string
}

const DEPTH = 10_000
const BROKER_LIMIT = 262_144
const NEIGHBOUR_MS = 3_000

const text = (value: string): Buffer => Buffer.from(value)
const json = (value: unknown): Buffer => text(JSON.stringify(value))

function poisons({ payload, topic }: Uplink): Poison[] {
  return [
    { what: 'not JSON', bytes: text('{"fCnt": '), reason: 'not_json' },
    { what: 'not UTF-8', bytes: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), reason: 'not_json' },
    { what: 'NaN', bytes: text(JSON.stringify(payload).replace(/"fCnt":\d+/, '"fCnt":NaN')), reason: 'not_json' },
    { what: 'depth 10,000', bytes: text(`${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`), reason: 'bad_shape' },
    { what: 'a list', bytes: json([payload]), reason: 'bad_shape' },
    { what: 'a wrong type of counter', bytes: json({ ...payload, fCnt: { low: 1 } }), reason: 'bad_shape' },
    { what: 'data that is no base64', bytes: json({ ...payload, data: '%%%' }), reason: 'bad_shape' },
    { what: 'an unknown event', bytes: json(payload), topic: topic.replace(/up$/, 'integration'), reason: 'unknown_event' },
    {
      what: 'another EUI in the topic',
      bytes: json(payload),
      topic: topic.replace(/device\/\w+/, 'device/00000000000000aa'),
      reason: 'topic_mismatch',
    },
  ]
}

/** Q-FLT-26. */
export async function poisonIsSetAside(world: FaultWorld): Promise<void> {
  const [neighbour] = world.fleet.take(1)
  if (neighbour === undefined) return
  const model = neighbour.next(neighbour.occupied())
  await world.publisher.uplink(model)
  const sent = poisons(model)
  await Promise.all(sent.map(({ what, bytes, topic = model.topic }) => world.publisher.poison({ what, bytes, topic })))
  await neighbourPasses(world, neighbour)
  const letters = await until(async () => {
    const { rows } = await world.db.query<{ reason: string }>('select reason from ingest_dead_letters where received_at >= $1', [
      world.fleet.start.at,
    ])
    return rows.length >= sent.length && rows
  })
  expect(letters.map(({ reason }) => reason).sort()).toEqual(sent.map(({ reason }) => reason).sort())
}

async function neighbourPasses(world: FaultWorld, neighbour: FaultWorld['fleet']['all'][number]): Promise<void> {
  const wanted = neighbour.occupied() ? 'free' : 'occupied'
  await world.publisher.uplink(neighbour.flip())
  await until(async () => (await readBay(world, neighbour))?.state === wanted, {
    timeoutMs: NEIGHBOUR_MS,
    what: 'the neighbour of the poison',
  })
}

/** Q-FLT-26: beyond the broker's own limit nothing is taken over, so nothing is promised; the sessions of others go on. */
export async function tooLargeIsRefusedByTheBroker(world: FaultWorld): Promise<void> {
  const [neighbour] = world.fleet.take(1)
  if (neighbour === undefined) return
  const client = await mqtt.connectAsync(world.stack.service('mqtt'), { protocolVersion: 5, reconnectPeriod: 0 })
  client.on('error', () => undefined) // the refusal may end the connection
  const acknowledged = client.publishAsync(topicOf(neighbour.sensor), Buffer.alloc(BROKER_LIMIT + 1, 0x20), { qos: 1 }).then(
    () => true,
    () => false,
  )
  const silence = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), NEIGHBOUR_MS))
  expect(await Promise.race([acknowledged, silence])).toBe(false)
  client.end(true)
  await neighbourPasses(world, neighbour)
}

/** Q-FLT-26: well-formed frames that no rule can use are kept raw with their reason, and never guessed. */
export async function unusableFramesAreKept(world: FaultWorld): Promise<void> {
  const [transmitter] = world.fleet.take(1)
  if (transmitter === undefined) return
  const before = await readBay(world, transmitter)
  const misfit = transmitter.next(null)
  await world.publisher.uplink({ ...misfit, payload: { ...misfit.payload, fPort: 102, data: Buffer.from('ff', 'hex').toString('base64') } })
  const empty = transmitter.next(null)
  await world.publisher.uplink({ ...empty, payload: { ...empty.payload, fPort: 102, data: '' } })
  await until(async () => (await readReadings(world, transmitter)).filter(({ verdict }) => verdict === 'undecoded').length === 2)
  expect(await readBay(world, transmitter)).toEqual(before)
}

/** Q-FLT-26: an unknown device becomes an orphan of the application's tenant; another tenant's application moves nobody's bay. */
export async function strangersAreKeptApart(world: FaultWorld): Promise<void> {
  const [transmitter] = world.fleet.take(1)
  if (transmitter === undefined) return
  const { sensor } = transmitter
  const stranger = '00000000000000f7'
  const { payload } = transmitter.next(transmitter.occupied())
  const deviceInfo = payload['deviceInfo'] as object
  const unknown = { ...payload, deduplicationId: crypto.randomUUID(), deviceInfo: { ...deviceInfo, devEui: stranger } }
  await world.publisher.other({ topic: topicOf({ ...sensor, devEui: stranger }), bytes: json(unknown) })
  const orphan = `select 1 from orphan_devices where dev_eui = $1 and tenant_id = $2`
  await until(async () => (await world.db.query(orphan, [stranger, sensor.tenantId])).rowCount === 1, { what: 'the orphan' })

  const foreignApplication = await anotherTenantsApplication(world, sensor.tenantId)
  const before = await readBay(world, transmitter)
  const foreign = {
    ...payload,
    deduplicationId: crypto.randomUUID(),
    fCnt: 900,
    data: 'Abs0BADceAE=',
    deviceInfo: { ...deviceInfo, applicationId: foreignApplication },
  }
  await world.publisher.other({ topic: topicOf({ ...sensor, applicationId: foreignApplication }), bytes: json(foreign) })
  await neighbourPasses(world, transmitter)
  expect(await readBay(world, transmitter)).toMatchObject({ sequence: (before?.sequence ?? 0) + 1 })
}

async function anotherTenantsApplication({ db }: FaultWorld, tenantId: string): Promise<string> {
  const text = `select chirpstack_application_id::text as id from devices where tenant_id <> $1 and chirpstack_application_id is not null limit 1`
  return (await db.query<{ id: string }>(text, [tenantId])).rows[0]?.id ?? ''
}

/** Q-FLT-27: a row that the database refuses stands alone, the good ones of its batch are committed. */
export async function onePoisonRowInAGoodBatch(world: FaultWorld): Promise<void> {
  const crowd = world.fleet.crowd.slice(0, 20)
  const [first] = crowd
  if (first === undefined) return
  const { payload } = first.next(first.occupied())
  const refused = { ...payload, deduplicationId: 'no text column takes this: \u0000', fCnt: 60_000 }
  await Promise.all([
    ...crowd.map((transmitter) => world.publisher.uplink(transmitter.next(transmitter.occupied()))),
    world.publisher.poison({ what: 'a row that the database refuses', topic: topicOf(first.sensor), bytes: json(refused) }),
    ...crowd.map((transmitter) => world.publisher.uplink(transmitter.next(transmitter.occupied()))),
  ])
}

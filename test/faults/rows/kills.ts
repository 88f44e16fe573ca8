/** Processes killed at the worst moment (Q-FLT-01, Q-FLT-02, Q-FLT-03). */
import { signIn } from '../../harness/api-client'
import { until } from '../../harness/until'
import { holdReadings, holdSpaces, untilBlocked } from '../holds'
import { underLoad } from '../load'
import { acceptedItems } from '../oracles/lights'
import { startProxy } from '../proxy'
import type { FaultWorld } from '../world'
import { readBay, readReadings } from './bay'
import { blockOf, countBlocks, freeSpaces } from './blocks'
import { takeBayWithLamp } from './network-server'

const LIVE_AGAIN_MS = 5_000
const STICKY_MS = 15_000
const RELAY_MS = 15_000

/** Q-FLT-01: a batch is in its transaction, nothing of it acknowledged. */
export async function listenerMidBatch(world: FaultWorld): Promise<void> {
  const { db, fleet, processes, publisher } = world
  await underLoad(world, fleet.crowd, async () => {
    const held = await holdReadings(db)
    await untilBlocked(db)
    const former = processes.pid('listener')
    await processes.end('listener', 'SIGKILL')
    await held.release()
    await processes.back('listener', former)
  })
  const [transmitter] = fleet.crowd
  if (transmitter === undefined) return
  const fresh = transmitter.next(transmitter.occupied())
  await publisher.uplink(fresh)
  await until(async () => (await readReadings(world, transmitter)).some(({ fCnt }) => fCnt === fresh.fCnt), {
    timeoutMs: LIVE_AGAIN_MS,
    what: 'a fresh uplink behind the restart',
  })
}

/** Q-FLT-01: acknowledged and stored, not yet projected; only the relay knows what is left to do. */
export async function listenerBeforeProjection(world: FaultWorld): Promise<void> {
  const { db, fleet, processes, publisher } = world
  const bays = fleet.takeLit(2)
  const held = await holdSpaces(
    db,
    bays.map(({ sensor }) => sensor.spaceId),
  )
  const flips = bays.map((bay) => bay.flip())
  await Promise.all(flips.map((flip) => publisher.uplink(flip)))
  for (const [index, bay] of bays.entries())
    await until(async () => (await readReadings(world, bay)).some(({ fCnt }) => fCnt === flips[index]?.fCnt), {
      what: 'the stored reading',
    })
  await processes.end('listener', 'SIGKILL')
  await held.release()
  for (const bay of bays)
    await until(async () => (await readBay(world, bay))?.state === 'occupied', { timeoutMs: RELAY_MS, what: 'the relay’s projection' })
}

/** Q-FLT-02: the transaction is open when the process dies, and the client asks again with the same key. */
export async function apiMidTransaction(world: FaultWorld): Promise<void> {
  const { api, db, processes } = world
  const [space] = await freeSpaces(world, 1)
  if (space === undefined) throw new Error('no space without a sensor')
  const held = await holdSpaces(db, [space])
  const body = blockOf('killed in its transaction')
  const asked = api.mutate(`POST /api/v6/spaces/${space}/overrides`, body)
  await untilBlocked(db)
  await processes.end('api', 'SIGKILL')
  await held.release()
  expect(await asked).toMatchObject({ status: 201 })
  expect(await countBlocks(db, space, body.reason)).toBe(1)
}

/** Q-FLT-02: it was done, and the answer was lost on the way: the second answer equals what the first would have been. */
export async function answerLostOnTheWay(world: FaultWorld): Promise<void> {
  const { api, db, stack } = world
  const [space] = await freeSpaces(world, 2).then(([, second]) => [second])
  if (space === undefined) throw new Error('no second space without a sensor')
  const proxy = await startProxy({ host: '127.0.0.1', port: Number(new URL(stack.url).port) })
  try {
    const over = await signIn(`http://127.0.0.1:${proxy.port}`, 'operator@acme.test', 'Parking-demo-1')
    proxy.setMode({ kind: 'cut_after_request' })
    const body = blockOf('answer lost on the way')
    const answer = await api.mutate(`POST /api/v6/spaces/${space}/overrides`, body, over)
    expect(answer).toMatchObject({ status: 201, body: { id: space } })
    expect(answer.tries).toBeGreaterThan(1)
    expect(await countBlocks(db, space, body.reason)).toBe(1)
  } finally {
    await proxy.close()
  }
}

/** Q-FLT-03: an activity is in its call to the network server when the worker dies; another one goes on, with one effect. */
export async function workerInAnActivity(world: FaultWorld): Promise<void> {
  const { processes, publisher, simulator } = world
  const { bay, light } = await takeBayWithLamp(world)
  await simulator.fault({ type: 'grpc.hang', ms: 20_000, times: 1, match: { method: 'DeviceService/Enqueue', dev_eui: light } })
  await publisher.uplink(bay.flip())
  await until(async () => (await simulator.faults()).some(({ struck }) => struck > 0), { timeoutMs: 20_000, what: 'the hanging call' })
  const former = processes.pid('worker')
  await processes.end('worker', 'SIGKILL')
  await simulator.clearFaults()
  await processes.back('worker', former)
  const before = acceptedItems(await simulator.journal(), light).length
  await until(async () => acceptedItems(await simulator.journal(), light).length > before, {
    timeoutMs: STICKY_MS + RELAY_MS,
    what: 'the call of the next worker',
  })
}

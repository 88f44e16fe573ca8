/** Q-FLT-04: each kind of process told to stop under load: it ends in time, finishes what it has in hand, and leaves no storm behind. */
import { until } from '../../harness/until'
import { holdSpaces, untilBlocked } from '../holds'
import { underLoad } from '../load'
import type { FaultWorld } from '../world'
import { sumRepeats } from './bay'
import { blockOf, freeSpaces } from './blocks'

const END_WITHIN_MS = 15_000
/** One batch may come again (DOM-907). */
const BATCH = 256
const FINISHES_AFTER_MS = 500

export async function listenerStops(world: FaultWorld): Promise<void> {
  const before = await sumRepeats(world)
  await stopUnderLoad(world, 'listener')
  expect((await sumRepeats(world)) - before).toBeLessThanOrEqual(BATCH)
}

export const workerStops = (world: FaultWorld): Promise<void> => stopUnderLoad(world, 'worker')

async function stopUnderLoad(world: FaultWorld, name: string): Promise<void> {
  await underLoad(world, world.fleet.crowd, async () => {
    const former = world.processes.pid(name)
    const { endedAfterMs } = await world.processes.end(name, 'SIGTERM')
    expect(endedAfterMs).toBeLessThan(END_WITHIN_MS)
    await world.processes.back(name, former)
  })
}

/** The request that is in its transaction when the signal comes is answered, by the process that took it. */
export async function apiStops(world: FaultWorld): Promise<void> {
  const { api, db, processes } = world
  const [space] = (await freeSpaces(world, 3)).slice(2)
  if (space === undefined) throw new Error('no third space without a sensor')
  await underLoad(world, world.fleet.crowd, async () => {
    const former = processes.pid('api')
    const held = await holdSpaces(db, [space])
    const asked = api.mutate(`POST /api/v6/spaces/${space}/overrides`, blockOf('in hand when the api stops'))
    await untilBlocked(db)
    const ended = processes.end('api', 'SIGTERM')
    setTimeout(() => void held.release(), FINISHES_AFTER_MS)
    expect(await asked).toMatchObject({ status: 201, tries: 1 })
    expect((await ended).endedAfterMs).toBeLessThan(END_WITHIN_MS)
    await processes.back('api', former)
    await until(async () => (await fetch(`${world.stack.url}/health/ready`)).ok, { timeoutMs: 20_000, what: 'the api ready again' })
  })
}

/** The fault suite tested: with one safeguard of the running product switched off, its row must turn red (Q-FLT-36). */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../harness/until'
import { MUTANTS, type Mutant } from './mutants'
import * as frames from './rows/frames'
import * as kills from './rows/kills'
import * as networkServer from './rows/network-server'
import { findFactFaults } from './verdict'
import { openWorld, type FaultWorld } from './world'

const SEED = 36
const SENSORS = 30
const LOOK_MS = 8_000

describe('a serious mutant', () => {
  jest.setTimeout(120_000)
  const folder = mkdtempSync(join(tmpdir(), 'parking-mutants-'))
  const list = join(folder, 'mutants.json')
  let world: FaultWorld

  beforeAll(async () => {
    becomes([])
    const environment = { NODE_OPTIONS: `--require ${join(__dirname, 'mutant-loader.cjs')}`, FAULT_MUTANTS_FILE: list }
    world = await openWorld({ seed: SEED, sensors: SENSORS, environment })
  }, 240_000)

  afterAll(async () => {
    await world?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** What processes load from their next start on. */
  const becomes = (mutants: readonly Mutant[]) => writeFileSync(list, JSON.stringify(mutants))

  /** Resolves when a new process runs with the mutant in it: it says so in its log. */
  async function mutate(name: 'api' | 'listener' | 'worker', mutant: Mutant): Promise<void> {
    becomes([mutant])
    await world.processes.end(name, 'SIGTERM')
    await untilMutated(name, mutant)
    await until(async () => (await fetch(`${world.stack.url}/health/ready`)).ok, { timeoutMs: 20_000, what: 'the platform ready again' })
  }

  const untilMutated = (name: string, mutant: Mutant) =>
    until(() => readFileSync(join(world.stack.dataDir, 'logs', `${name}.log`), 'utf8').includes(`mutant: ${mutant.name}`), {
      timeoutMs: 20_000,
      what: `the mutant in the ${name}`,
    })

  /** New findings, or the row's own complaint. */
  async function strike(row: (world: FaultWorld) => Promise<void>): Promise<string[]> {
    const before = new Set(await findFactFaults(world, LOOK_MS))
    try {
      await row(world)
    } catch (error) {
      return [String(error)]
    }
    return (await findFactFaults(world, LOOK_MS)).filter((finding) => !before.has(finding))
  }

  test(`Q-FLT-36: ${MUTANTS.noReadBack.name}: Q-FLT-18 is red`, async () => {
    await mutate('worker', MUTANTS.noReadBack)
    expect(await strike(networkServer.enqueueAnswerLost)).not.toEqual([])
  })

  test(`Q-FLT-36: ${MUTANTS.noIdempotency.name}: Q-FLT-02 is red`, async () => {
    await mutate('api', MUTANTS.noIdempotency)
    expect(await strike(kills.answerLostOnTheWay)).not.toEqual([])
  })

  test(`Q-FLT-36: ${MUTANTS.noDedupe.name}: Q-FLT-23 is red`, async () => {
    await mutate('listener', MUTANTS.noDedupe)
    expect(await strike(frames.sameUplinkFiveTimes)).not.toEqual([])
  })

  test(`Q-FLT-36: ${MUTANTS.noRelay.name}: Q-FLT-01 is red`, async () => {
    await mutate('worker', MUTANTS.noRelay)
    becomes([MUTANTS.acknowledgeBeforeCommit]) // the row ends the listener, which comes back as the next test needs it
    expect(await strike(kills.listenerBeforeProjection)).not.toEqual([])
  })

  test(`Q-FLT-36: ${MUTANTS.acknowledgeBeforeCommit.name}: Q-FLT-01 is red`, async () => {
    await untilMutated('listener', MUTANTS.acknowledgeBeforeCommit)
    expect(await strike(kills.listenerMidBatch)).toEqual(expect.arrayContaining([expect.stringMatching(/^O1/)]))
  })
})

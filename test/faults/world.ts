/** One running product with everything a fault row needs: processes by name, a publisher with a journal, clients, witnesses (Q-FLT-H1). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'pg'
import { signIn, type ApiClient } from '../harness/api-client'
import { startStack, type Stack } from '../harness/stack'
import { until } from '../harness/until'
import { chooseSensors, takeFleet, type Fleet } from './fleet'
import { openJournal, type Journal } from './journal'
import type { WitnessEntry } from './oracles/lights'
import { createProcesses, type StackProcesses } from './processes'
import { openPublisher, type Publisher } from './publisher'
import { createRandom } from './random'
import { openSocketWitness, type SocketWitness } from './socket-witness'
import { createStubbornClient, type StubbornClient } from './stubborn-client'

export interface FaultWorld {
  readonly stack: Stack
  readonly random: () => number
  /** Sees every row: a witness, never a part of the product. */
  readonly db: Pool
  readonly journal: Journal
  readonly publisher: Publisher
  readonly fleet: Fleet
  readonly processes: StackProcesses
  readonly operator: ApiClient
  readonly api: StubbornClient
  readonly witness: SocketWitness
  readonly simulator: SimulatorControl
  close(): Promise<number | null>
}

export interface SimulatorControl {
  /** Switches a fault on; resolves with its id. */
  fault(fault: Readonly<Record<string, unknown>>): Promise<string>
  clearFaults(): Promise<void>
  faults(): Promise<readonly { readonly struck: number }[]>
  journal(): Promise<WitnessEntry[]>
}

export interface WorldOptions {
  readonly seed: number
  readonly sensors: number
  readonly environment?: Readonly<Record<string, string>>
}

const TENANT = 'acme'
const PASSWORD = 'Parking-demo-1'

/** `SIMULATOR_SPEED` 1: cars of other bays come and go as on any day; that is traffic, too. */
export async function openWorld({ seed, sensors, environment = {} }: WorldOptions): Promise<FaultWorld> {
  process.stderr.write(`fault suite: seed ${seed}\n`)
  const stack = await startStack({ SIMULATOR_SPEED: '1', LOG_PRETTY: 'false', ...environment })
  const folder = mkdtempSync(join(tmpdir(), 'parking-faults-'))
  const db = new Pool({ connectionString: stack.service('postgresql'), max: 4 })
  db.on('error', () => undefined) // the database is restarted on purpose; the next query tells whether it is back
  try {
    return await furnish({ stack, db, folder, seed, sensors })
  } catch (error) {
    await db.end()
    await stack.stop()
    throw error
  }
}

interface Bare {
  readonly stack: Stack
  readonly db: Pool
  readonly folder: string
  readonly seed: number
  readonly sensors: number
}

/** The radio's airtime has suites of its own; spent, it would only hide which light a fault has kept waiting (DOM-646). */
const FREE_AIR = `
  create function free_air() returns trigger language plpgsql as $$ begin new.parts := array_fill(0, array[60]); return new; end $$;
  create trigger free_air before insert or update on rate_limit_state for each row when (new.scope like 'gateway_%') execute function free_air()`

async function furnish({ stack, db, folder, seed, sensors }: Bare): Promise<FaultWorld> {
  await db.query(FREE_AIR)
  const journal = openJournal(join(folder, 'journal.jsonl'))
  const simulator = createSimulatorControl(stack.url)
  const publisher = await openPublisher(stack.service('mqtt'), journal)
  const operator = await signIn(stack.url, `operator@${TENANT}.test`, PASSWORD)
  const chosen = await chooseSensors(db, TENANT, sensors)
  const fleet = await takeFleet({ db, publisher, sensors: chosen, mute: (devEui) => simulator.mute(devEui) })
  const witness = openSocketWitness({ url: stack.url, client: () => operator, spaces: new Set(chosen.map(({ spaceId }) => spaceId)) })
  await until(() => witness.connects() > 0, { what: 'the socket client' })
  return {
    ...{ stack, db, journal, publisher, fleet, operator, witness, simulator },
    random: createRandom(seed),
    processes: createProcesses(stack),
    api: createStubbornClient(() => operator, journal),
    async close() {
      witness.close()
      await publisher.close()
      await db.end()
      rmSync(folder, { recursive: true, force: true })
      return stack.stop()
    },
  }
}

function createSimulatorControl(url: string): SimulatorControl & { mute(devEui: string): Promise<void> } {
  async function ask(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const headers = { 'content-type': 'application/json' }
    const json = body === undefined ? {} : { body: JSON.stringify(body), headers }
    const response = await fetch(`${url}/dev/sim${path}`, { method, ...json })
    if (!response.ok) throw new Error(`${method} /dev/sim${path} answered ${response.status}: ${await response.text()}`)
    return response.status === 204 ? {} : ((await response.json()) as Record<string, unknown>)
  }
  return {
    fault: async (fault) => String((await ask('POST', '/faults', fault))['id']),
    clearFaults: async () => void (await ask('DELETE', '/faults')),
    faults: async () => (await ask('GET', '/faults'))['faults'] as { struck: number }[],
    journal: async () => (await ask('GET', '/journal'))['entries'] as WitnessEntry[],
    mute: async (devEui) => void (await ask('POST', `/devices/${devEui}/mute`)),
  }
}

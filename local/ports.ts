/** Chooses ports on 127.0.0.1: the preferred one or the next free one for `npm start`, free ones anywhere for tests (OPS § 2, OPS-025). */
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Preferred ports of the local stack (OPS-010 to OPS-014); the last block is the programs' own health and metrics. */
export const PREFERRED_PORTS = {
  postgres: 54320,
  redis: 63790,
  mqtt: 18830,
  mqttWebsocket: 19001,
  temporal: 17233,
  temporalHistory: 17234,
  temporalMatching: 17235,
  temporalWorker: 17239,
  temporalMembership: 16933,
  temporalHistoryMembership: 16934,
  temporalMatchingMembership: 16935,
  temporalWorkerMembership: 16939,
  temporalUi: 18233,
  networkServer: 18080,
  simulatorControl: 18085,
  apiMetrics: 19464,
  listenerHealth: 18181,
  listenerMetrics: 19465,
  workerHealth: 18182,
  workerMetrics: 19466,
} as const

export type PortName = keyof typeof PREFERRED_PORTS
export type Ports = Readonly<Record<PortName, number>>
type IsFree = (port: number) => Promise<boolean>

const HIGHEST_PORT = 65_535
/** Below the range that the kernel hands out to outgoing connections, so that none of those can take a chosen port. */
const TEST_PORTS = { from: 20_000, to: 32_000 } as const

/** Whether nobody listens on the port of that address. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** The preferred port or the next free one after it, never one of `taken`. */
export async function nextFreePort(preferred: number, taken: ReadonlySet<number>, isFree: IsFree = isPortFree): Promise<number> {
  for (let port = preferred; port <= HIGHEST_PORT; port += 1) {
    if (!taken.has(port) && (await isFree(port))) return port
  }
  throw new Error(`no free port from ${preferred} upwards`)
}

/** One port per name, all different. `anywhere` starts each search at a random port, so that several test runs do not meet. */
export async function choosePorts(anywhere: boolean, isFree: IsFree = isPortFree): Promise<Ports> {
  const taken = new Set<number>()
  const chosen: Partial<Record<PortName, number>> = {}
  for (const [name, preferred] of Object.entries(PREFERRED_PORTS)) {
    const port = await nextFreePort(anywhere ? randomInt(TEST_PORTS.from, TEST_PORTS.to) : preferred, taken, isFree)
    taken.add(port)
    chosen[name as PortName] = port // the keys are those of PREFERRED_PORTS
  }
  return chosen as Ports // every name of PREFERRED_PORTS was visited
}

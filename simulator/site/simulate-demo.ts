/** The demo's own car parks, played for some days (`npm run simulate`, Q-SIM-01). */
import { planDemo } from '../dataset/demo-plan'
import { planWorld } from '../dataset/demo-world'
import { simulateSite, type SiteSimulation } from './simulate-site'

/** All sites of the demo together. */
const WHOLE_DEMO = 'demo'
const PLATFORM_TENANT = '00000000-0000-0000-0000-000000000000'

export interface DemoSimulationOptions {
  /** `demo`, or the key of one of its sites such as `acme-city`. */
  readonly site: string
  readonly seed: number
  readonly days: number
}

/** Throws when the demo has no such site. */
export function simulateDemo({ site, seed, days }: DemoSimulationOptions): Promise<SiteSimulation> {
  const world = planWorld(planDemo(seed, PLATFORM_TENANT), 'not called over gRPC')
  return simulateSite({ world, seed, days, ...(site === WHOLE_DEMO ? {} : { site }) })
}

/** One line for people and the digest that must be the same everywhere. */
export const describeSimulation = ({ events, decisions, lampChanges, sha256 }: SiteSimulation): string =>
  `${events} events, ${decisions} decisions, ${lampChanges} changes of lights\nsha256 ${sha256}`

/** A site for some days in seconds: cars, sensors, radio loss, gateways, lights, bookings and clocks; same seed, same bytes (Q-SIM-01). */
import { assembleWorld, type SimulatedWorld } from '../network-server/assemble'
import { createEventSink } from '../network-server/event-sink'
import type { FaultSwitch } from '../network-server/faults'
import type { World } from '../network-server/world'
import { startCars } from './cars'
import { bayKey, createCore, type Core } from './core'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A Wednesday, 00:00 in Paris. */
const DEFAULT_START = Date.UTC(2026, 5, 30, 22)
/** Every so many bays one can be booked. */
const BOOKABLE_EVERY = 5
/** A frame in fifty is lost on a good site. */
const USUAL_LOSS: FaultSwitch = { type: 'radio.uplink_loss', rate: 0.02 }

export interface SiteSimulationOptions {
  readonly world: World
  /** Key of one site; absent = all of the world. */
  readonly site?: string
  readonly seed: number
  readonly days: number
  readonly startAt?: number
  readonly speed?: number
  /** Besides the usual loss; instants are epoch ms. */
  readonly faults?: readonly FaultSwitch[]
}

export interface SiteSimulation {
  /** Of the whole journal. */
  readonly sha256: string
  readonly events: number
  readonly decisions: number
  readonly lampChanges: number
  readonly simulated: SimulatedWorld
}

export async function simulateSite(options: SiteSimulationOptions): Promise<SiteSimulation> {
  const { seed, days, startAt = DEFAULT_START, speed = 1 } = options
  const world = onlySite(options.world, options.site)
  let core: Core | null = null
  const sink = { ...createEventSink(), send: (topic: string, payload: string) => Promise.resolve(core?.hear(topic, payload)) }
  const simulated = assembleWorld({ seed, clock: 'virtual', startAt, region: 'EU868', world }, sink)
  const { clock, draws, journal } = simulated.simulation
  const bookable = bookableBays(world)
  core = createCore({ world, simulated, bookable })
  for (const fault of [USUAL_LOSS, ...(options.faults ?? [])]) simulated.control.addFault(fault)
  simulated.begin()
  startCars({ world: withoutBays(world, bookable), clock, draws, speed, drive: simulated.control.driveCar })
  await simulated.control.advance(days * DAY_MS)
  return {
    sha256: journal.sha256(),
    events: journal.count('event'),
    decisions: journal.count('decision'),
    lampChanges: journal.count('lamp'),
    simulated,
  }
}

function onlySite(world: World, key: string | undefined): World {
  if (key === undefined) return world
  const sites = (world.sites ?? []).filter((site) => site.key === key)
  if (sites.length === 0) throw new Error(`the world has no site ${key}`)
  return { ...world, sites, devices: world.devices.filter(({ siteKey }) => siteKey === key) }
}

/** By order of the world, so that the same bays are bookable in every run. */
function bookableBays(world: World): ReadonlySet<string> {
  const bays = [...new Set(world.devices.filter(({ spaceCode }) => spaceCode !== undefined).map(bayKey))]
  return new Set(bays.filter((_, index) => index % BOOKABLE_EVERY === BOOKABLE_EVERY - 1))
}

const withoutBays = (world: World, bays: ReadonlySet<string>): World => ({
  ...world,
  devices: world.devices.filter((device) => !bays.has(bayKey(device))),
})

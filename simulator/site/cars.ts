/** Drives the cars of all sites: every bay with a sensor has its own day (OPS-024). */
import type { SimulationClock } from '../clock'
import type { Draws } from '../draws'
import type { World, WorldSite } from '../network-server/world'
import { createBayPlan, type BayPlan } from './bay-plan'

export interface CarsInput {
  readonly world: World
  readonly clock: SimulationClock
  readonly draws: Draws
  /** More than 0. */
  readonly speed: number
  /** A car came to or left the bay of this sensor. */
  readonly drive: (devEui: string, isPresent: boolean) => void
}

/** Starts at once and goes on until the clock stops. */
export function startCars(input: CarsInput): void {
  for (const site of input.world.sites ?? []) {
    for (const [bay, sensors] of baysOf(input.world, site)) startBay(input, { site, bay, sensors })
  }
}

/** Sensors by bay; more than one may watch the same. */
function baysOf({ devices }: World, { key }: WorldSite): ReadonlyMap<string, readonly string[]> {
  const bays = new Map<string, string[]>()
  for (const { devEui, siteKey, spaceCode } of devices) {
    if (siteKey !== key || spaceCode === undefined) continue
    bays.set(spaceCode, [...(bays.get(spaceCode) ?? []), devEui])
  }
  return bays
}

interface Bay {
  readonly site: WorldSite
  readonly bay: string
  readonly sensors: readonly string[]
}

function startBay({ clock, draws, drive, speed }: CarsInput, { site, bay, sensors }: Bay): void {
  const plan = createBayPlan(draws, { site, bay: `${site.key}/${bay}`, speed })
  const set = (isPresent: boolean): void => sensors.forEach((devEui) => drive(devEui, isPresent))
  const isOccupied = plan.startsOccupied(clock.now())
  if (isOccupied) set(true)
  planNext(clock, { plan, set }, isOccupied)
}

function planNext(
  clock: SimulationClock,
  day: { readonly plan: BayPlan; readonly set: (isPresent: boolean) => void },
  isOccupied: boolean,
): void {
  clock.at(day.plan.nextChange(isOccupied, clock.now()), () => {
    day.set(!isOccupied)
    planNext(clock, day, !isOccupied)
  })
}

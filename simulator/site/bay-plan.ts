/** When the next car comes to a bay, and when it leaves: a pure plan by seed and bay (OPS-024). */
import type { Draws } from '../draws'
import type { WorldSite } from '../network-server/world'
import { createLocalTime } from './local-time'
import { arrivalsPerHour, expectedOccupancy, patternOf, peakArrivals, stayMinutes } from './traffic'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

export interface BayPlan {
  /** Whether a car stands on the bay when the simulation begins. */
  startsOccupied(now: number): boolean
  /** The instant of the next arrival at a free bay, or departure from a taken one. */
  nextChange(isOccupied: boolean, now: number): number
}

/** `speed` 2 = twice as many cars that stay half as long; the hours of the day stay what they are. */
export function createBayPlan(
  draws: Draws,
  { site, bay, speed }: { readonly site: WorldSite; readonly bay: string; readonly speed: number },
): BayPlan {
  const pattern = patternOf(site.traffic)
  const localTime = createLocalTime(site.timeZone)
  const peak = peakArrivals(pattern)

  /** Thinning: candidates at the peak rate, each kept with its hour's share of it. */
  function nextArrival(now: number): number {
    for (let instant = now; ;) {
      instant += (-Math.log(1 - draws.number(bay, 'arrival')) / (peak * speed)) * HOUR_MS
      if (draws.number(bay, 'kept') * peak < arrivalsPerHour(pattern, localTime(instant))) return Math.ceil(instant)
    }
  }

  return {
    startsOccupied: (now) => draws.number(bay, 'start') < expectedOccupancy(pattern, localTime(now)),
    nextChange: (isOccupied, now) =>
      isOccupied ? now + Math.ceil((stayMinutes(pattern, draws.number(bay, 'stay')) * MINUTE_MS) / speed) : nextArrival(now),
  }
}

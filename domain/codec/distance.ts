/** Occupancy of the models that measure a distance: only by the threshold that a person has set (LW-208). */
import type { CodecOptions } from './types'

const DEFAULT_HYSTERESIS_MM = 100
/** Farther than any bay sensor can see; such a reading measured nothing (LW-207). */
const FARTHEST_MM = 20_000

/** `{}` without a threshold, between threshold and hysteresis, and for what cannot have been measured. */
export function occupancyOfDistance(distanceMm: number | undefined, options: CodecOptions): { occupied?: boolean } {
  const { occupied_below_mm: threshold, hysteresis_mm: hysteresis = DEFAULT_HYSTERESIS_MM } = options
  if (distanceMm === undefined || threshold === undefined || distanceMm > FARTHEST_MM) return {}
  if (distanceMm < threshold) return { occupied: true }
  return distanceMm > threshold + hysteresis ? { occupied: false } : {}
}

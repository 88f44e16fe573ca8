/** A sensor that changes its mind too often is not believed until it has calmed down (DOM-235, DOM-236). */
import type { Instant } from '../shared/instant'

type Value = 'occupied' | 'free'

export interface SensorValue {
  readonly value: Value | null
  readonly valueHeardAt: Instant | null
  /** `heard_at` of the latest changes of value, oldest first, at most 21. */
  readonly flips: readonly Instant[]
  readonly suspectSince: Instant | null
}

export interface ValueReading {
  readonly value: Value
  readonly heardAt: Instant
  /** A frame of a sensor that still learns its place: it changes the value and counts no flip. */
  readonly isLearning: boolean
}

export interface Suspicion {
  readonly since: Instant
  readonly changesLastHour: number
  readonly clearsAt: Instant
}

/** The trailing window in which flips are counted. */
const WINDOW_MS = 3_600_000
/** More than this many in the window is suspect: the 21st does it. */
const FLIPS_BELIEVED = 20
/** At most this many may be left in the window before it is believed again. */
const FLIPS_CALM = 5

export const NO_VALUE: SensorValue = { value: null, valueHeardAt: null, flips: [], suspectSince: null }

/** Applies the value of one *fresh* frame; frames come in the order of their counters (DOM-922). */
export function recordValue(state: SensorValue, { value, heardAt, isLearning }: ValueReading): SensorValue {
  const isFlip = state.value !== null && state.value !== value && !isLearning
  const flips = isFlip ? [...state.flips, heardAt].slice(-(FLIPS_BELIEVED + 1)) : state.flips
  const known = findSuspicion(state, heardAt)?.since ?? null
  const suspectSince = known ?? (countRecent(flips, heardAt) > FLIPS_BELIEVED ? heardAt : null)
  return { value, valueHeardAt: heardAt, flips, suspectSince }
}

/** The suspicion that holds at `now`, or null: it clears at the instant when only five flips are left in the trailing hour. */
export function findSuspicion({ flips, suspectSince }: SensorValue, now: Instant): Suspicion | null {
  const sixthNewest = flips.at(-(FLIPS_CALM + 1))
  if (suspectSince === null || sixthNewest === undefined) return null
  const clearsAt = sixthNewest + WINDOW_MS
  return now < clearsAt ? { since: suspectSince, changesLastHour: countRecent(flips, now), clearsAt } : null
}

/** An operator's word, with a reason kept elsewhere, ends the suspicion and forgets the flips that raised it. */
export function clearSuspicion(state: SensorValue): SensorValue {
  return { ...state, flips: [], suspectSince: null }
}

function countRecent(flips: readonly Instant[], now: Instant): number {
  return flips.filter((at) => now - WINDOW_MS < at).length
}

/** The instant at which a frame counts as heard (DOM-920). */
import type { Instant } from '../shared/instant'

/** A network clock that runs further ahead than this is not believed. */
const PLAUSIBLE_LEAD_MS = 5 * 60_000

export interface HeardAt {
  readonly heardAt: Instant
  readonly hasNetworkTime: boolean
  readonly isTimeImplausible: boolean
}

/** `networkTime` = the event's `time` in milliseconds, null when absent or unreadable; cut, never rounded, to the millisecond. */
export function findHeardAt(networkTime: Instant | null, receivedAt: Instant): HeardAt {
  if (networkTime === null) return { heardAt: receivedAt, hasNetworkTime: false, isTimeImplausible: false }
  if (networkTime > receivedAt + PLAUSIBLE_LEAD_MS) return { heardAt: receivedAt, hasNetworkTime: false, isTimeImplausible: true }
  return { heardAt: Math.floor(networkTime), hasNetworkTime: true, isTimeImplausible: false }
}

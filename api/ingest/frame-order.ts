/** The order in which frames of one device are applied, since the broker keeps none (LW-073, DOM-922). */
import type { HeardFrame } from './device-stream'

/** Further apart than this, time tells sessions and restarted counters apart; nearer, only the counter is exact. */
const SAME_MOMENT_MS = 60_000
/** Half of a 16-bit counter: so far apart, the lower one has wrapped. */
const WRAP_DISTANCE = 32_768

/** Sort order: by (session, counter) among frames of one moment, by time otherwise. */
export function compareFrames(a: HeardFrame, b: HeardFrame): number {
  const apart = a.heardAt - b.heardAt
  const steps = a.event.fCnt - b.event.fCnt
  const isOneSession = a.event.session === b.event.session
  if (!isOneSession || Math.abs(apart) > SAME_MOMENT_MS || Math.abs(steps) >= WRAP_DISTANCE) return apart
  return steps || apart
}

/** Which reservations count now, soon, or no longer (DOM-211, DOM-212, DOM-229). */
import type { Instant } from '../shared/instant'
import type { RightFact } from './types'

/** A hold that ran out counts no more, even if its row still says `pending` (DOM-424). */
function hasRunOut(right: RightFact, now: Instant): boolean {
  return right.status === 'pending' && right.holdExpiresAt !== null && right.holdExpiresAt <= now
}

export function coversNow(right: RightFact, now: Instant): boolean {
  return right.start <= now && now < right.end && !hasRunOut(right, now)
}

/** Starts within the policy's notice, inclusive; a notice of 0 seconds disables it. */
function startsSoon(right: RightFact, now: Instant, reservedSoonSeconds: number): boolean {
  return now < right.start && right.start <= now + reservedSoonSeconds * 1_000 && !hasRunOut(right, now)
}

/** Rights that cover now, the one that counts first. The database allows one; two would be the earlier start, then the smaller id. */
export function rightsCovering(rights: readonly RightFact[], now: Instant): readonly RightFact[] {
  return rights.filter((right) => coversNow(right, now)).sort(byStart)
}

export function rightsStartingSoon(rights: readonly RightFact[], now: Instant, reservedSoonSeconds: number): readonly RightFact[] {
  return rights.filter((right) => startsSoon(right, now, reservedSoonSeconds)).sort(byStart)
}

/** Holds that would count now or soon, had they not run out: people ask why the bay is not theirs. */
export function lapsedHolds(rights: readonly RightFact[], now: Instant): readonly RightFact[] {
  return rights.filter((right) => hasRunOut(right, now) && now < right.end).sort(byStart)
}

function byStart(a: RightFact, b: RightFact): number {
  return a.start - b.start || (a.id < b.id ? -1 : 1)
}

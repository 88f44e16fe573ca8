/** Whose stay is it: which right a session belongs to (DOM-264, DOM-430, DOM-432). */
import type { Instant } from '../shared/instant'
import { coversNow, rightsCovering } from './rights'
import type { RightFact } from './types'

export interface LinkInput {
  readonly startedAt: Instant
  /** The reservation that the session is linked to already; a vehicle that came under one right does not check in another. */
  readonly linkedReservationId: string | null
  readonly rights: readonly RightFact[]
  readonly earlyCheckInMinutes: number
  readonly now: Instant
}

/**
 * The right that an open session is linked to at `now`, or null. Either it covers the arrival, or the vehicle came within the
 * early window before its start, is still there at the start, and no other right covered the arrival.
 */
export function findLinkedRight({ startedAt, linkedReservationId, rights, earlyCheckInMinutes, now }: LinkInput): string | null {
  if (linkedReservationId !== null) return linkedReservationId
  const covering = rightsCovering(rights, now)[0]
  if (!covering) return null
  const isEarly = startedAt < covering.start
  if (!isEarly) return covering.id
  const isWithinWindow = covering.start - earlyCheckInMinutes * 60_000 <= startedAt
  const isTaken = rights.some((right) => right.id !== covering.id && coversNow(right, startedAt))
  return isWithinWindow && !isTaken ? covering.id : null
}

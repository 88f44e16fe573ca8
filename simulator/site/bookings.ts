/** Bookings of some bays by seed: most are kept, some are not (OPS-024). Bays that can be booked have no other cars. */
import type { RightFact } from '#domain/occupancy/types'
import type { SimulationClock } from '../clock'
import type { Draws } from '../draws'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const SHOW_SHARE = 0.8
/** DOM-406's default. */
const NO_SHOW_GRACE_MS = 15 * MINUTE_MS
const BOOKED_AHEAD_MS = 2 * HOUR_MS

export interface BookingsInput {
  readonly clock: SimulationClock
  readonly draws: Draws
  readonly spaceId: string
  /** The car of a booking comes or goes. */
  readonly drive: (isPresent: boolean) => void
  /** A booking began, changed or ended. */
  readonly changed: (what: string) => void
}

export interface Bookings {
  /** Live ones, by start; at most one here. */
  rights(): readonly RightFact[]
  /** A vehicle stands on the bay: the booking that covers now is checked in. */
  arrived(): void
}

/** One booking after the other, for ever. */
export function startBookings({ clock, draws, spaceId, drive, changed }: BookingsInput): Bookings {
  let right: RightFact | null = null
  let count = 0
  const minutes = (purpose: string, min: number, max: number): number => draws.integer([spaceId, purpose], min, max) * MINUTE_MS

  function change(next: RightFact | null, what: string): void {
    right = next
    changed(what)
  }

  function comeAndGo(booked: RightFact): void {
    const arrival = booked.start + minutes('arrival', -5, 10)
    const departure = booked.end + minutes('departure', -20, 10)
    clock.at(arrival, () => drive(true))
    clock.at(Math.max(departure, arrival + MINUTE_MS), () => drive(false))
  }

  /** A no-show frees the bay after the grace; whatever is left of a booking ends with it. */
  function endInTime(booked: RightFact): void {
    clock.at(booked.start + NO_SHOW_GRACE_MS, () => {
      if (right?.id === booked.id && right.status === 'confirmed') change(null, 'no_show')
    })
    clock.at(booked.end, () => {
      if (right?.id === booked.id) change(null, 'completed')
    })
  }

  function book(): void {
    const start = clock.now() + BOOKED_AHEAD_MS + minutes('slot', 0, 60)
    const id = `${spaceId}/${++count}`
    const booked: RightFact = { id, status: 'confirmed', start, end: start + minutes('length', 30, 150), holdExpiresAt: null }
    change(booked, 'confirmed')
    if (draws.number(spaceId, 'show') < SHOW_SHARE) comeAndGo(booked)
    endInTime(booked)
    clock.at(booked.end + minutes('pause', 30, 120), book)
  }

  function arrived(): void {
    const isCovered = right !== null && right.status === 'confirmed' && right.start <= clock.now()
    if (right && isCovered) change({ ...right, status: 'active' }, 'active')
  }

  clock.at(clock.now() + minutes('first', 1, 60), book)
  return { rights: () => (right ? [right] : []), arrived }
}

/** Times of a request to instants: naive ones are read in the site's zone, UTC when no site is involved (API-037, D-20). */
import { issueAt } from '#contract/issues'
import type { RequestTime } from '#contract/values'
import { DomainError } from '#domain/shared/domain-error'
import type { Instant } from '#domain/shared/instant'

const DAY_MS = 86_400_000

/** Throws `nonexistent_local_time` for a wall clock that the spring gap skips; one that exists twice means the first. */
export function toInstant(time: RequestTime, timeZone: string, at: { readonly in: 'body' | 'query'; readonly pointer: string }): Instant {
  if (time.instant !== null) return time.instant
  const candidates = [offsetAt(time.wallClock - DAY_MS, timeZone), offsetAt(time.wallClock + DAY_MS, timeZone)]
    .map((offset) => time.wallClock - offset)
    .filter((instant) => instant + offsetAt(instant, timeZone) === time.wallClock)
  if (candidates.length > 0) return Math.min(...candidates)
  throw new DomainError('validation.failed', { issues: [issueAt(at.in, at.pointer, 'nonexistent_local_time')] })
}

/** What the zone's wall clock is ahead of UTC at an instant, in milliseconds. */
function offsetAt(instant: Instant, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]))
  const wall = Date.UTC(
    Number(part['year']),
    Number(part['month']) - 1,
    Number(part['day']),
    Number(part['hour']),
    Number(part['minute']),
    Number(part['second']),
  )
  return wall - Math.floor(instant / 1000) * 1000
}

export interface TimeRange {
  readonly from: Instant | null
  readonly to: Instant | null
}

/** `from` inclusive, `to` exclusive (API-026). */
export function toRange({ from, to }: { from?: RequestTime | undefined; to?: RequestTime | undefined }, timeZone = 'UTC'): TimeRange {
  const range = {
    from: from === undefined ? null : toInstant(from, timeZone, { in: 'query', pointer: '/from' }),
    to: to === undefined ? null : toInstant(to, timeZone, { in: 'query', pointer: '/to' }),
  }
  if (range.from !== null && range.to !== null && range.from >= range.to) {
    throw new DomainError('validation.failed', {
      issues: [issueAt('query', '/to', { code: 'invalid_time', message: 'must be after from' })],
    })
  }
  return range
}

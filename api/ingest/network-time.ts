/** Network time as ChirpStack writes it: RFC 3339 with up to nine fraction digits and an offset (LW-081). */
import type { Instant } from '#domain/shared/instant'

const RFC_3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/i
const MILLISECOND_DIGITS = 3

/** Milliseconds since the epoch, the fraction truncated and never rounded up; null when the text is no instant. */
export function parseNetworkTime(text: string): Instant | null {
  const match = RFC_3339.exec(text)
  if (match === null) return null
  const [, seconds, fraction = '', offset] = match
  const instant = Date.parse(`${seconds}.${fraction.padEnd(MILLISECOND_DIGITS, '0').slice(0, MILLISECOND_DIGITS)}${offset}`.toUpperCase())
  return Number.isNaN(instant) ? null : instant
}

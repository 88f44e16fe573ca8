/** Hour and day at a site: cars follow the clock on the wall, also in the nights when it is moved. */
import type { LocalTime } from './traffic'

const WEEKEND = new Set(['Sat', 'Sun'])

/** Hour 0–23 and weekend of an instant in an IANA zone. */
export function createLocalTime(timeZone: string): (instant: number) => LocalTime {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', hourCycle: 'h23', weekday: 'short' })
  return (instant) => {
    const parts = format.formatToParts(instant)
    const part = (type: 'hour' | 'weekday'): string => parts.find((candidate) => candidate.type === type)?.value ?? ''
    return { hour: Number(part('hour')), isWeekend: WEEKEND.has(part('weekday')) }
  }
}

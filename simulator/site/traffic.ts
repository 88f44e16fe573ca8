/** How busy a bay is by hour of the site's own day, and how long cars stay. Invented, but plausible; used by demos and tests only. */
import type { SiteTraffic } from '../network-server/world'

interface TrafficPattern {
  /** Arrivals an hour at a free bay, by local hour 0–23. */
  readonly arrivalsByHour: readonly number[]
  /** Of a weekday, on Saturdays and Sundays. */
  readonly weekendShare: number
  readonly meanStayMinutes: number
  readonly longestStayMinutes: number
}

const SHORTEST_STAY_MINUTES = 4

const repeat = (value: number, times: number): number[] => Array.from({ length: times }, () => value)

const PATTERNS: Readonly<Record<SiteTraffic, TrafficPattern>> = {
  office: {
    arrivalsByHour: [...repeat(0.02, 6), 0.6, 1.6, 2.0, 1.2, 0.5, 0.4, 0.7, 0.8, 0.4, 0.3, 0.2, 0.15, ...repeat(0.05, 6)],
    weekendShare: 0.1,
    meanStayMinutes: 240,
    longestStayMinutes: 660,
  },
  retail: {
    arrivalsByHour: [...repeat(0.03, 7), 0.3, 0.8, 1.4, 1.8, 2.0, 2.0, 1.7, 1.8, 2.0, 2.2, 2.4, 2.0, 1.2, 0.6, 0.3, 0.15, 0.05],
    weekendShare: 1.3,
    meanStayMinutes: 38,
    longestStayMinutes: 240,
  },
  station: {
    arrivalsByHour: [...repeat(0.1, 5), 0.8, 1.8, 2.4, 1.6, 0.9, 0.7, 0.6, 0.7, 0.7, 0.6, 0.7, 0.9, 1.0, 0.7, 0.5, 0.4, 0.3, 0.2, 0.1],
    weekendShare: 0.6,
    meanStayMinutes: 420,
    longestStayMinutes: 1_440,
  },
  residential: {
    arrivalsByHour: [...repeat(0.05, 6), 0.1, 0.15, 0.2, 0.2, 0.25, 0.3, 0.4, 0.4, 0.4, 0.5, 0.9, 1.6, 2.0, 1.6, 1.0, 0.6, 0.3, 0.1],
    weekendShare: 0.9,
    meanStayMinutes: 600,
    longestStayMinutes: 2_880,
  },
}

export const patternOf = (traffic: SiteTraffic): TrafficPattern => PATTERNS[traffic]

/** Arrivals an hour can never be more often than this. */
export const peakArrivals = ({ arrivalsByHour, weekendShare }: TrafficPattern): number =>
  Math.max(...arrivalsByHour) * Math.max(1, weekendShare)

export interface LocalTime {
  readonly hour: number
  readonly isWeekend: boolean
}

export const arrivalsPerHour = ({ arrivalsByHour, weekendShare }: TrafficPattern, { hour, isWeekend }: LocalTime): number =>
  (arrivalsByHour[hour] ?? 0) * (isWeekend ? weekendShare : 1)

/** Minutes of a stay for a draw in [0, 1): exponential, cut at both ends. */
export function stayMinutes({ meanStayMinutes, longestStayMinutes }: TrafficPattern, drawn: number): number {
  return Math.min(longestStayMinutes, Math.max(SHORTEST_STAY_MINUTES, -Math.log(1 - drawn) * meanStayMinutes))
}

/** Share of time that a bay is taken at this hour's rate. */
export function expectedOccupancy(pattern: TrafficPattern, time: LocalTime): number {
  const offered = arrivalsPerHour(pattern, time) * (pattern.meanStayMinutes / 60)
  return offered / (1 + offered)
}

/** A gateway's airtime over the sliding hour in sixty one-minute buckets: who may send now, and when the others may (LW-110 to LW-112). */
import type { Instant } from '../shared/instant'
import { reserveShareOf, type PriorityClass } from './priority-class'

const MINUTE_MS = 60_000
const BUCKETS = 60

/** Milliseconds used, by minute since the epoch. Plain data: it travels through Redis and workflow payloads. */
export interface AirtimeUse {
  readonly buckets: readonly { readonly minute: number; readonly ms: number }[]
}

export const NO_AIRTIME_USED: AirtimeUse = { buckets: [] }

/** Airtime charged or given back: `at` is when it was charged, also when it is given back. */
export interface AirtimeCharge {
  readonly at: Instant
  readonly ms: number
}

const minuteOf = (at: Instant): number => Math.floor(at / MINUTE_MS)

const withinHour = (use: AirtimeUse, now: Instant) => use.buckets.filter(({ minute }) => minute > minuteOf(now) - BUCKETS)

/** Milliseconds charged in the hour that ends now. */
export const usedAirtimeMs = (use: AirtimeUse, now: Instant): number => withinHour(use, now).reduce((sum, { ms }) => sum + ms, 0)

function add(use: AirtimeUse, { at, ms }: AirtimeCharge): AirtimeUse {
  const minute = minuteOf(at)
  const before = use.buckets.find((bucket) => bucket.minute === minute)?.ms ?? 0
  const others = use.buckets.filter((bucket) => bucket.minute !== minute)
  const buckets = [...others, { minute, ms: Math.max(0, before + ms) }].sort((a, b) => a.minute - b.minute)
  return { buckets: buckets.filter((bucket) => bucket.ms > 0) }
}

/** Charges a transmission and forgets what has left the hour. */
export const chargeAirtime = (use: AirtimeUse, charge: AirtimeCharge): AirtimeUse => add({ buckets: withinHour(use, charge.at) }, charge)

/** Takes a charge back: the frame was refused, expired, or went through another gateway (LW-111). */
export const giveBackAirtime = (use: AirtimeUse, { at, ms }: AirtimeCharge): AirtimeUse => add(use, { at, ms: -ms })

export interface AirtimeRequest {
  readonly use: AirtimeUse
  /** Null = no duty cycle here. */
  readonly budgetMs: number | null
  readonly costMs: number
  readonly priorityClass: PriorityClass
  readonly now: Instant
}

/** `nextAt`: the first instant at which the same request may be granted if nothing else is sent; null = it never fits. */
export type AirtimeGrant =
  { readonly granted: true; readonly use: AirtimeUse } | { readonly granted: false; readonly nextAt: Instant | null }

/** Grants and charges airtime, or says when to ask again; keeps the reserve of more urgent classes free (DOM-647). */
export function requestAirtime({ use, budgetMs, costMs, priorityClass, now }: AirtimeRequest): AirtimeGrant {
  const allowed = budgetMs === null ? Infinity : budgetMs * (1 - reserveShareOf(priorityClass))
  const excess = usedAirtimeMs(use, now) + costMs - allowed
  if (excess <= 0) return { granted: true, use: chargeAirtime(use, { at: now, ms: costMs }) }
  return { granted: false, nextAt: costMs > allowed ? null : releaseOf(withinHour(use, now), excess) }
}

/** When the oldest buckets that together hold `ms` have left the hour. */
function releaseOf(buckets: AirtimeUse['buckets'], ms: number): Instant | null {
  let released = 0
  for (const bucket of buckets) {
    released += bucket.ms
    if (released >= ms) return (bucket.minute + BUCKETS) * MINUTE_MS
  }
  return null
}

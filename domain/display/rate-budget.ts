/** Commands a minute of one tenant or one gateway: a bucket that refills evenly (DOM-643, DOM-644). */
import type { Instant } from '../shared/instant'
import { reserveShareOf, type PriorityClass } from './priority-class'

const MINUTE_MS = 60_000

/** DOM-644. */
export const GATEWAY_COMMANDS_PER_MINUTE = 30

/** How full the bucket was at an instant; null = never used, full. */
export interface RateUse {
  readonly tokens: number
  readonly at: Instant
}

export interface RateRequest {
  readonly use: RateUse | null
  /** Also the burst. */
  readonly perMinute: number
  readonly priorityClass: PriorityClass
  readonly now: Instant
}

export type RateGrant = { readonly granted: true; readonly use: RateUse } | { readonly granted: false; readonly nextAt: Instant | null }

/** Takes one command out of the bucket, or says when it may be taken; keeps the reserve of more urgent classes (DOM-647). */
export function requestCommand({ use, perMinute, priorityClass, now }: RateRequest): RateGrant {
  const tokens = use === null ? perMinute : Math.min(perMinute, use.tokens + (Math.max(0, now - use.at) * perMinute) / MINUTE_MS)
  const needed = 1 + perMinute * reserveShareOf(priorityClass)
  if (tokens >= needed) return { granted: true, use: { tokens: tokens - 1, at: now } }
  if (needed > perMinute) return { granted: false, nextAt: null }
  return { granted: false, nextAt: Math.ceil(now + ((needed - tokens) * MINUTE_MS) / perMinute) }
}

/** Puts one command back that was never sent. */
export const giveBackCommand = (use: RateUse, perMinute: number): RateUse => ({ ...use, tokens: Math.min(perMinute, use.tokens + 1) })

/** One vehicle's stay on a bay, from arrival to leaving, as the evidence tells it (DOM-260 … DOM-265). */
import type { Instant } from '../shared/instant'
import type { OccupancyValue } from './types'

export interface OpenSession {
  readonly startedAt: Instant
  /** Last instant at which the vehicle was heard of on the bay; null when nothing but the arrival is known. */
  readonly lastOccupiedAt: Instant | null
}

/** What evidence says now: `at` = `heard_at` of the reading, or the start of the statement. Null value = nobody to believe. */
export interface SessionEvidence {
  readonly source: 'sensor' | 'manual'
  readonly value: OccupancyValue | null
  readonly at: Instant
}

export interface SessionInput {
  readonly open: OpenSession | null
  readonly evidence: SessionEvidence
  /** There was no evidence for a while since the vehicle was last heard of: silence, suspicion or a gateway outage (DOM-261). */
  readonly wasInterrupted: boolean
  /** How late the model says *free*, in seconds; a person is not late. */
  readonly freeLagSeconds: number
}

export interface ClosingFields {
  readonly endedAt: Instant
  readonly endReason: 'evidence_lost' | null
  /** From here on nobody knows whether the vehicle was still there. */
  readonly endUncertainSince: Instant | null
  readonly confidence: 'certain' | 'uncertain'
}

export type SessionStep =
  | { readonly kind: 'none' }
  | { readonly kind: 'continue' }
  | { readonly kind: 'open'; readonly startedAt: Instant; readonly source: 'sensor' | 'manual' }
  | ({ readonly kind: 'close' } & ClosingFields)

/** Occupied opens, free closes, nothing heard changes nothing. Overrides and rights are no evidence and never come here (DOM-262). */
export function followSession(input: SessionInput): SessionStep {
  const { open, evidence } = input
  if (open === null) {
    return evidence.value === 'occupied' ? { kind: 'open', startedAt: evidence.at, source: evidence.source } : { kind: 'none' }
  }
  return evidence.value === 'free' ? { kind: 'close', ...leave(open, input) } : { kind: 'continue' }
}

/** The sensor was unassigned, swapped or retired: the stay ends on paper, and says how little is known of it (DOM-262). */
export function closeWithoutEvidence(open: OpenSession, at: Instant): ClosingFields {
  return { endedAt: at, endReason: 'evidence_lost', endUncertainSince: lastKnown(open), confidence: 'uncertain' }
}

function leave(open: OpenSession, { evidence, wasInterrupted, freeLagSeconds }: SessionInput): ClosingFields {
  const lagMs = evidence.source === 'sensor' ? freeLagSeconds * 1_000 : 0
  const endedAt = Math.max(evidence.at - lagMs, open.startedAt)
  return {
    endedAt,
    endReason: null,
    endUncertainSince: wasInterrupted ? lastKnown(open) : null,
    confidence: wasInterrupted ? 'uncertain' : 'certain',
  }
}

function lastKnown({ startedAt, lastOccupiedAt }: OpenSession): Instant {
  return Math.max(startedAt, lastOccupiedAt ?? startedAt)
}

/** Shorter than this is a car that turned round, not a stay (DOM-263). */
const BRIEF_MS = 60_000

export function isBrief(startedAt: Instant, endedAt: Instant): boolean {
  return endedAt - startedAt < BRIEF_MS
}

/** When a stay past its own right becomes an overstay; null when the tenant switched the alert off (DOM-265). */
export function overstayAt(rightEnd: Instant, overstayAlertMinutes: number): Instant | null {
  return overstayAlertMinutes > 0 ? rightEnd + overstayAlertMinutes * 60_000 : null
}

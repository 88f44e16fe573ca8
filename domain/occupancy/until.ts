/** When the answer may change although nothing new is heard (DOM-240 … DOM-242). */
import type { PolicyBody } from '../display/policy'
import type { Instant } from '../shared/instant'
import { weighEvidence } from './evidence'
import type { Facts, UntilCause } from './types'

interface Candidate {
  readonly at: Instant
  readonly cause: UntilCause
}

export interface NextLook {
  readonly until: Instant | null
  readonly untilCause: UntilCause | null
  readonly nextExact: Instant | null
}

/** The earlier in this list wins a tie. */
const CAUSES: readonly UntilCause[] = ['right', 'override', 'liveness']

export function findNextLook(facts: Facts, policy: PolicyBody, now: Instant): NextLook {
  const ahead = collectCandidates(facts, policy, now).filter((candidate) => candidate.at > now && Number.isFinite(candidate.at))
  ahead.sort((a, b) => a.at - b.at || CAUSES.indexOf(a.cause) - CAUSES.indexOf(b.cause))
  return {
    until: ahead[0]?.at ?? null,
    untilCause: ahead[0]?.cause ?? null,
    nextExact: ahead.find((candidate) => candidate.cause !== 'liveness')?.at ?? null,
  }
}

function collectCandidates(facts: Facts, policy: PolicyBody, now: Instant): Candidate[] {
  const notice = policy.reserved_soon_seconds * 1_000
  return [
    ...facts.rights.flatMap((right) => of('right', right.start - notice, right.start, right.end, right.holdExpiresAt)),
    ...facts.overrides.flatMap((override) => of('override', override.startsAt, override.endsAt)),
    ...of('liveness', silenceAhead(facts, policy, now), facts.sensor?.suspect?.clearsAt ?? null),
  ]
}

function silenceAhead(facts: Facts, policy: PolicyBody, now: Instant): Instant | null {
  const evidence = weighEvidence(facts, policy, now)
  return evidence.source === 'sensor' ? evidence.sensor.silentAt : null
}

const of = (cause: UntilCause, ...instants: readonly (Instant | null)[]): Candidate[] =>
  instants.flatMap((at) => (at === null ? [] : [{ at, cause }]))

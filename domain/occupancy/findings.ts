/** Everything the rules ask about, found once: which facts hold at this instant (domain.md § 2.2). */
import type { PolicyBody } from '../display/policy'
import type { Instant } from '../shared/instant'
import { weighEvidence, weighSensor, type Evidence, type SensorEvidence } from './evidence'
import { overridesInForce, statementsInForce } from './overrides'
import { lapsedHolds, rightsCovering, rightsStartingSoon } from './rights'
import type { Facts, OverrideFact, RightFact } from './types'

/** Lists are ordered: the first speaks, the others only stand beside it. */
export interface Findings {
  readonly outOfService: readonly OverrideFact[]
  readonly blocked: readonly OverrideFact[]
  readonly statements: readonly OverrideFact[]
  readonly evidence: Evidence
  /** The sensor's own word, also while a statement speaks over it. */
  readonly sensor: SensorEvidence
  readonly covering: readonly RightFact[]
  readonly soon: readonly RightFact[]
  readonly lapsedHolds: readonly RightFact[]
}

export function examineFacts(facts: Facts, policy: PolicyBody, now: Instant): Findings {
  return {
    outOfService: overridesInForce(facts, 'out_of_service', now),
    blocked: overridesInForce(facts, 'blocked', now),
    statements: statementsInForce(facts, now),
    evidence: weighEvidence(facts, policy, now),
    sensor: weighSensor(facts.sensor, policy, now),
    covering: rightsCovering(facts.rights, now),
    soon: rightsStartingSoon(facts.rights, now, policy.reserved_soon_seconds),
    lapsedHolds: lapsedHolds(facts.rights, now),
  }
}

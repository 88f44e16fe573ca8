/** The heart of the product: what a bay's state is, what its light should show, why, and until when (D-31, DOM-201). */
import type { EffectivePolicy } from '../display/policy'
import type { Instant } from '../shared/instant'
import { explainDecision } from './because'
import { chooseDisplay } from './display'
import { examineFacts } from './findings'
import { applyRules } from './rules'
import type { Decision, Facts } from './types'
import { findNextLook } from './until'

/**
 * Pure and total: no clock, no I/O, no throw, no mutation. `now` is the database's clock in milliseconds (DOM-205).
 * The first rule that holds gives state and reason; the policy's ranking picks what the light shows of all that is true (DOM-228).
 */
export function decide(facts: Facts, policy: EffectivePolicy, now: Instant): Decision {
  const findings = examineFacts(facts, policy.body, now)
  const holding = applyRules(findings)
  const display = chooseDisplay(holding, findings, policy)
  const [{ rule, reason }] = holding
  return {
    state: rule.state,
    reason,
    display,
    because: explainDecision({ facts, findings, holding, display, policy, now }),
    ...findNextLook(facts, policy.body, now),
  }
}

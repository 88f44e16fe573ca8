/** From what is true to what the light of the bay should show (DOM-228, DOM-303, DOM-309). */
import { rankSituation } from '../display/rank'
import type { EffectivePolicy, Situation } from '../display/policy'
import type { Findings } from './findings'
import type { HoldingRules } from './rules'
import type { DecidedDisplay, OccupancyValue } from './types'

/** `holding` is every rule that holds, the winner first. */
export function chooseDisplay(holding: HoldingRules, findings: Findings, policy: EffectivePolicy): DecidedDisplay {
  const kept = keptValue(holding, findings, policy)
  const situation = kept ?? rankSituation(policy.body.ranking, trueSituations(holding, findings))
  const { color, pattern, brightness_percent } = policy.body.looks[situation]
  return { situation, color, pattern, brightnessPercent: brightness_percent, policyId: policy.policyId, policyVersion: policy.version }
}

/** While a bay is unknown for silence or blindness, a policy may let its light, never its state, keep the last value (DOM-309). */
export function keptValue(holding: HoldingRules, { sensor }: Findings, { body }: EffectivePolicy): OccupancyValue | null {
  const reason = holding[0].reason
  const isUnheard = reason === 'sensor_silent' || reason === 'gateway_down'
  return isUnheard && body.unknown_as === 'last_known' ? (sensor.sensor?.value ?? null) : null
}

function trueSituations(holding: HoldingRules, findings: Findings): ReadonlySet<Situation> {
  return new Set<Situation>(['unknown', ...holding.map(({ rule }) => rule.situation(findings))])
}

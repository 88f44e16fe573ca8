/** The rules of a bay, highest first (DOM-220 … DOM-227): this table is why a bay is red. */
import type { Situation } from '../display/policy'
import type { Evidence } from './evidence'
import type { Findings } from './findings'
import type { DecisionReason, SpaceState } from './types'

export type RuleId = 'DOM-220' | 'DOM-222' | 'DOM-223' | 'DOM-224' | 'DOM-225' | 'DOM-226' | 'DOM-227'

export interface Rule {
  readonly id: RuleId
  readonly state: SpaceState
  /** The reason it gives when it holds, else null. */
  readonly reason: (findings: Findings) => DecisionReason | null
  /** What a light could show once it holds. */
  readonly situation: (findings: Findings) => Situation
}

export const RULES: readonly Rule[] = [
  {
    id: 'DOM-220',
    state: 'maintenance',
    reason: ({ outOfService }) => (outOfService.length > 0 ? 'out_of_service' : null),
    situation: () => 'out_of_service',
  },
  { id: 'DOM-222', state: 'maintenance', reason: ({ blocked }) => (blocked.length > 0 ? 'blocked' : null), situation: () => 'blocked' },
  { id: 'DOM-223', state: 'occupied', reason: ({ evidence }) => saidBy(evidence, 'occupied'), situation: () => 'occupied' },
  { id: 'DOM-224', state: 'reserved', reason: ({ covering }) => (covering.length > 0 ? 'reserved' : null), situation: () => 'reserved' },
  { id: 'DOM-225', state: 'reserved', reason: ({ soon }) => (soon.length > 0 ? 'soon' : null), situation: () => 'reserved_soon' },
  { id: 'DOM-226', state: 'free', reason: ({ evidence }) => saidBy(evidence, 'free'), situation: () => 'free' },
  {
    id: 'DOM-227',
    state: 'unknown',
    reason: ({ evidence }) => (evidence.value === null ? evidence.why : null),
    situation: ({ evidence }) => (evidence.value === null && evidence.why === 'sensor_suspect' ? 'error' : 'unknown'),
  },
]

export interface RuleOutcome {
  readonly rule: Rule
  readonly reason: DecisionReason
}

/** The winner first, then every other rule that holds. */
export type HoldingRules = readonly [RuleOutcome, ...RuleOutcome[]]

/** Every rule that holds, in rank order; never empty, since evidence says occupied, free or nothing (DOM-223, DOM-226, DOM-227). */
export function applyRules(findings: Findings): HoldingRules {
  const holding = RULES.flatMap((rule) => {
    const reason = rule.reason(findings)
    return reason === null ? [] : [{ rule, reason }]
  })
  return holding as unknown as HoldingRules // one of the last rules named above always holds
}

function saidBy<V extends 'occupied' | 'free'>(evidence: Evidence, value: V): `sensor_${V}` | `manual_${V}` | null {
  if (evidence.value !== value) return null
  return `${evidence.source}_${value}`
}

/** Why: the fact that made the winning rule true, what supports it, then the facts it overruled, last the policy (DOM-245). */
import type { EffectivePolicy } from '../display/policy'
import { assertNever } from '../shared/assert-never'
import type { Instant } from '../shared/instant'
import {
  absenceCard,
  gatewayCard,
  heardCard,
  overrideCard,
  policyCard,
  readingCard,
  rightCard,
  silentCard,
  statementCard,
  suspectCard,
} from './cards'
import { keptValue } from './display'
import type { DoubtedEvidence, SensorEvidence } from './evidence'
import type { Findings } from './findings'
import type { HoldingRules, RuleId } from './rules'
import type { Card, DecidedDisplay, Facts } from './types'

interface DecisionToExplain {
  readonly facts: Facts
  readonly findings: Findings
  readonly holding: HoldingRules
  readonly display: DecidedDisplay
  readonly policy: EffectivePolicy
  readonly now: Instant
}

/** The cards about one fact, and the rules that it can make true. */
interface Section {
  readonly rules: readonly RuleId[]
  /** Used when one of `rules` wins. */
  readonly deciding: readonly Card[]
  /** Never used, but true: facts that stand beside or behind the deciding one. */
  readonly beside: readonly Card[]
}

/** Never empty: the policy card is always there. Together the cards cite every fact that bears on state and light (DOM-247). */
export function explainDecision(decision: DecisionToExplain): readonly Card[] {
  const winner = decision.holding[0].rule.id
  const sections = describeFacts(decision)
  const winning = sections.filter(({ rules }) => rules.includes(winner))
  const overruled = sections.filter(({ rules }) => !rules.includes(winner))
  return [
    ...winning.flatMap(({ deciding }) => deciding.map((card) => ({ ...card, used: true }))),
    ...winning.flatMap(({ beside }) => beside),
    ...overruled.flatMap(({ deciding, beside }) => [...deciding, ...beside]).filter((card) => card.kind !== 'absence'),
    policyCard(decision.policy, decision.display),
  ]
}

/** Every fact in force, by the rank of the rules that it serves. */
function describeFacts(decision: DecisionToExplain): readonly Section[] {
  const { outOfService, blocked, covering, soon, lapsedHolds } = decision.findings
  return [
    speaker(['DOM-220'], outOfService.map(overrideCard)),
    speaker(['DOM-222'], blocked.map(overrideCard)),
    describeEvidence(decision),
    speaker(
      ['DOM-224'],
      covering.map((right) => rightCard('right_covers_now', right)),
    ),
    speaker(
      ['DOM-225'],
      soon.map((right) => rightCard('right_starts_soon', right)),
    ),
    { rules: [], deciding: [], beside: lapsedHolds.map((right) => rightCard('hold_ran_out', right)) },
  ]
}

/** Of several like facts the first speaks. */
function speaker(rules: readonly RuleId[], cards: readonly Card[]): Section {
  return { rules, deciding: cards.slice(0, 1), beside: cards.slice(1) }
}

const EVIDENCE_RULES: readonly RuleId[] = ['DOM-223', 'DOM-226', 'DOM-227']

function describeEvidence(decision: DecisionToExplain): Section {
  const { evidence, sensor, statements } = decision.findings
  const heard = describeSensor(sensor, decision)
  if (evidence.source !== 'manual') return { rules: EVIDENCE_RULES, ...heard }
  const [deciding, ...older] = statements.map(statementCard)
  const overSensor = [...heard.deciding, ...heard.beside].filter((card) => card.kind !== 'absence')
  return { rules: EVIDENCE_RULES, deciding: deciding ? [deciding] : [], beside: [...older, ...overSensor] }
}

function describeSensor(evidence: SensorEvidence, decision: DecisionToExplain): Omit<Section, 'rules'> {
  if (evidence.source === 'sensor') {
    return { deciding: [readingCard(evidence.sensor), heardCard(evidence.sensor, decision.now)], beside: [] }
  }
  if (evidence.source === 'absent') {
    return { deciding: [absenceCard(evidence.why, evidence.sensor, decision.facts.spaceId)], beside: [] }
  }
  const doubts = describeDoubt(evidence)
  const reading = [readingCard(evidence.sensor)]
  const isKept = keptValue(decision.holding, decision.findings, decision.policy) !== null
  return isKept ? { deciding: [...doubts, ...reading], beside: [] } : { deciding: doubts, beside: reading }
}

/** Why a sensor that has spoken is not believed. */
function describeDoubt({ why, sensor }: DoubtedEvidence): readonly Card[] {
  switch (why) {
    case 'sensor_suspect':
      return sensor.suspect ? [suspectCard(sensor, sensor.suspect)] : []
    case 'gateway_down':
      return sensor.gateways.map(gatewayCard)
    case 'sensor_silent':
      return [silentCard(sensor)]
    default:
      return assertNever(why)
  }
}

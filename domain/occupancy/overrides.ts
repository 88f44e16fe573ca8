/** Which of the operators' words about a space count now (DOM-210, DOM-229). */
import type { Instant } from '../shared/instant'
import type { Facts, OccupancyValue, OverrideFact, OverrideKind, SensorFacts } from './types'

type Statement = OverrideFact & { readonly kind: OccupancyValue }

/** Overrides of one kind in force, the one that speaks first: it started last. */
export function overridesInForce(facts: Facts, kind: OverrideKind, now: Instant): readonly OverrideFact[] {
  return facts.overrides.filter((override) => override.kind === kind && isInForce(override, facts.sensor, now)).sort(byLastWord)
}

/** Statements `occupied` and `free` in force, the newest first: of two opposite ones the later word counts. */
export function statementsInForce(facts: Facts, now: Instant): readonly Statement[] {
  return facts.overrides
    .filter(isStatement)
    .filter((statement) => isInForce(statement, facts.sensor, now))
    .sort(byLastWord)
}

export function statementInForce(facts: Facts, now: Instant): Statement | null {
  return statementsInForce(facts, now)[0] ?? null
}

function isStatement(override: OverrideFact): override is Statement {
  return override.kind === 'occupied' || override.kind === 'free'
}

function isInForce(override: OverrideFact, sensor: SensorFacts | null, now: Instant): boolean {
  const covers = override.startsAt <= now && (override.endsAt === null || now < override.endsAt)
  return covers && !(isStatement(override) && hasSpokenSince(sensor, override.startsAt))
}

/** The next newer fresh reading ends a statement at once (DOM-266); readings of an unusable sensor change nothing (DOM-204). */
function hasSpokenSince(sensor: SensorFacts | null, startsAt: Instant): boolean {
  return sensor !== null && sensor.usable && sensor.value !== null && sensor.valueHeardAt !== null && sensor.valueHeardAt > startsAt
}

/** Started last first; ids are UUIDv7, so the greater one was said later. */
function byLastWord(a: OverrideFact, b: OverrideFact): number {
  return b.startsAt - a.startsAt || (a.id < b.id ? 1 : -1)
}

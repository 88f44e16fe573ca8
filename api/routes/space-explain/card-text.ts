/** One plain English sentence per card, made from the card alone (DOM-245, UI: the console has its own in two languages). */
import { presentEui } from '#domain/shared/eui'
import type { Card } from './cards'

interface Teller {
  readonly card: Card
  readonly euiOf: (deviceId: string) => string
}

type Evidence = Card['evidence']

const text = (evidence: Evidence, member: string): string =>
  evidence[member] === null || evidence[member] === undefined ? '?' : String(evidence[member])
const untilOf = (end: unknown): string => (end === null || end === undefined ? 'until it is lifted' : `until ${String(end)}`)
const sensor = ({ card, euiOf }: Teller): string => euiOf(text(card.evidence, 'device_id'))

/** Heard that long ago, by the card's own instants. */
function silenceSeconds({ at, evidence }: Card): string {
  const heardAt = Date.parse(text(evidence, 'last_heard_at'))
  return Number.isNaN(heardAt) || at === null ? '?' : String(Math.max(0, Math.round((Date.parse(at) - heardAt) / 1000)))
}

const SENTENCES: Readonly<Record<string, (teller: Teller) => string>> = {
  override_in_force: ({ card: { evidence } }) =>
    `An operator ${evidence['kind'] === 'out_of_service' ? 'took the space out of service' : 'blocked the space'} ${untilOf(evidence['ends_at'])}.`,
  newest_valid_reading: (teller) =>
    `Sensor ${sensor(teller)} reported ${teller.card.evidence['value'] === 'occupied' ? 'a vehicle' : 'no vehicle'}.`,
  manual_statement: ({ card: { evidence } }) => `An operator said it is ${text(evidence, 'value')}, valid ${untilOf(evidence['ends_at'])}.`,
  heard_within: ({ card }) =>
    `Heard ${silenceSeconds(card)} s ago; this model may be silent for ${text(card.evidence, 'limit_seconds')} s in that state.`,
  silent_too_long: ({ card }) =>
    `Not heard for ${silenceSeconds(card)} s; this model may be silent for ${text(card.evidence, 'limit_seconds')} s in that state.`,
  right_covers_now: ({ card: { evidence } }) =>
    `A reservation (${text(evidence, 'status')}) covers now, from ${text(evidence, 'start')} to ${text(evidence, 'end')}.`,
  right_starts_soon: ({ card: { evidence } }) => `A reservation (${text(evidence, 'status')}) starts at ${text(evidence, 'start')}.`,
  hold_ran_out: ({ card: { evidence } }) => `A hold from ${text(evidence, 'start')} to ${text(evidence, 'end')} has run out.`,
  flips_per_hour: ({ card: { evidence } }) =>
    `The sensor changed its mind ${text(evidence, 'changes_last_hour')} times within an hour and is not believed before ${text(evidence, 'clears_at')}.`,
  all_gateways_offline: ({ card: { evidence, ref } }) =>
    `Gateway ${presentEui(ref?.id ?? '?')} is ${text(evidence, 'state')} since ${text(evidence, 'since')}.`,
  no_sensor: () => 'No sensor that may speak hangs at this space.',
  never_heard: () => 'The sensor has not been heard since it was assigned.',
  rank: ({ card: { evidence } }) => policySentence(evidence),
  v5: ({ card: { evidence } }) => `Imported from the earlier version (${text(evidence, 'source')}).`,
}

function policySentence(evidence: Evidence): string {
  const isDefault = evidence['scope'] === 'default' || evidence['policy_version'] === 0
  const whose = isDefault ? 'Default policy' : `Policy of the ${text(evidence, 'scope')}, version ${text(evidence, 'policy_version')}`
  return `${whose}: ${text(evidence, 'situation').replaceAll('_', ' ')} is ${text(evidence, 'color')} ${text(evidence, 'pattern').replaceAll('_', ' ')}.`
}

/** A rule that this version does not know is told by its name, never hidden. */
export function sentenceOf(teller: Teller): string {
  return SENTENCES[teller.card.rule]?.(teller) ?? `${teller.card.kind}: ${teller.card.rule}.`
}

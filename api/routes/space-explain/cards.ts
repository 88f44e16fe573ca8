/** Stored cards as answers show them: in their order, with a sentence, EUIs in capitals; nothing is computed anew (DOM-246). */
import { presentEui } from '#domain/shared/eui'
import { toIso } from '#domain/shared/instant'
import type { Repositories } from '../shared/repositories'
import { sentenceOf } from './card-text'

export type TransitionRow = NonNullable<Awaited<ReturnType<Repositories['transitions']['inForce']>>>
type StoredCard = TransitionRow['because'][number]

export interface Card extends Omit<StoredCard, 'at'> {
  /** ISO 8601. */
  readonly at: string | null
}

/** Names that the reader may see for the ids in the cards. */
export type EuiById = ReadonlyMap<string, string>

export function presentCards(because: readonly StoredCard[], euis: EuiById) {
  const euiOf = (deviceId: string) => presentEui(euis.get(deviceId) ?? deviceId)
  return because.map(normalise).map((card, index) => ({
    order: index + 1,
    kind: card.kind,
    rule: card.rule,
    used: card.used,
    text: sentenceOf({ card, euiOf }),
    at: card.at,
    ref: card.ref,
    evidence: card.evidence,
  }))
}

function normalise({ at, evidence, ...card }: StoredCard): Card {
  const { gateway_id: gatewayId } = evidence
  const shown = typeof gatewayId === 'string' ? { ...evidence, gateway_id: presentEui(gatewayId) } : evidence
  return { ...card, at: typeof at === 'number' ? toIso(at) : at, evidence: shown }
}

/** The devices that cards speak of. */
export function devicesIn(transitions: readonly TransitionRow[]): string[] {
  const ids = transitions.flatMap(({ because }) => because.map(({ evidence }) => evidence['device_id']))
  return [...new Set(ids.filter((id): id is string => typeof id === 'string'))]
}

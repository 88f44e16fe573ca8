/** One builder per card of DOM-245. A card is born unused; `because.ts` knows which of them carried the decision. */
import type { EffectivePolicy } from '../display/policy'
import { toIso, type Instant } from '../shared/instant'
import type { SpeakingSensor } from './evidence'
import type { Card, CardRule, DecidedDisplay, OverrideFact, ReadingRef, RightFact, SensorFacts, ServingGateway, SuspectFact } from './types'

export function overrideCard(override: OverrideFact): Card {
  const { id, kind, startsAt, endsAt, by } = override
  const evidence = { kind, starts_at: isoOf(startsAt), ends_at: isoOf(endsAt), by }
  return { kind: 'override', rule: 'override_in_force', used: false, at: isoOf(startsAt), ref: { type: 'override', id }, evidence }
}

export function statementCard({ id, kind, startsAt, endsAt, by }: OverrideFact): Card {
  const evidence = { value: kind, ends_at: isoOf(endsAt), by }
  return { kind: 'observation', rule: 'manual_statement', used: false, at: isoOf(startsAt), ref: { type: 'override', id }, evidence }
}

export function readingCard({ deviceId, value, valueHeardAt, readingRef }: SpeakingSensor): Card {
  return {
    kind: 'observation',
    rule: 'newest_valid_reading',
    used: false,
    at: isoOf(valueHeardAt),
    ref: readingRef && { type: 'reading', id: readingRef.id },
    evidence: { device_id: deviceId, value, ...describeReception(readingRef) },
  }
}

function describeReception(reading: ReadingRef | null): Card['evidence'] {
  if (reading === null) return { f_cnt: null, rssi_dbm: null, snr_db: null, gateway_id: null, deduplication_id: null }
  const { fCnt, rssiDbm, snrDb, gatewayId, deduplicationId } = reading
  return { f_cnt: fCnt, rssi_dbm: rssiDbm, snr_db: snrDb, gateway_id: gatewayId, deduplication_id: deduplicationId }
}

/** The window kept at the moment of the decision. */
export function heardCard(sensor: SpeakingSensor, now: Instant): Card {
  return freshnessCard(sensor, 'heard_within', now)
}

/** The window run out, at the instant it did. */
export function silentCard(sensor: SpeakingSensor): Card {
  return freshnessCard(sensor, 'silent_too_long', sensor.silentAt)
}

function freshnessCard({ deviceId, model, limitSeconds, lastHeardAt }: SpeakingSensor, rule: CardRule, at: Instant): Card {
  const evidence = { model, limit_seconds: limitSeconds, last_heard_at: isoOf(lastHeardAt) }
  return { kind: 'freshness', rule, used: false, at: isoOf(at), ref: { type: 'device', id: deviceId }, evidence }
}

export function suspectCard({ deviceId }: SensorFacts, { since, changesLastHour, clearsAt }: SuspectFact): Card {
  const evidence = { changes_last_hour: changesLastHour, since: isoOf(since), clears_at: isoOf(clearsAt) }
  return { kind: 'suspect', rule: 'flips_per_hour', used: false, at: isoOf(since), ref: { type: 'device', id: deviceId }, evidence }
}

export function gatewayCard({ id, state, since }: ServingGateway): Card {
  const evidence = { state, since: isoOf(since) }
  return { kind: 'gateway', rule: 'all_gateways_offline', used: false, at: isoOf(since), ref: { type: 'gateway', id }, evidence }
}

/** Nobody to ask: about the device when there is one, else about the space. `since` is the assignment, if known. */
export function absenceCard(why: 'no_sensor' | 'never_heard', sensor: SensorFacts | null, spaceId: string | undefined): Card {
  const since = isoOf(sensor?.assignedAt ?? null)
  const space = spaceId === undefined ? null : ({ type: 'space', id: spaceId } as const)
  const ref = sensor ? ({ type: 'device', id: sensor.deviceId } as const) : space
  return { kind: 'absence', rule: why, used: false, at: since, ref, evidence: { since } }
}

export function rightCard(rule: 'right_covers_now' | 'right_starts_soon' | 'hold_ran_out', right: RightFact): Card {
  const at = isoOf(rule === 'hold_ran_out' ? right.holdExpiresAt : right.start)
  const evidence = { status: right.status, start: isoOf(right.start), end: isoOf(right.end) }
  return { kind: 'right', rule, used: false, at, ref: { type: 'reservation', id: right.id }, evidence }
}

/** The ranking that chose the light; always the last card and always used. */
export function policyCard({ policyId, version, scope }: EffectivePolicy, { situation, color, pattern }: DecidedDisplay): Card {
  const ref = policyId === null ? null : ({ type: 'policy', id: policyId } as const)
  return {
    kind: 'policy',
    rule: 'rank',
    used: true,
    at: null,
    ref,
    evidence: { policy_version: version, scope, situation, color, pattern },
  }
}

/** The farthest instant that a date can be (ECMA-262); beyond it there is no spelling, and `decide` must not throw. */
const LAST_INSTANT = 8_640_000_000_000_000

function isoOf(instant: Instant | null): string | null {
  return instant !== null && Math.abs(instant) <= LAST_INSTANT ? toIso(instant) : null
}

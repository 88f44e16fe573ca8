/** From stored rows to what `decide` looks at, at the present and at each moment that a batch would have swallowed (DOM-202, DOM-922). */
import { freshnessWindow } from '#domain/device/freshness'
import { choosePolicy } from '#domain/display/precedence'
import type { EffectivePolicy } from '#domain/display/policy'
import { describeSensor, type SensorRecord } from '#domain/occupancy/sensor-facts'
import type { Facts } from '#domain/occupancy/types'
import type { Instant } from '#domain/shared/instant'
import type { SensorFact } from '#domain/shared/outbox'
import type { LockedSpace, StoredFacts } from '../repositories/projection.repository'

/** One instant to decide at. `valueFact`: the change of value that makes it one, if any. */
export interface Moment {
  readonly now: Instant
  readonly facts: Facts
  readonly valueFact: SensorFact | null
}

export interface Scene {
  readonly space: LockedSpace
  readonly stored: StoredFacts
  readonly policy: EffectivePolicy
  /** Facts of the bay's present sensor that no projection has taken yet, oldest first. */
  readonly pending: readonly SensorFact[]
  /** Every change of value before the last, then the present: each becomes a transition of its own. */
  readonly moments: readonly Moment[]
}

export function setScene(space: LockedSpace, stored: StoredFacts): Scene {
  const record = recordOf(space, stored)
  const pending = (stored.outbox?.facts ?? []).filter((fact) => fact.deviceId === space.sensorDeviceId)
  const valueFacts = pending.filter(isChange)
  const earlier = valueFacts.slice(0, -1).map((fact) => earlierMoment(space, stored, { record, fact }))
  const present: Moment = {
    now: stored.now,
    facts: factsOf(space, stored, record === null ? null : describeSensor(record, stored.now)),
    valueFact: valueFacts.at(-1) ?? null,
  }
  return { space, stored, policy: choosePolicy(stored.publishedPolicies), pending, moments: [...earlier, present] }
}

const isChange = ({ kind }: SensorFact) => kind === 'value' || kind === 'first_value'

function factsOf(space: LockedSpace, stored: StoredFacts, sensor: Facts['sensor']): Facts {
  return { spaceId: space.spaceId, overrides: stored.overrides, rights: stored.rights, sensor }
}

/** Of a sensor that was never heard. */
const UNHEARD = { lastHeardAt: null, value: null, valueHeardAt: null, flips: [], suspectSince: null } as const

function recordOf({ sensorDeviceId, cursor }: LockedSpace, { sensor, readingRef, gateways }: StoredFacts): SensorRecord | null {
  if (sensorDeviceId === null || sensor === null) return null
  const { enabled, lifecycle, assignedAt, config } = sensor
  const model = sensor.model ?? ''
  const { lastHeardAt, value, valueHeardAt, flips, suspectSince } = cursor ?? UNHEARD
  const heard = { lastHeardAt, value, valueHeardAt, flips, suspectSince, readingRef, gateways }
  return { deviceId: sensorDeviceId, model, enabled, lifecycle, assignedAt, window: freshnessWindow({ model, config }), ...heard }
}

/** As the sensor stood when that frame was heard: believed then, since it spoke then. */
function earlierMoment(space: LockedSpace, stored: StoredFacts, of: { record: SensorRecord | null; fact: SensorFact }): Moment {
  const { record, fact } = of
  const then = record && {
    ...record,
    value: fact.value,
    valueHeardAt: fact.heardAt,
    lastHeardAt: fact.heardAt,
    suspectSince: record.suspectSince !== null && record.suspectSince <= fact.heardAt ? record.suspectSince : null,
    readingRef: { id: fact.readingId, fCnt: null, rssiDbm: null, snrDb: null, gatewayId: null, deduplicationId: null },
    gateways: [],
  }
  return { now: fact.heardAt, facts: factsOf(space, stored, then && describeSensor(then, fact.heardAt)), valueFact: fact }
}

/** What is known about a vehicle on the bay, and from whom: a person's statement, the sensor, or nobody and why (DOM-213). */
import type { FreshnessWindow } from '../device/freshness'
import type { PolicyBody } from '../display/policy'
import type { Instant } from '../shared/instant'
import { statementInForce } from './overrides'
import type { Facts, NoEvidenceReason, OccupancyValue, OverrideFact, SensorFacts } from './types'

/** A sensor that has said something since it was assigned. */
export interface SpeakingSensor extends SensorFacts {
  readonly value: OccupancyValue
  readonly lastHeardAt: Instant
  /** Seconds after `lastHeardAt` for which `value` is believed under the policy in force. */
  readonly limitSeconds: number
  /** `lastHeardAt + limitSeconds`: the first instant at which it counts as silent. */
  readonly silentAt: Instant
}

/** Nobody to ask: no usable sensor, or one that has not spoken yet. */
export interface AbsentEvidence {
  readonly source: 'absent'
  readonly value: null
  readonly why: Extract<NoEvidenceReason, 'no_sensor' | 'never_heard'>
  readonly sensor: SensorFacts | null
}

/** A sensor that has spoken and is not believed. */
export interface DoubtedEvidence {
  readonly source: 'doubted'
  readonly value: null
  readonly why: Exclude<NoEvidenceReason, 'no_sensor' | 'never_heard'>
  readonly sensor: SpeakingSensor
}

export interface HeardEvidence {
  readonly source: 'sensor'
  readonly value: OccupancyValue
  readonly sensor: SpeakingSensor
}

export interface ManualEvidence {
  readonly source: 'manual'
  readonly value: OccupancyValue
  readonly statement: OverrideFact
}

export type SensorEvidence = HeardEvidence | AbsentEvidence | DoubtedEvidence
export type Evidence = SensorEvidence | ManualEvidence

/** The first that applies: a statement in force, else what the sensor may be believed. */
export function weighEvidence(facts: Facts, policy: PolicyBody, now: Instant): Evidence {
  const statement = statementInForce(facts, now)
  if (statement) return { source: 'manual', value: statement.kind, statement }
  return weighSensor(facts.sensor, policy, now)
}

/** The sensor's word alone, whatever a person said. The order of doubts is that of DOM-213. */
export function weighSensor(sensor: SensorFacts | null, policy: PolicyBody, now: Instant): SensorEvidence {
  if (!sensor?.usable) return { source: 'absent', value: null, why: 'no_sensor', sensor }
  const speaking = listen(sensor, policy)
  if (!speaking) return { source: 'absent', value: null, why: 'never_heard', sensor }
  const why = doubt(speaking, now)
  return why ? { source: 'doubted', value: null, why, sensor: speaking } : { source: 'sensor', value: speaking.value, sensor: speaking }
}

/** Window for a value, in seconds: the policy's floor lengthens a shorter one and never shortens (DOM-306). */
function freshnessLimitSeconds(window: FreshnessWindow, value: OccupancyValue, policy: PolicyBody): number {
  return Math.max(value === 'occupied' ? window.occupiedSeconds : window.freeSeconds, policy.sensor_timeout_floor_seconds)
}

function listen(sensor: SensorFacts, policy: PolicyBody): SpeakingSensor | null {
  const lastHeardAt = sensor.lastHeardAt ?? sensor.valueHeardAt
  if (sensor.value === null || lastHeardAt === null) return null
  const limitSeconds = freshnessLimitSeconds(sensor.window, sensor.value, policy)
  return { ...sensor, value: sensor.value, lastHeardAt, limitSeconds, silentAt: lastHeardAt + limitSeconds * 1_000 }
}

function doubt(sensor: SpeakingSensor, now: Instant): DoubtedEvidence['why'] | null {
  if (sensor.suspect && now < sensor.suspect.clearsAt) return 'sensor_suspect'
  if (isBlind(sensor)) return 'gateway_down'
  return now >= sensor.silentAt ? 'sensor_silent' : null
}

/** All serving gateways are known to be offline. None known, or one that was never seen, is no such knowledge. */
function isBlind({ gateways }: SensorFacts): boolean {
  return gateways.length > 0 && gateways.every((gateway) => gateway.state === 'offline')
}

/** Alerts about the bay's own sensor, opened and closed where their cause is seen: silent, suspect, low battery (DOM-231, DOM-235, DOM-927). */
import { LOW_READINGS_IN_A_ROW } from '#domain/device/battery'
import { weighSensor, type SensorEvidence } from '#domain/occupancy/evidence'
import { statementInForce } from '#domain/occupancy/overrides'
import { toIso } from '#domain/shared/instant'
import type { FeedEvent } from '#domain/shared/outbox'
import { presentDeviceStatus } from '../event-presenters'
import type { TenantRepositories } from '../repositories'
import type { StreamCursor } from '../repositories/ingest-cursor.repository'
import type { LockedSpace, SensorRow } from '../repositories/projection.repository'
import type { Moment, Scene } from './scene'

interface SensorAlert {
  readonly kind: 'sensor_silent' | 'sensor_suspect' | 'battery_low'
  /** Null = this look says nothing about it. */
  readonly isDue: boolean | null
  readonly evidence: Readonly<Record<string, unknown>>
}

/** The present sensor of the bay as one projection sees it. */
interface Watch {
  readonly scene: Scene
  readonly space: LockedSpace
  readonly deviceId: string
  readonly sensor: SensorRow
  readonly cursor: Omit<StreamCursor, 'tenantId' | 'deviceId'>
  readonly present: Moment
  readonly evidence: SensorEvidence
}

/** Also keeps the cursor's flags: what the next frame must do, and a suspicion that has cleared. Returns what sockets hear. */
export async function watchSensor(repositories: TenantRepositories, scene: Scene, present: Moment): Promise<readonly FeedEvent[]> {
  const watch = beginWatch(scene, present)
  if (watch === null) return []
  await keepCursor(repositories, watch)
  const events: FeedEvent[] = []
  for (const alert of findAlerts(watch)) events.push(...(await settleAlert(repositories, watch, alert)))
  return events.length === 0 ? events : [...events, deviceStatus(watch)]
}

function beginWatch(scene: Scene, present: Moment): Watch | null {
  const { space, stored, policy } = scene
  const { sensorDeviceId: deviceId, cursor } = space
  if (deviceId === null || cursor === null || stored.sensor === null) return null
  const evidence = weighSensor(present.facts.sensor, policy.body, present.now)
  return { scene, space, deviceId, sensor: stored.sensor, cursor, present, evidence }
}

/** A heartbeat must end an operator's statement and a gateway outage at once, although it changes nothing (DOM-907). */
async function keepCursor({ projectionWrites }: TenantRepositories, { deviceId, cursor, present, evidence }: Watch): Promise<void> {
  const isOverruled = statementInForce(present.facts, present.now) !== null
  const isBlind = evidence.source === 'doubted' && evidence.why === 'gateway_down'
  const projectNext = isOverruled || isBlind
  const clearsSuspicion = cursor.suspectSince !== null && present.facts.sensor?.suspect === null
  if (projectNext === cursor.projectNext && !clearsSuspicion) return
  await projectionWrites.setCursor(deviceId, { projectNext, clearsSuspicion })
}

function findAlerts({ cursor, present, evidence, sensor }: Watch): readonly SensorAlert[] {
  const { lastHeardAt } = cursor
  const suspect = present.facts.sensor?.suspect ?? null
  return [
    {
      kind: 'sensor_silent',
      isDue: isSilent(evidence),
      evidence: { last_heard_at: lastHeardAt === null ? null : toIso(lastHeardAt), model: sensor.model },
    },
    {
      kind: 'sensor_suspect',
      isDue: suspect !== null,
      evidence: { flips: cursor.flips.map(toIso), changes_last_hour: suspect?.changesLastHour ?? null },
    },
    {
      kind: 'battery_low',
      isDue: cursor.batteryLowCount >= LOW_READINGS_IN_A_ROW,
      evidence: { battery_percent: sensor.batteryPercent, battery_volts: sensor.batteryVolts },
    },
  ]
}

/** Heard again closes it; a gateway outage or a sensor that is out of use says nothing about silence. */
function isSilent(evidence: SensorEvidence): boolean | null {
  if (evidence.source === 'sensor') return false
  if (evidence.why === 'sensor_silent') return true
  return evidence.why === 'sensor_suspect' ? false : null
}

async function settleAlert({ alerts }: TenantRepositories, watch: Watch, { kind, isDue, evidence }: SensorAlert): Promise<FeedEvent[]> {
  const { space, deviceId, scene } = watch
  if (isDue === null || isDue === scene.stored.openAlerts.includes(kind)) return []
  if (!isDue) return alerts.close({ kind, subjectId: deviceId })
  const { siteId, spaceId } = space
  return alerts.open({ kind, severity: 'warning', subjectType: 'device', subjectId: deviceId, siteId, spaceId, deviceId, evidence })
}

function deviceStatus({ space, deviceId, sensor, scene, evidence }: Watch): FeedEvent {
  return presentDeviceStatus({
    tenantId: space.tenantId,
    at: scene.stored.now,
    deviceId,
    devEui: sensor.devEui,
    kind: 'sensor',
    spaceId: space.spaceId,
    status: sensor.status,
    lifecycleState: sensor.lifecycle,
    isOnline: isSilent(evidence) !== true,
    lastSeenAt: sensor.lastSeenAt,
    batteryPercent: sensor.batteryPercent,
    batteryVolts: sensor.batteryVolts,
  })
}

/** Opens, closes and links the stay of the vehicle on the bay as the evidence goes (DOM-260 to DOM-264). */
import { freeLagSeconds } from '#domain/device/freshness'
import { weighEvidence, type Evidence } from '#domain/occupancy/evidence'
import { findLinkedRight } from '#domain/occupancy/session-link'
import { closeWithoutEvidence, followSession, type SessionEvidence, type SessionStep } from '#domain/occupancy/sessions'
import type { Instant } from '#domain/shared/instant'
import type { TenantRepositories } from '../repositories'
import type { LockedSpace, OpenSessionRow } from '../repositories/projection.repository'
import type { ReservationLink } from './projection-types'
import type { Moment, Scene } from './scene'

export interface StayProgress {
  readonly session: OpenSessionRow | null
  readonly links: readonly ReservationLink[]
}

/** Reasons that stand between the last word of the sensor and the next: nobody saw the vehicle meanwhile (DOM-261). */
const INTERRUPTIONS: readonly string[] = ['sensor_silent', 'gateway_down', 'sensor_suspect']

/** One step for one moment; `session` is the stay that is open before it. */
export async function followStay(
  repositories: TenantRepositories,
  scene: Scene,
  at: { moment: Moment; session: OpenSessionRow | null },
): Promise<StayProgress> {
  const { moment } = at
  const evidence = weighEvidence(moment.facts, scene.policy.body, moment.now)
  const lost = await closeLostStay(repositories, scene.space, at)
  const session = lost ? null : at.session
  const step = await nextStep(repositories, scene, { moment, session, evidence })
  if (step.kind === 'open') return openStay(repositories, scene, { moment, evidence, startedAt: step.startedAt, source: step.source })
  if (step.kind === 'close' && session !== null) return closeStay(repositories, session, step)
  return session === null ? { session, links: [] } : linkStay(repositories, scene, { moment, session })
}

function toSessionEvidence(evidence: Evidence, moment: Moment): SessionEvidence {
  if (evidence.source === 'manual') return { source: 'manual', value: evidence.value, at: evidence.statement.startsAt }
  if (evidence.source !== 'sensor') return { source: 'sensor', value: null, at: moment.now }
  const at = moment.valueFact?.heardAt ?? evidence.sensor.valueHeardAt ?? evidence.sensor.lastHeardAt
  return { source: 'sensor', value: evidence.value, at }
}

interface StayMoment {
  readonly moment: Moment
  readonly session: OpenSessionRow | null
  readonly evidence: Evidence
}

async function nextStep(repositories: TenantRepositories, scene: Scene, { moment, session, evidence }: StayMoment): Promise<SessionStep> {
  const said = toSessionEvidence(evidence, moment)
  const isLeaving = session !== null && said.value === 'free'
  const lastOccupiedAt = isLeaving && session.deviceId !== null ? await lastOccupied(repositories, session, said.at) : null
  return followSession({
    open: session && { startedAt: session.startedAt, lastOccupiedAt },
    evidence: said,
    wasInterrupted: isLeaving && wasInterrupted(scene, moment, { lastOccupiedAt: lastOccupiedAt ?? session.startedAt, at: said.at }),
    freeLagSeconds: freeLagSeconds(moment.facts.sensor?.model ?? ''),
  })
}

function lastOccupied(
  { projection }: TenantRepositories,
  { deviceId, startedAt }: OpenSessionRow,
  until: Instant,
): Promise<Instant | null> {
  return deviceId === null ? Promise.resolve(null) : projection.lastOccupiedAt(deviceId, startedAt, until)
}

function wasInterrupted({ space }: Scene, { facts }: Moment, { lastOccupiedAt, at }: { lastOccupiedAt: Instant; at: Instant }): boolean {
  const windowMs = (facts.sensor?.window.occupiedSeconds ?? Infinity) * 1_000
  return INTERRUPTIONS.includes(space.reason) || at - lastOccupiedAt > windowMs
}

/** The sensor that saw the vehicle come is no longer on this bay (DOM-262). */
async function closeLostStay(
  repositories: TenantRepositories,
  space: LockedSpace,
  { moment, session }: { moment: Moment; session: OpenSessionRow | null },
) {
  if (session === null || session.deviceId === null || session.deviceId === space.sensorDeviceId) return false
  const lastOccupiedAt = await lastOccupied(repositories, session, moment.now)
  await repositories.stays.close({
    sessionId: session.sessionId,
    ...closeWithoutEvidence({ startedAt: session.startedAt, lastOccupiedAt }, moment.now),
  })
  return true
}

interface Opening {
  readonly moment: Moment
  readonly evidence: Evidence
  readonly startedAt: Instant
  readonly source: 'sensor' | 'manual'
}

async function openStay(repositories: TenantRepositories, scene: Scene, { moment, startedAt, source }: Opening): Promise<StayProgress> {
  const deviceId = source === 'sensor' ? scene.space.sensorDeviceId : null
  const reservationId = rightOf(scene, moment, { startedAt, reservationId: null })
  const { spaceId, siteId } = scene.space
  const sessionId = await repositories.stays.open({ spaceId, siteId, deviceId, reservationId, startedAt, source })
  const links: ReservationLink[] = reservationId === null ? [] : [{ reservationId, kind: 'arrived', sessionId, at: startedAt }]
  return { session: { sessionId, startedAt, reservationId, deviceId }, links }
}

async function closeStay(
  repositories: TenantRepositories,
  session: OpenSessionRow,
  step: SessionStep & { kind: 'close' },
): Promise<StayProgress> {
  const { endedAt, endReason, endUncertainSince, confidence } = step
  const { sessionId, reservationId } = session
  await repositories.stays.close({ sessionId, endedAt, endReason, endUncertainSince, confidence })
  return { session: null, links: reservationId === null ? [] : [{ reservationId, kind: 'left', sessionId, at: endedAt }] }
}

/** A stay that began early is linked once its right has begun (DOM-264). */
async function linkStay(
  repositories: TenantRepositories,
  scene: Scene,
  { moment, session }: { moment: Moment; session: OpenSessionRow },
): Promise<StayProgress> {
  const reservationId = rightOf(scene, moment, session)
  if (reservationId === null || session.reservationId !== null) return { session, links: [] }
  await repositories.stays.link(session.sessionId, reservationId)
  return {
    session: { ...session, reservationId },
    links: [{ reservationId, kind: 'arrived', sessionId: session.sessionId, at: session.startedAt }],
  }
}

function rightOf({ stored }: Scene, { facts, now }: Moment, stay: { startedAt: Instant; reservationId: string | null }): string | null {
  return findLinkedRight({
    startedAt: stay.startedAt,
    linkedReservationId: stay.reservationId,
    rights: facts.rights,
    earlyCheckInMinutes: stored.earlyCheckInMinutes,
    now,
  })
}

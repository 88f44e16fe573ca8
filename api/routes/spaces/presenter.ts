/** A space as answers show it (api-v6 § 9). */
import type { UserPrincipal } from '#domain/authorization/principal'
import { findSuspicion } from '#domain/device/flips'
import { proofWord } from '#domain/display/proof-word'
import { presentEui } from '#domain/shared/eui'
import { toIso, type Instant } from '#domain/shared/instant'
import { may } from '../shared/may'
import { isOnline, silenceLimitSeconds, type HeardDevice } from '../shared/online'
import { isoOrNull, presentTenant } from '../shared/present'
import type { Repositories } from '../shared/repositories'

export type SpaceRow = NonNullable<Awaited<ReturnType<Repositories['spaces']['get']>>>
type OverrideRow = SpaceRow['overrides'][number]
type SpaceDevice = NonNullable<SpaceRow['sensor']>

export interface SpaceParts {
  readonly principal: UserPrincipal
  readonly now: Instant
  readonly withDevices: boolean
  readonly withReservation: boolean
}

export const WHOLE = { withDevices: true, withReservation: true } as const

export function presentSpace(space: SpaceRow, { principal, now, withDevices, withReservation }: SpaceParts) {
  return {
    id: space.spaceId,
    ...presentTenant(space, principal),
    ...presentConfiguration(space),
    ...presentState(space, now),
    display: presentDisplay(space),
    sensor_device_id: space.sensor?.deviceId ?? null,
    display_device_id: space.display?.deviceId ?? null,
    ...(withDevices ? { sensor_device: presentSensor(space, now), display_device: presentLight(space, now) } : {}),
    ...presentOverrides(space, now),
    ...(withReservation ? { reservation: presentReservation(space, principal) } : {}),
    session:
      space.sessionId === null || space.sessionStartedAt === null
        ? null
        : { id: space.sessionId, started_at: toIso(space.sessionStartedAt) },
    suspect: presentSuspicion(space, now),
    version: space.version,
    created_at: toIso(space.createdAt),
    updated_at: toIso(space.updatedAt),
  }
}

export type SpaceView = ReturnType<typeof presentSpace>

function presentConfiguration(space: SpaceRow) {
  return {
    site_id: space.siteId,
    site_name: space.siteName,
    code: space.code,
    name: space.name,
    display_name: space.displayName,
    building: space.building,
    floor: space.floor,
    zone: space.zone,
    kind: space.kind,
    labels: space.labels,
    latitude: space.latitude,
    longitude: space.longitude,
    enabled: space.enabled,
    is_reservable: space.isReservable,
    auto_release_minutes: space.autoReleaseMinutes,
    config: space.config,
    metadata: space.metadata,
  }
}

function presentState(space: SpaceRow, now: Instant) {
  return {
    current_state: space.state,
    state_reason: space.stateReason,
    state_changed_at: toIso(space.stateChangedAt),
    state_sequence: space.sequence,
    state_until: isoOrNull(untilOf(space, now)),
    last_heard_at: isoOrNull(space.lastHeardAt),
    sensor_state: space.sensorState,
    display_state: space.displayState,
  }
}

/** A heartbeat does not touch the row: while liveness is what ends the answer, the newest word counts (DOM-913). */
function untilOf(space: SpaceRow, now: Instant): Instant | null {
  const { stateUntil, nextCheckCause, sensor, lastHeardAt } = space
  if (stateUntil === null || nextCheckCause !== 'liveness' || sensor === null || lastHeardAt === null) return stateUntil
  const silentAt = lastHeardAt + silenceLimitSeconds({ ...sensor, kind: 'sensor' }) * 1000
  return silentAt > now ? Math.max(stateUntil, silentAt) : stateUntil
}

function presentDisplay(space: SpaceRow) {
  if (space.display === null) return null
  const { proof } = space
  return {
    situation: space.wantedSituation,
    color: space.wantedColor,
    pattern: space.wantedPattern,
    policy_id: space.policyId,
    policy_version: space.policyVersion,
    proof: proof === null ? 'none' : proofWord({ proof, isAsWanted: space.isAsWanted, hasOpenCommand: space.hasOpenCommand }),
    downlink_id: space.downlinkId,
    reported_at: proof === 'reported' ? isoOrNull(space.shownAt) : null,
  }
}

const presentSensor = ({ sensor, lastHeardAt }: SpaceRow, now: Instant) =>
  sensor === null ? null : presentDeviceBlock(sensor, { ...sensor, kind: 'sensor', lastHeardAt: lastHeardAt ?? sensor.lastSeenAt }, now)

const presentLight = ({ display }: SpaceRow, now: Instant) =>
  display === null ? null : presentDeviceBlock(display, { ...display, kind: 'display', lastHeardAt: display.lastSeenAt }, now)

function presentDeviceBlock(device: SpaceDevice, heard: HeardDevice, now: Instant) {
  return {
    id: device.deviceId,
    dev_eui: presentEui(device.devEui),
    name: device.name,
    status: device.status,
    is_online: isOnline(heard, now),
    last_seen_at: isoOrNull(device.lastSeenAt),
  }
}

const RANK: readonly OverrideRow['kind'][] = ['out_of_service', 'blocked', 'occupied', 'free']

/** `override` is the one that rules: highest kind in force, of one kind the one that started last (DOM-220 ff., DOM-229). */
function presentOverrides({ overrides }: SpaceRow, now: Instant) {
  const inForce = overrides.filter(({ startsAt }) => startsAt <= now)
  const ruling = [...inForce].sort((a, b) => RANK.indexOf(a.kind) - RANK.indexOf(b.kind) || b.startsAt - a.startsAt)[0]
  return { override: ruling === undefined ? null : presentOverride(ruling), overrides: overrides.map(presentOverride) }
}

function presentOverride(override: OverrideRow) {
  return {
    id: override.overrideId,
    kind: override.kind,
    reason: override.reason,
    from: toIso(override.startsAt),
    until: isoOrNull(override.endsAt),
    by: { type: override.createdByType, id: override.createdBy },
    created_at: toIso(override.createdAt),
  }
}

/** Names of drivers are for those who manage bookings (api-v6 § 9). */
function presentReservation({ reservation }: SpaceRow, principal: UserPrincipal) {
  if (reservation === null) return null
  return {
    id: reservation.reservationId,
    status: reservation.status,
    start_time: toIso(reservation.start),
    end_time: toIso(reservation.end),
    user_name: may(principal, { subject: 'Reservation', action: 'create' }) ? reservation.userName : null,
  }
}

function presentSuspicion({ sensor, valueHeardAt, flips, suspectSince }: SpaceRow, now: Instant) {
  const suspicion = findSuspicion({ value: sensor?.value ?? null, valueHeardAt, flips, suspectSince }, now)
  return suspicion === null ? null : { since: toIso(suspicion.since), changes_last_hour: suspicion.changesLastHour }
}

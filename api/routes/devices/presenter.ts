/** Devices and their readings as answers show them (api-v6 § 10). */
import type { UserPrincipal } from '#domain/authorization/principal'
import { findSuspicion } from '#domain/device/flips'
import { proofWord } from '#domain/display/proof-word'
import { presentEui } from '#domain/shared/eui'
import { toIso, type Instant } from '#domain/shared/instant'
import { onlineReason } from '../shared/online'
import { isoOrNull, presentTenant } from '../shared/present'
import type { Repositories } from '../shared/repositories'

export type DeviceRow = NonNullable<Awaited<ReturnType<Repositories['devices']['get']>>>
type ReadingRow = Awaited<ReturnType<Repositories['readings']['list']>>['rows'][number]

const euiOrNull = (eui: string | null): string | null => (eui === null ? null : presentEui(eui))
const textIn = (object: Readonly<Record<string, unknown>> | null, member: string): string | null => {
  const value = object?.[member]
  return typeof value === 'string' ? value : null
}

export interface DeviceParts {
  readonly principal: UserPrincipal
  readonly now: Instant
}

export function presentDevice(device: DeviceRow, { principal, now }: DeviceParts) {
  return {
    id: device.deviceId,
    ...presentTenant(device, principal),
    dev_eui: presentEui(device.devEui),
    kind: device.kind,
    type: device.kind,
    ...presentConfiguration(device),
    ...presentPlace(device),
    ...presentHealth(device, now),
    ...presentNetworkServer(device),
    ...(device.kind === 'display' ? presentLight(device) : {}),
    archived_at: isoOrNull(device.archivedAt),
    version: device.version,
    created_at: toIso(device.createdAt),
    updated_at: toIso(device.updatedAt),
  }
}

function presentConfiguration(device: DeviceRow) {
  return {
    device_type: device.deviceType,
    manufacturer: device.manufacturer,
    model: device.model,
    name: device.name,
    description: device.description,
    location: device.location,
    status: device.status,
    lifecycle_state: device.lifecycle,
    enabled: device.enabled,
    config: device.config,
    metadata: device.metadata,
  }
}

function presentPlace(device: DeviceRow) {
  return {
    space_id: device.spaceId,
    space_code: device.spaceCode,
    site_id: device.siteId,
    site_name: device.siteName,
    assigned_at: isoOrNull(device.assignedAt),
  }
}

/** When a device last counted as heard: sensors by their cursor, lights by any uplink. */
export const heardAtOf = ({ kind, lastHeardAt, lastSeenAt }: DeviceRow): Instant | null =>
  kind === 'sensor' ? (lastHeardAt ?? lastSeenAt) : lastSeenAt

function presentHealth(device: DeviceRow, now: Instant) {
  const reason = onlineReason({ ...device, lastHeardAt: heardAtOf(device) }, now)
  const suspicion = findSuspicion(device, now)
  return {
    last_seen_at: isoOrNull(device.lastSeenAt),
    is_online: reason === 'heard_within_limit',
    online_reason: reason,
    battery_volts: device.batteryVolts,
    battery_percent: device.batteryPercent,
    rssi_dbm: device.rssiDbm,
    snr_db: device.snrDb,
    last_gateway_id: euiOrNull(device.lastGatewayEui),
    suspect: suspicion === null ? null : { since: toIso(suspicion.since), changes_last_hour: suspicion.changesLastHour },
  }
}

function presentNetworkServer(device: DeviceRow) {
  return {
    join_eui: euiOrNull(device.joinEui),
    chirpstack_sync_status: device.syncStatus,
    chirpstack_last_sync_at: isoOrNull(device.lastSyncAt),
    chirpstack_error: textIn(device.provisioning, 'error'),
    chirpstack_application_id: device.applicationId,
    device_profile_id: device.profileId,
    provisioning_job_id: textIn(device.provisioning, 'job_id'),
  }
}

function presentLight(device: DeviceRow) {
  const { wantedColor, wantedPattern, shownColor, shownPattern, shownAt, proof } = device
  const isReported = proof === 'reported' && shownColor !== null && shownPattern !== null && shownAt !== null
  return {
    desired:
      wantedColor === null || wantedPattern === null
        ? null
        : { situation: device.wantedSituation, color: wantedColor, pattern: wantedPattern, since: isoOrNull(device.wantedAt) },
    reported: isReported ? { color: shownColor, pattern: shownPattern, at: toIso(shownAt) } : null,
    proof: proof === null ? 'none' : proofWord({ proof, isAsWanted: device.isAsWanted, hasOpenCommand: device.hasOpenCommand }),
    waiting_for: device.waitingFor,
  }
}

export function presentReading(reading: ReadingRow) {
  return {
    id: reading.readingId,
    received_at: toIso(reading.receivedAt),
    heard_at: toIso(reading.heardAt),
    recorded_at: toIso(reading.recordedAt),
    f_cnt: reading.fCnt,
    f_port: reading.fPort,
    occupied: reading.occupied,
    battery_volts: reading.batteryVolts,
    temperature_celsius: reading.temperatureCelsius,
    rssi_dbm: reading.rssiDbm,
    snr_db: reading.snrDb,
    gateway_id: euiOrNull(reading.gatewayEui),
    verdict: reading.verdict,
    repeat_count: reading.repeatCount,
    raw_payload: reading.rawPayload,
    decode_error: reading.decodeError,
  }
}

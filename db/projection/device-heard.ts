/** How a device stands once a frame of it was heard: the socket's view, made without another look at the database (DOM-1020). */
import type { Lifecycle } from '#domain/device/lifecycle'
import { deviceStatus } from '#domain/device/status'
import type { Instant } from '#domain/shared/instant'
import type { FeedEvent } from '#domain/shared/outbox'
import { presentDeviceStatus } from '../event-presenters'

export interface HeardDevice {
  readonly tenantId: string
  readonly deviceId: string
  readonly devEui: string
  readonly kind: 'sensor' | 'display'
  readonly lifecycleState: Lifecycle
  readonly enabled: boolean
  readonly assignedSpaceId: string | null
  readonly assignedAt: Instant | null
  /** As it stood before the frame. */
  readonly lastSeenAt: Instant | null
  readonly batteryPercent: number | null
  readonly batteryVolts: number | null
}

export interface Hearing {
  readonly heardAt: Instant
  /** Null where the frame does not say. */
  readonly batteryPercent: number | null
  readonly batteryVolts: number | null
}

export function presentDeviceHeard(device: HeardDevice, hearing: Hearing, at: Instant): FeedEvent {
  const { tenantId, deviceId, devEui, kind, lifecycleState, enabled, assignedSpaceId, assignedAt } = device
  const lastSeenAt = Math.max(hearing.heardAt, device.lastSeenAt ?? hearing.heardAt)
  return presentDeviceStatus({
    tenantId,
    at,
    deviceId,
    devEui,
    kind,
    spaceId: assignedSpaceId,
    status: deviceStatus({ lifecycle: lifecycleState, enabled, assignedSpaceId, assignedAt, lastSeenAt }),
    lifecycleState,
    isOnline: true,
    lastSeenAt,
    batteryPercent: hearing.batteryPercent ?? device.batteryPercent,
    batteryVolts: hearing.batteryVolts ?? device.batteryVolts,
  })
}

/** Tells sockets that a device was heard: at most once a second per device, and never anything but sockets (DOM-1020, Q-DSG-05). */
import { presentDeviceStatus } from '#db/event-presenters'
import { deviceStatus } from '#domain/device/status'
import type { Instant } from '#domain/shared/instant'
import type { FeedEvent } from '#domain/shared/outbox'
import { isSighting, type TakenFrame } from './plan-batch'

const QUIET_MS = 1_000
/** Older entries say nothing any more. */
const MAX_REMEMBERED = 50_000

export interface Presence {
  /** Events for those devices of a batch whose last event is a second old. */
  heard(taken: readonly TakenFrame[]): FeedEvent[]
}

export function createPresence(now: () => Instant): Presence {
  const toldAt = new Map<string, Instant>()

  function isDue(deviceId: string): boolean {
    const instant = now()
    if (instant - (toldAt.get(deviceId) ?? -Infinity) < QUIET_MS) return false
    if (toldAt.size >= MAX_REMEMBERED) toldAt.clear()
    toldAt.set(deviceId, instant)
    return true
  }

  return {
    heard(taken) {
      const newest = new Map(taken.filter(isSighting).map((item) => [item.device.deviceId, item]))
      return [...newest.values()].filter(({ device }) => isDue(device.deviceId)).map((item) => present(item, now()))
    },
  }
}

function present({ device, frame: { heardAt, content } }: TakenFrame, at: Instant): FeedEvent {
  const { tenantId, deviceId, devEui, kind, lifecycleState, enabled, assignedSpaceId, assignedAt } = device
  const lastSeenAt = Math.max(heardAt, device.lastSeenAt ?? heardAt)
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
    batteryPercent: content.batteryPercent ?? device.batteryPercent,
    batteryVolts: content.batteryVolts ?? device.batteryVolts,
  })
}

/** Tells sockets that a device was heard: at most once a second per device, and never anything but sockets (DOM-1020, Q-DSG-05). */
import { presentDeviceHeard } from '#db/projection/device-heard'
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
      const due = [...newest.values()].filter(({ device }) => isDue(device.deviceId))
      return due.map(({ device, frame: { heardAt, content } }) => presentDeviceHeard(device, { ...content, heardAt }, now()))
    },
  }
}

/** Publishes an event of one device under its application's topic. */
import type { EventKind, Publisher } from './publisher'
import type { DeviceRecord } from './state'

export type Announce = (device: DeviceRecord, kind: EventKind, body: object) => void

export const createAnnounce =
  (publisher: Publisher): Announce =>
  (device, kind, body) =>
    publisher.publish({ kind, devEui: device.message.getDevEui(), applicationId: device.message.getApplicationId(), body })

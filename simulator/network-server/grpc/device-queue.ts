/** Enqueue, GetQueue, FlushQueue and the next counter (LW-Q01, LW-Q03, LW-Q04). */
import { status } from '@grpc/grpc-js'
import {
  DeviceQueueItem,
  EnqueueDeviceQueueItemResponse,
  GetDeviceNextFCntDownResponse,
  GetDeviceQueueItemsResponse,
  type EnqueueDeviceQueueItemRequest,
} from '@chirpstack/chirpstack-api/api/device_pb'
import { Empty } from 'google-protobuf/google/protobuf/empty_pb'
import type { Downlinks } from '../downlinks'
import type { QueueItem } from '../queue'
import type { Simulation } from '../simulation'
import type { ApiToken, DeviceRecord } from '../state'
import type { DeviceAccess } from './device-access'
import type { DeviceMethods } from './devices'
import { GrpcError, invalidArgument, missingReference } from './grpc-error'
import { build, required } from './store-access'
import { microsOf, timestampOfMicros } from './values'

/** Ports are cut to 8 bits before the check: 256 becomes 0 and is refused. */
const cutPort = (fPort: number): number => fPort & 0xff

const toMessage = (devEui: string, item: QueueItem): DeviceQueueItem =>
  build(new DeviceQueueItem(), (message) => {
    message.setId(item.id)
    message.setDevEui(devEui)
    message.setConfirmed(item.confirmed)
    message.setFPort(item.fPort)
    message.setData(item.data)
    message.setIsPending(item.isPending)
    message.setFCntDown(item.fCntDown)
    message.setIsEncrypted(item.isEncrypted)
    if (item.expiresAtMicros !== null) message.setExpiresAt(timestampOfMicros(item.expiresAtMicros))
  })

/** The item under a new random id: the one that was sent is ignored (LW-Q01). */
function toItem(given: DeviceQueueItem, id: string): Omit<QueueItem, 'isPending' | 'timeoutAt'> {
  const expiresAt = given.getExpiresAt()
  return {
    id,
    confirmed: given.getConfirmed(),
    fPort: cutPort(given.getFPort()),
    data: given.getData_asU8(),
    isEncrypted: given.getIsEncrypted(),
    expiresAtMicros: expiresAt ? microsOf(expiresAt) : null,
    fCntDown: given.getFCntDown(),
  }
}

/** An absent device is the database's 13 to an admin key, not 5 (LW-054). */
function findForEnqueue(access: DeviceAccess, devEui: string, caller: ApiToken): DeviceRecord {
  try {
    return access.find(devEui, caller, true)
  } catch (error) {
    if (error instanceof GrpcError && error.code === status.NOT_FOUND) throw missingReference('device_queue_item_dev_eui_fkey')
    throw error
  }
}

function createEnqueue({ compat, draws }: Simulation, access: DeviceAccess, downlinks: Downlinks) {
  /** Before 4.18 a flush took pending items along. */
  const flush = ({ queue }: DeviceRecord): void => (compat === '4.17' ? queue.clear() : queue.clearUnsent())

  return (request: EnqueueDeviceQueueItemRequest, caller: ApiToken): EnqueueDeviceQueueItemResponse => {
    const given = required(request.getQueueItem(), 'queue_item')
    const device = findForEnqueue(access, given.getDevEui(), caller)
    if (cutPort(given.getFPort()) === 0) throw invalidArgument('FPort must be > 0')
    if (request.getFlushQueue()) flush(device)
    const item = toItem(given, draws.uuid(device.message.getDevEui(), 'queue item'))
    device.queue.add(item)
    downlinks.wake(device)
    return build(new EnqueueDeviceQueueItemResponse(), (reply) => reply.setId(item.id))
  }
}

export function createDeviceQueueMethods(simulation: Simulation, access: DeviceAccess, downlinks: Downlinks) {
  return {
    enqueue: createEnqueue(simulation, access, downlinks),
    flushQueue: (request, caller) => {
      access.find(request.getDevEui(), caller, true).queue.clear()
      return new Empty()
    },
    /** `count_only` is not honoured (LW-022). */
    getQueue: (request, caller) => {
      const { message, queue } = access.find(request.getDevEui(), caller, false)
      const items = queue.items()
      return build(new GetDeviceQueueItemsResponse(), (reply) => {
        reply.setTotalCount(items.length)
        reply.setResultList(items.map((item) => toMessage(message.getDevEui(), item)))
      })
    },
    getNextFCntDown: (request, caller) => {
      const { session, queue } = access.find(request.getDevEui(), caller, false)
      const queued = queue.items().filter(({ isEncrypted }) => isEncrypted)
      const next = Math.max(session?.fCntDown ?? 0, ...queued.map(({ fCntDown }) => fCntDown + 1))
      return build(new GetDeviceNextFCntDownResponse(), (reply) => reply.setFCntDown(next))
    },
  } satisfies Pick<DeviceMethods, 'enqueue' | 'flushQueue' | 'getQueue' | 'getNextFCntDown'>
}

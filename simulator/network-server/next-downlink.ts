/** Which queue item may be sent now, and what leaves the queue on the way there (LW-Q06, LW-Q09, LW-Q10, LW-Q11, LW-Q17). */
import { createAnnounce } from './announce'
import { ackBody, logBody, type LogEntry } from './events'
import type { Publisher } from './publisher'
import type { QueueItem } from './queue'
import type { Simulation } from './simulation'
import type { DeviceRecord } from './state'

/** The head of the queue if it may be sent; what has run out before it is deleted, with its event. Null = nothing, or the head is pending. */
export type NextDownlink = (device: DeviceRecord, maxBytes: number) => QueueItem | null

export function createNextDownlink(simulation: Simulation, publisher: Publisher): NextDownlink {
  const { clock } = simulation

  const announce = createAnnounce(publisher)

  const discard = (device: DeviceRecord, item: QueueItem, log: LogEntry): void => {
    device.queue.remove(item.id)
    announce(device, 'log', logBody(simulation, device, { ...log, context: { ...log.context, queue_item_id: item.id } }))
  }

  const giveUp = (device: DeviceRecord, item: QueueItem): void => {
    device.queue.remove(item.id)
    const { id: queueItemId, fCntDown } = item
    announce(device, 'ack', ackBody(simulation, device, { deduplicationId: '', queueItemId, acknowledged: false, fCntDown }))
  }

  const isTimedOut = ({ timeoutAt }: QueueItem): boolean => timeoutAt !== null && timeoutAt <= clock.now()

  return (device, maxBytes) => {
    for (let item = device.queue.head(); item; item = device.queue.head()) {
      if (item.isPending && !isTimedOut(item)) return null
      const fault = item.isPending ? null : flawOf(item, { device, maxBytes, now: clock.now() })
      if (item.isPending) giveUp(device, item)
      else if (fault) discard(device, item, fault)
      else return item
    }
    return null
  }
}

interface Opportunity {
  readonly device: DeviceRecord
  readonly maxBytes: number
  readonly now: number
}

/** Why an item can never be sent any more, or null. */
function flawOf(item: QueueItem, { device, maxBytes, now }: Opportunity): LogEntry | null {
  if (item.expiresAtMicros !== null && item.expiresAtMicros <= now * 1_000) {
    return { level: 'ERROR', code: 'EXPIRED', description: 'Device queue-item discarded because it has expired', context: {} }
  }
  if (item.data.length > maxBytes) {
    const context = { max_payload_size: String(maxBytes), item_size: String(item.data.length) }
    return { level: 'ERROR', code: 'DOWNLINK_PAYLOAD_SIZE', description: 'Device queue-item discarded because of its size', context }
  }
  if (item.isEncrypted && item.fCntDown < (device.session?.fCntDown ?? 0)) {
    const context = { device_f_cnt_down: String(device.session?.fCntDown ?? 0), queue_item_f_cnt_down: String(item.fCntDown) }
    return { level: 'ERROR', code: 'F_CNT_DOWN', description: 'Device queue-item discarded because of its frame counter', context }
  }
  return null
}

/** Whether an item of ours is still in the device's queue (DOM-622, DOM-623). */
import type { InspectResult } from '#domain/display/light-settles'
import type { DeliveryNetworkPort, DisplayRef } from '#workflows/display-delivery/port'
import type { ActivityDeps } from '../deps'
import { NetworkServerError } from '../network-server'
import { isGone } from './light-facts'

type Item = DisplayRef & { readonly queueItemId: string }

export function createInspectQueue({ unitOfWork, networkServer }: ActivityDeps): DeliveryNetworkPort['inspectQueue'] {
  return async (item) => {
    const { tenantId, deviceId, queueItemId } = item
    const row = await unitOfWork.withTenant({ tenantId }, ({ displayStates }) => displayStates.find(deviceId), { readOnly: true })
    if (isGone(row)) return 'gone'
    try {
      const queue = await networkServer.queue(row.devEui)
      return queue.some((queued) => queued.queueItemId === queueItemId) ? 'present' : goneWith({ unitOfWork }, item)
    } catch (error) {
      if (error instanceof NetworkServerError) return 'unknown' // nobody can say, so nothing is concluded; the workflow looks again
      throw error
    }
  }
}

/** Its `txack` may be stored although the signal that tells of it never came; read after the queue, since it leaves the queue first. */
async function goneWith({ unitOfWork }: Pick<ActivityDeps, 'unitOfWork'>, { tenantId, queueItemId }: Item): Promise<InspectResult> {
  const [first, ...more] = await unitOfWork.withTenant({ tenantId }, ({ downlinkAttempts }) => downlinkAttempts.eventsOf(queueItemId), {
    readOnly: true,
  })
  return first === undefined ? 'gone' : { result: 'gone', events: [first, ...more] }
}

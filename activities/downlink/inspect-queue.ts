/** Whether an item of ours is still in the device's queue (DOM-622, DOM-623). */
import type { DeliveryNetworkPort } from '#workflows/display-delivery/port'
import type { ActivityDeps } from '../deps'
import { NetworkServerError } from '../network-server'
import { isGone } from './light-facts'

export function createInspectQueue({ unitOfWork, networkServer }: ActivityDeps): DeliveryNetworkPort['inspectQueue'] {
  return async ({ tenantId, deviceId, queueItemId }) => {
    const row = await unitOfWork.withTenant({ tenantId }, ({ displayStates }) => displayStates.find(deviceId), { readOnly: true })
    if (isGone(row)) return 'gone'
    try {
      const queue = await networkServer.queue(row.devEui)
      return queue.some((item) => item.queueItemId === queueItemId) ? 'present' : 'gone'
    } catch (error) {
      if (error instanceof NetworkServerError) return 'unknown' // nobody can say, so nothing is concluded; the workflow looks again
      throw error
    }
  }
}

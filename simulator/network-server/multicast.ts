/** Sends a multicast group's queue: class C, no acknowledgement of any kind (LW-116). */
import { isGatewayUp } from './gateways'
import type { ReceivedDownlink } from './gateway-link'
import type { Simulation } from './simulation'
import type { MulticastRecord } from './state'

const TICK_MS = 1_000
const ON_AIR_MS = 50

/** What hears a group's frames: units whose group keys were set out of band. */
export interface GroupReceiver {
  receiveGroup(frame: Omit<ReceivedDownlink, 'devAddr' | 'confirmed'>): void
}

export interface Multicast {
  /** Something was queued: goes out at the scheduler's next tick. */
  wake(group: MulticastRecord): void
}

export function createMulticast(simulation: Simulation, receiverOf: (devEui: string) => GroupReceiver | null): Multicast {
  const { clock, faults, state } = simulation

  const canSend = ({ gatewayIds }: MulticastRecord): boolean =>
    [...gatewayIds].some((id) => {
      const gateway = state.gateways.get(id)
      return gateway !== undefined && isGatewayUp(simulation, gateway)
    })

  /** Each member hears it or not on its own. */
  function transmit(group: MulticastRecord): void {
    const [item, ...rest] = group.queue
    if (!item) return
    group.queue = rest
    const queueItemId = `${group.message.getId()}/${item.fCnt}`
    if (canSend(group)) {
      for (const devEui of group.deviceEuis) {
        if (!faults.strike('radio.downlink_loss', { dev_eui: devEui })) receiverOf(devEui)?.receiveGroup({ ...item, queueItemId })
      }
    }
    wake(group)
  }

  function wake(group: MulticastRecord): void {
    if (group.queue.length === 0) return
    const tick = (Math.floor(clock.now() / TICK_MS) + 1) * TICK_MS
    clock.at(tick + ON_AIR_MS, () => transmit(group))
  }

  return { wake }
}

/** Hands a frame to the serving gateway, lets the device hear it, and takes the gateway's answer (LW-Q05 to LW-Q07, LW-Q13, LW-Q14). */
import { createAnnounce } from './announce'
import { deviceInfo, eventTime, logBody, withoutDefaults } from './events'
import { isGatewayUp } from './gateways'
import type { Publisher } from './publisher'
import type { QueueItem } from './queue'
import type { Simulation } from './simulation'
import { profileOf, type DeviceRecord, type GatewayRecord } from './state'

const ON_AIR_MS = 50
const ANSWER_MS = 100
const RX1_DELAY_MS = 1_000
const DEFAULT_CLASS_C_TIMEOUT_SECONDS = 10

export interface ReceivedDownlink {
  readonly devAddr: string
  readonly fCnt: number
  readonly fPort: number
  readonly data: Uint8Array
  readonly confirmed: boolean
  /** For the journal only: a real device cannot know. */
  readonly queueItemId: string
}

export interface Receiver {
  receive(frame: ReceivedDownlink): void
}

export interface Handover {
  readonly device: DeviceRecord
  readonly item: QueueItem
  /** Class C at once, class A one second after the uplink. */
  readonly timing: 'immediately' | 'delay'
}

interface Attempt extends Handover {
  readonly gateway: GatewayRecord
  readonly devAddr: string
  readonly fCntDown: number
  readonly downlinkId: number
}

export interface GatewayLink {
  handOver(handover: Handover): void
}

interface LinkParts {
  readonly publisher: Publisher
  readonly receiverOf: (devEui: string) => Receiver | null
}

export function createGatewayLink(simulation: Simulation, { publisher, receiverOf }: LinkParts): GatewayLink {
  const { clock, draws, faults, state } = simulation
  const afterwards = (ms: number, task: () => void): void => void clock.at(clock.now() + ms, task)

  const announce = createAnnounce(publisher)

  function transmit({ device, item, devAddr, fCntDown }: Attempt): void {
    const devEui = device.message.getDevEui()
    if (faults.strike('radio.downlink_loss', { dev_eui: devEui })) return
    const { fPort, data, confirmed, id: queueItemId } = item
    receiverOf(devEui)?.receive({ devAddr, fCnt: fCntDown, fPort, data, confirmed, queueItemId })
  }

  function refuse({ device }: Attempt, status: string): void {
    announce(device, 'log', logBody(simulation, device, { level: 'ERROR', code: 'DOWNLINK_GATEWAY', description: status, context: {} }))
  }

  /** An item that is gone meanwhile gives no event and leaves the counter where it was (LW-Q13). */
  function accept(attempt: Attempt): void {
    const { device, item, fCntDown } = attempt
    if (!device.queue.find(item.id) || device.session?.devAddr !== attempt.devAddr) return
    device.session.fCntDown = fCntDown + 1
    if (item.confirmed) makePending(simulation, attempt)
    else device.queue.remove(item.id)
    announce(device, 'txack', txackBody(simulation, attempt))
  }

  function handOver(handover: Handover): void {
    const { device, timing } = handover
    const gateway = state.gateways.get(device.servingGatewayId ?? '')
    if (!gateway || !device.session || !isGatewayUp(simulation, gateway)) return // nobody answers; tried again after the lock
    const { devAddr, fCntDown } = device.session
    const devEui = device.message.getDevEui()
    const attempt = { ...handover, gateway, devAddr, fCntDown, downlinkId: draws.integer([devEui, 'downlink'], 1, 0xffff_ffff) }
    const subject = { dev_eui: devEui, gateway_id: gateway.message.getGatewayId() }
    const refusal = faults.strike('gateway.refuse', subject)
    if (refusal) return afterwards(ANSWER_MS, () => refuse(attempt, refusal.status ?? 'TOO_LATE'))
    afterwards(timing === 'immediately' ? ON_AIR_MS : RX1_DELAY_MS, () => transmit(attempt))
    if (!faults.strike('gateway.txack_lost', subject)) afterwards(ANSWER_MS, () => accept(attempt))
  }

  return { handOver }
}

/** Waits for the device's acknowledgement: in class C for a time, in class A for its next uplink (LW-Q06). */
function makePending({ clock, state }: Simulation, { device, item, fCntDown }: Attempt): void {
  const seconds = profileOf(state, device)?.getClassCTimeout() ?? DEFAULT_CLASS_C_TIMEOUT_SECONDS
  item.isPending = true
  item.fCntDown = fCntDown
  item.timeoutAt = device.classEnabled === 'CLASS_C' ? clock.now() + seconds * 1_000 : null
}

function txackBody(simulation: Simulation, { device, item, gateway, fCntDown, downlinkId, timing }: Attempt): object {
  const { frequency, bandwidth, spreadingFactor, power } = simulation.region.rx2
  return {
    downlinkId,
    time: eventTime(simulation, device.message.getDevEui()),
    deviceInfo: deviceInfo(simulation, device, false),
    queueItemId: item.id,
    fCntDown,
    gatewayId: gateway.message.getGatewayId(),
    txInfo: withoutDefaults({
      frequency,
      power,
      modulation: { lora: { bandwidth, spreadingFactor, codeRate: 'CR_4_5', polarizationInversion: true } },
      timing: timing === 'immediately' ? { immediately: {} } : { delay: { delay: '1s' } },
      context: '',
    }),
  }
}

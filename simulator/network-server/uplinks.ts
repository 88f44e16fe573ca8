/** What the network server makes of frames from devices: joins, data, repeats, acknowledgements and status (LW-165, LW-168). */
import { createAnnounce, type Announce } from './announce'
import type { Downlinks } from './downlinks'
import { ackBody, deviceInfo, eventTime, logBody } from './events'
import { createJoin, type JoinRequest } from './joins'
import type { Publisher } from './publisher'
import { receptionsOf, rxInfoOf, txInfoOf, type Reception } from './reception'
import type { Simulation } from './simulation'
import { profileOf, type DeviceRecord, type Session } from './state'

/** Copies of one frame that arrive within this time are one uplink (LW-100). */
const DEDUPLICATION_MS = 200
/** For the application to use the same class-A window. */
const WINDOW_OPENS_MS = 100
const DAY_MS = 86_400_000

export interface UplinkFrame {
  readonly devEui: string
  readonly devAddr: string
  readonly fCnt: number
  /** Null = MAC only. */
  readonly fPort: number | null
  readonly data: Uint8Array
  readonly confirmed: boolean
  /** Acknowledges the last confirmed downlink. */
  readonly ack: boolean
  readonly dr: number
  readonly reach: readonly string[]
}

export interface Uplinks {
  join(request: JoinRequest): void
  hear(frame: UplinkFrame): void
}

interface UplinkParts {
  readonly publisher: Publisher
  readonly downlinks: Downlinks
}

export function createUplinks(simulation: Simulation, { publisher, downlinks }: UplinkParts): Uplinks {
  const { clock, state } = simulation
  const announce = createAnnounce(publisher)
  const join = createJoin(simulation, announce)
  const receive = createDataReceiver(simulation, { announce, downlinks })

  /** Disabled devices are not heard, joins included (LW-Q15). */
  function onceDeduplicated(
    devEui: string,
    reach: readonly string[],
    take: (device: DeviceRecord, receptions: readonly Reception[]) => void,
  ): void {
    const receptions = receptionsOf(simulation, devEui, reach)
    if (receptions.length === 0) return
    clock.at(clock.now() + DEDUPLICATION_MS, () => {
      const device = state.devices.get(devEui)
      if (device && !device.message.getIsDisabled()) take(device, receptions)
    })
  }

  return {
    join: (request) => onceDeduplicated(request.devEui, request.reach, (device) => join(device, request)),
    hear: (frame) => onceDeduplicated(frame.devEui, frame.reach, (device, receptions) => receive(device, frame, receptions)),
  }
}

interface ReceiverParts {
  readonly announce: Announce
  readonly downlinks: Downlinks
}

type DataReceiver = (device: DeviceRecord, frame: UplinkFrame, receptions: readonly Reception[]) => void

function createDataReceiver(simulation: Simulation, { announce, downlinks }: ReceiverParts): DataReceiver {
  const { clock, draws } = simulation

  const refuse = (device: DeviceRecord, code: string, deduplicationId: string): void =>
    announce(
      device,
      'log',
      logBody(simulation, device, {
        level: 'WARNING',
        code,
        description: 'Frame-counter is not above the last',
        context: { deduplication_id: deduplicationId },
      }),
    )

  function take(device: DeviceRecord, session: Session, { frame, receptions, deduplicationId }: Accepted): void {
    session.fCntUp = frame.fCnt + 1
    session.hasUplink = true
    device.lastSeenAt = clock.now()
    device.servingGatewayId = receptions[0]?.gateway.message.getGatewayId() ?? device.servingGatewayId
    announce(device, 'up', upBody(simulation, device, { frame, receptions, deduplicationId }))
    settlePending(simulation, announce, { device, frame, deduplicationId })
    if (isStatusDue(simulation, device, frame)) announceStatus(simulation, announce, { device, deduplicationId })
    if (downlinks.lockForUplink(device)) clock.at(clock.now() + WINDOW_OPENS_MS, () => downlinks.openWindow(device, frame.dr))
  }

  return (device, frame, receptions) => {
    const { session } = device
    if (!session || session.devAddr !== frame.devAddr) return // another session's keys: the integrity check fails
    const deduplicationId = draws.uuid(frame.devEui, 'deduplication')
    const isNew = frame.fCnt >= session.fCntUp || device.message.getSkipFcntCheck()
    if (isNew) take(device, session, { frame, receptions, deduplicationId })
    else refuse(device, frame.fCnt === session.fCntUp - 1 ? 'UPLINK_F_CNT_RETRANSMISSION' : 'UPLINK_F_CNT_RESET', deduplicationId)
  }
}

interface Accepted {
  readonly frame: UplinkFrame
  readonly receptions: readonly Reception[]
  readonly deduplicationId: string
}

function upBody(simulation: Simulation, device: DeviceRecord, { frame, receptions, deduplicationId }: Accepted): object {
  const { draws, region } = simulation
  const { devEui, devAddr, dr, fCnt, fPort, confirmed, data } = frame
  const time = eventTime(simulation, devEui)
  const radio = {
    devEui,
    dr,
    time,
    uplinkId: draws.integer([devEui, 'uplink'], 1, 0xffff_ffff),
    channel: draws.integer([devEui, 'channel'], 0, 2),
  }
  return {
    deduplicationId,
    time,
    deviceInfo: deviceInfo(simulation, device),
    devAddr,
    adr: true,
    dr,
    fCnt,
    fPort: fPort ?? 0,
    confirmed,
    data: Buffer.from(data).toString('base64'),
    object: null,
    rxInfo: rxInfoOf(receptions, radio),
    txInfo: txInfoOf(simulation, radio),
    relayRxInfo: null,
    joinServerContext: null,
    regionConfigId: region.id,
  }
}

interface Settled {
  readonly device: DeviceRecord
  readonly frame: UplinkFrame
  readonly deduplicationId: string
}

/** An uplink answers the pending item: with the ACK bit yes, in class A without it no (LW-Q08, LW-Q09). */
function settlePending(simulation: Simulation, announce: Announce, { device, frame, deduplicationId }: Settled): void {
  const pending = device.queue.head()
  if (!pending?.isPending || (!frame.ack && device.classEnabled === 'CLASS_C')) return
  device.queue.remove(pending.id)
  const { id: queueItemId, fCntDown } = pending
  announce(device, 'ack', ackBody(simulation, device, { deduplicationId, queueItemId, acknowledged: frame.ack, fCntDown }))
}

/** The server asks `n` times a day; the answer comes with the next uplink, so never with the first. */
function isStatusDue({ clock, state }: Simulation, device: DeviceRecord, { fCnt }: UplinkFrame): boolean {
  const perDay = profileOf(state, device)?.getDeviceStatusReqInterval() ?? 0
  const lastAt = device.lastStatusAt ?? -Infinity
  return perDay > 0 && fCnt > 0 && clock.now() - lastAt >= DAY_MS / perDay
}

function announceStatus(simulation: Simulation, announce: Announce, { device, deduplicationId }: Omit<Settled, 'frame'>): void {
  const { clock, draws, state } = simulation
  const devEui = device.message.getDevEui()
  const isMains = profileOf(state, device)?.getSupportsClassC() ?? false
  device.lastStatusAt = clock.now()
  announce(device, 'status', {
    deduplicationId,
    time: eventTime(simulation, devEui),
    deviceInfo: deviceInfo(simulation, device),
    margin: draws.integer([devEui, 'margin'], 5, 20),
    externalPowerSource: isMains,
    batteryLevelUnavailable: false,
    batteryLevel: isMains ? 0 : draws.integer([devEui, 'battery'], 60, 100),
  })
}

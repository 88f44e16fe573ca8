/** What the network server makes of a join request (LW-165, LW-Q12). */
import type { Announce } from './announce'
import { deviceInfo, eventTime, logBody, type LogEntry } from './events'
import type { Simulation } from './simulation'
import { profileOf, type DeviceRecord } from './state'

/** JOIN_ACCEPT_DELAY1. */
const JOIN_ACCEPT_MS = 5_000

export interface JoinRequest {
  readonly devEui: string
  readonly appKey: string
  readonly reach: readonly string[]
  /** Called when the accept is heard; not at all when the server refuses. */
  readonly accept: (devAddr: string) => void
}

/** A new session when the keys agree, else a `log`; class C and the flushing of the queue come from the profile. */
export function createJoin(simulation: Simulation, announce: Announce) {
  const { clock, draws, faults, state, region } = simulation
  return (device: DeviceRecord, { devEui, appKey, accept }: JoinRequest): void => {
    const key = device.keys?.message.getNwkKey()
    if (key !== appKey) {
      const log: LogEntry = { level: 'ERROR', code: 'OTAA', description: key ? 'Invalid MIC' : 'Device keys not found', context: {} }
      return announce(device, 'log', logBody(simulation, device, log))
    }
    const devAddr = draws.hex([devEui, 'devAddr'], 4)
    const profile = profileOf(state, device)
    device.session = { devAddr, fCntUp: 0, fCntDown: 0, hasUplink: false }
    device.classEnabled = profile?.getSupportsClassC() ? 'CLASS_C' : 'CLASS_A'
    if (profile?.getFlushQueueOnActivate()) device.queue.clear()
    const deduplicationId = draws.uuid(devEui, 'deduplication')
    const body = { deduplicationId, time: eventTime(simulation, devEui), deviceInfo: deviceInfo(simulation, device), devAddr }
    announce(device, 'join', { ...body, relayRxInfo: null, joinServerContext: null, regionConfigId: region.id })
    if (!faults.strike('radio.downlink_loss', { dev_eui: devEui })) clock.at(clock.now() + JOIN_ACCEPT_MS, () => accept(devAddr))
  }
}

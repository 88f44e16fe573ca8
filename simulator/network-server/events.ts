/** The JSON bodies of ChirpStack's events: every top-level default printed, defaults inside rxInfo and txInfo left out (LW-152, §4.2). */
import { profileOf, tenantIdOf, type DeviceRecord } from './state'
import type { Simulation } from './simulation'

/** `clock.skew` moves what the network server believes the time to be. */
export function eventTime({ clock, faults }: Simulation, devEui: string, instant: number = clock.now()): string {
  const skew = faults.strike('clock.skew', { dev_eui: devEui })
  return new Date(instant + (skew?.ms ?? 0)).toISOString().replace('Z', '+00:00')
}

/** Application, profile and device tags together; `txack` leaves the application's out (LW-086). */
function tagsOf(simulation: Simulation, device: DeviceRecord, withApplication: boolean): Record<string, string> {
  const { applications } = simulation.state
  const application = withApplication ? applications.get(device.message.getApplicationId())?.message.getTagsMap() : undefined
  const profile = profileOf(simulation.state, device)?.getTagsMap()
  return Object.fromEntries([application, profile, device.message.getTagsMap()].flatMap((map) => map?.toArray() ?? []))
}

/** `deviceInfo` of every event. */
export function deviceInfo(simulation: Simulation, device: DeviceRecord, withApplicationTags = true): object {
  const { state } = simulation
  const { message } = device
  const tenantId = tenantIdOf(state, device) ?? ''
  return {
    tenantId,
    tenantName: state.tenants.get(tenantId)?.message.getName() ?? '',
    applicationId: message.getApplicationId(),
    applicationName: state.applications.get(message.getApplicationId())?.message.getName() ?? '',
    deviceProfileId: message.getDeviceProfileId(),
    deviceProfileName: profileOf(state, device)?.getName() ?? '',
    deviceName: message.getName(),
    devEui: message.getDevEui(),
    deviceClassEnabled: device.classEnabled,
    tags: tagsOf(simulation, device, withApplicationTags),
  }
}

/** A copy without members that are zero, empty or false, as proto3 JSON leaves them out inside rxInfo and txInfo. */
export const withoutDefaults = (members: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== 0 && value !== '' && value !== false && value !== undefined))

export interface LogEntry {
  readonly level: 'INFO' | 'WARNING' | 'ERROR'
  readonly code: string
  readonly description: string
  readonly context: Readonly<Record<string, string>>
}

/** Body of a `log` event; it has no deduplication id of its own. */
export const logBody = (simulation: Simulation, device: DeviceRecord, log: LogEntry): object => ({
  time: eventTime(simulation, device.message.getDevEui()),
  deviceInfo: deviceInfo(simulation, device),
  ...log,
})

export interface Acknowledgement {
  /** Empty when the scheduler gave the item up (LW-Q09). */
  readonly deduplicationId: string
  readonly queueItemId: string
  readonly acknowledged: boolean
  readonly fCntDown: number
}

export const ackBody = (simulation: Simulation, device: DeviceRecord, { deduplicationId, ...ack }: Acknowledgement): object => ({
  deduplicationId,
  time: eventTime(simulation, device.message.getDevEui()),
  deviceInfo: deviceInfo(simulation, device),
  ...ack,
})

/** What the simulated network server knows, in memory: ChirpStack's own messages, and the network state of each device. */
import type { Application } from '@chirpstack/chirpstack-api/api/application_pb'
import type { Device, DeviceKeys } from '@chirpstack/chirpstack-api/api/device_pb'
import type { DeviceProfile } from '@chirpstack/chirpstack-api/api/device_profile_pb'
import type { Gateway } from '@chirpstack/chirpstack-api/api/gateway_pb'
import type { MulticastGroup } from '@chirpstack/chirpstack-api/api/multicast_group_pb'
import type { Tenant } from '@chirpstack/chirpstack-api/api/tenant_pb'
import type { DeviceQueue } from './queue'

/** A message with ChirpStack's own time stamps, epoch ms. */
export interface Stored<Message> {
  message: Message
  readonly createdAt: number
  updatedAt: number
}

export interface Session {
  readonly devAddr: string
  /** The next counter that is new. */
  fCntUp: number
  fCntDown: number
  /** Class C sends nothing before the first uplink after a join (LW-Q16). */
  hasUplink: boolean
}

export interface DeviceRecord extends Stored<Device> {
  keys: Stored<DeviceKeys> | null
  session: Session | null
  /** Set at join from the profile, never in between (LW-165). */
  classEnabled: 'CLASS_A' | 'CLASS_C'
  lastSeenAt: number | null
  lastStatusAt: number | null
  /** No class-C downlink and no class-A window before this instant (LW-100). */
  lockedUntil: number
  /** Heard the last uplink best: gets the downlinks, alive or not (LW-102). */
  servingGatewayId: string | null
  readonly queue: DeviceQueue
}

export interface GatewayRecord extends Stored<Gateway> {
  isOnline: boolean
  /** Its first statistics frame; null = never seen. */
  firstSeenAt: number | null
  /** When it went silent; null = it has not. */
  silentSince: number | null
}

export interface MulticastRecord extends Stored<MulticastGroup> {
  readonly deviceEuis: Set<string>
  readonly gatewayIds: Set<string>
  fCnt: number
  queue: readonly MulticastQueueItem[]
}

export interface MulticastQueueItem {
  readonly fCnt: number
  readonly fPort: number
  readonly data: Uint8Array
}

/** Tenant keys see one tenant; a read-only key writes nothing. */
export interface ApiToken {
  readonly tenantId: string | null
  readonly isReadOnly: boolean
}

export interface NetworkState {
  readonly tenants: Map<string, Stored<Tenant>>
  readonly applications: Map<string, Stored<Application>>
  readonly profiles: Map<string, Stored<DeviceProfile>>
  readonly gateways: Map<string, GatewayRecord>
  readonly devices: Map<string, DeviceRecord>
  readonly multicastGroups: Map<string, MulticastRecord>
  readonly tokens: Map<string, ApiToken>
}

export const createNetworkState = (): NetworkState => ({
  tenants: new Map(),
  applications: new Map(),
  profiles: new Map(),
  gateways: new Map(),
  devices: new Map(),
  multicastGroups: new Map(),
  tokens: new Map(),
})

export const stored = <Message>(message: Message, now: number): Stored<Message> => ({ message, createdAt: now, updatedAt: now })

/** The tenant of a device, through its application; null when that is gone. */
export function tenantIdOf(state: NetworkState, device: DeviceRecord): string | null {
  return state.applications.get(device.message.getApplicationId())?.message.getTenantId() ?? null
}

export const profileOf = (state: NetworkState, device: DeviceRecord): DeviceProfile | null =>
  state.profiles.get(device.message.getDeviceProfileId())?.message ?? null

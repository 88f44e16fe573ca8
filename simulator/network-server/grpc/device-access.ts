/** Finds a device for a caller and makes new ones, with ChirpStack's refusals (LW-167). */
import type { Device, DeviceKeys } from '@chirpstack/chirpstack-api/api/device_pb'
import { createDeviceQueue } from '../queue'
import type { Simulation } from '../simulation'
import { stored, tenantIdOf, type ApiToken, type DeviceRecord, type NetworkState, type Stored } from '../state'
import { assertMay, visible } from './caller'
import { duplicateKey, invalidArgument, missingReference, notFound } from './grpc-error'
import { build } from './store-access'
import { assertName, parseEui, parseKey, parseUuid } from './values'

export interface DeviceAccess {
  find(devEui: string, caller: ApiToken, isWrite: boolean): DeviceRecord
  create(device: Device, caller: ApiToken): DeviceRecord
  update(device: Device, caller: ApiToken): void
  keysOf(device: DeviceRecord): Stored<DeviceKeys>
}

/** Ids in lower case, as the database keeps them. */
const normalised = (device: Device): Device =>
  build(device.cloneMessage(), (kept) => {
    kept.setDevEui(parseEui(device.getDevEui()))
    kept.setApplicationId(parseUuid(device.getApplicationId()))
    kept.setDeviceProfileId(parseUuid(device.getDeviceProfileId()))
    kept.setJoinEui(device.getJoinEui() === '' ? '0000000000000000' : parseEui(device.getJoinEui()))
  })

export const newDeviceRecord = (message: Device, now: number): DeviceRecord => ({
  ...stored(message, now),
  keys: null,
  session: null,
  classEnabled: 'CLASS_A',
  lastSeenAt: null,
  lastStatusAt: null,
  lockedUntil: 0,
  servingGatewayId: null,
  queue: createDeviceQueue(),
})

export const normalisedKeys = (keys: DeviceKeys): DeviceKeys =>
  build(keys.cloneMessage(), (kept) => {
    kept.setDevEui(parseEui(keys.getDevEui()))
    kept.setNwkKey(parseKey(keys.getNwkKey()))
    kept.setAppKey(parseKey(keys.getAppKey()))
  })

const tenantOfApplication = ({ applications }: NetworkState, id: string): string | null =>
  applications.get(id)?.message.getTenantId() ?? null

function assertReferences(state: NetworkState, device: Device): void {
  const tenantId = tenantOfApplication(state, device.getApplicationId())
  if (tenantId === null) throw missingReference('device_application_id_fkey')
  const profile = state.profiles.get(device.getDeviceProfileId())
  if (!profile) throw missingReference('device_device_profile_id_fkey')
  if (profile.message.getTenantId() !== tenantId) throw invalidArgument('Application and device-profile must be under the same tenant')
}

function assertQuota(state: NetworkState, tenantId: string | null): void {
  const quota = state.tenants.get(tenantId ?? '')?.message.getMaxDeviceCount() ?? 0
  const used = [...state.devices.values()].filter((device) => tenantIdOf(state, device) === tenantId).length
  if (quota > 0 && used >= quota) throw invalidArgument('Max number of devices exceeded for tenant')
}

export function createDeviceAccess({ clock, state }: Simulation): DeviceAccess {
  const { devices } = state

  function find(devEui: string, caller: ApiToken, isWrite: boolean): DeviceRecord {
    const device = devices.get(parseEui(devEui))
    return visible(caller, device, { tenantId: device ? tenantIdOf(state, device) : null, isWrite, id: devEui })
  }

  return {
    find,
    create: (given, caller) => {
      const message = normalised(given)
      const tenantId = tenantOfApplication(state, message.getApplicationId())
      assertMay(caller, { tenantId, isWrite: true })
      assertName(message.getName())
      assertReferences(state, message)
      if (devices.has(message.getDevEui())) throw duplicateKey('device_pkey')
      assertQuota(state, tenantId)
      const device = newDeviceRecord(message, clock.now())
      devices.set(message.getDevEui(), device)
      return device
    },
    update: (given, caller) => {
      const message = normalised(given)
      const device = find(message.getDevEui(), caller, true)
      assertName(message.getName())
      assertReferences(state, message)
      device.message = message
      device.updatedAt = clock.now()
    },
    keysOf: (device) => {
      if (!device.keys) throw notFound(device.message.getDevEui())
      return device.keys
    },
  }
}

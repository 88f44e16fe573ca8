/** DeviceService of the simulated network server: devices, keys, activation; the queue is in `device-queue.ts`. */
import { DeviceServiceService } from '@chirpstack/chirpstack-api/api/device_grpc_pb'
import {
  DeviceActivation,
  GetDeviceActivationResponse,
  GetDeviceKeysResponse,
  GetDeviceResponse,
  type DeviceKeys,
} from '@chirpstack/chirpstack-api/api/device_pb'
import { DeviceClass } from '@chirpstack/chirpstack-api/common/common_pb'
import { Empty } from 'google-protobuf/google/protobuf/empty_pb'
import type { Downlinks } from '../downlinks'
import type { Simulation } from '../simulation'
import { stored, type DeviceRecord } from '../state'
import { createDeviceAccess, normalisedKeys, type DeviceAccess } from './device-access'
import { createDeviceList } from './device-list'
import { createDeviceQueueMethods } from './device-queue'
import { duplicateKey } from './grpc-error'
import { bindService, type BoundService, type Methods } from './methods'
import { build, required, setTimes } from './store-access'
import { parseEui, timestampOf } from './values'

/** The methods of the service, typed by its definition. */
export type DeviceMethods = Methods<typeof DeviceServiceService>

export interface DeviceServiceParts {
  readonly downlinks: Downlinks
  /** A device got its keys: a unit with them may now join. */
  readonly onKeys: (devEui: string) => void
}

export function createDeviceService(simulation: Simulation, { downlinks, onKeys }: DeviceServiceParts): BoundService {
  const access = createDeviceAccess(simulation)
  return bindService(DeviceServiceService, {
    ...createDeviceMethods(simulation, access),
    ...createKeyMethods(simulation, access, onKeys),
    ...createDeviceQueueMethods(simulation, access, downlinks),
    list: createDeviceList(simulation),
    flushDevNonces: (request, caller) => {
      access.find(request.getDevEui(), caller, true)
      return new Empty()
    },
    getActivation: (request, caller) => {
      const device = access.find(request.getDevEui(), caller, false)
      return build(new GetDeviceActivationResponse(), (reply) => reply.setDeviceActivation(activationOf(device)))
    },
  })
}

function createDeviceMethods({ state }: Simulation, access: DeviceAccess) {
  return {
    create: (request, caller) => {
      access.create(required(request.getDevice(), 'device'), caller)
      return new Empty()
    },
    get: (request, caller) => toGetResponse(access.find(request.getDevEui(), caller, false)),
    update: (request, caller) => {
      access.update(required(request.getDevice(), 'device'), caller)
      return new Empty()
    },
    /** Keys, session and queue go with it, without an event (LW-120). */
    delete: (request, caller) => {
      state.devices.delete(access.find(request.getDevEui(), caller, true).message.getDevEui())
      return new Empty()
    },
  } satisfies Pick<DeviceMethods, 'create' | 'get' | 'update' | 'delete'>
}

function createKeyMethods({ clock }: Simulation, access: DeviceAccess, onKeys: DeviceServiceParts['onKeys']) {
  function setKeys(given: DeviceKeys, device: DeviceRecord): Empty {
    const keys = normalisedKeys(given)
    device.keys = { ...stored(keys, clock.now()), createdAt: device.keys?.createdAt ?? clock.now() }
    onKeys(device.message.getDevEui())
    return new Empty()
  }

  return {
    createKeys: (request, caller) => {
      const given = required(request.getDeviceKeys(), 'device_keys')
      const device = access.find(parseEui(given.getDevEui()), caller, true)
      if (device.keys) throw duplicateKey('device_keys_pkey')
      return setKeys(given, device)
    },
    getKeys: (request, caller) => {
      const keys = access.keysOf(access.find(request.getDevEui(), caller, false))
      return build(new GetDeviceKeysResponse(), (reply) => {
        reply.setDeviceKeys(keys.message.cloneMessage())
        setTimes(reply, keys)
      })
    },
    updateKeys: (request, caller) => {
      const given = required(request.getDeviceKeys(), 'device_keys')
      const device = access.find(given.getDevEui(), caller, true)
      access.keysOf(device)
      return setKeys(given, device)
    },
    deleteKeys: (request, caller) => {
      const device = access.find(request.getDevEui(), caller, true)
      access.keysOf(device)
      device.keys = null
      return new Empty()
    },
  } satisfies Pick<DeviceMethods, 'createKeys' | 'getKeys' | 'updateKeys' | 'deleteKeys'>
}

const toGetResponse = (device: DeviceRecord): GetDeviceResponse =>
  build(new GetDeviceResponse(), (reply) => {
    reply.setDevice(device.message.cloneMessage())
    reply.setClassEnabled(DeviceClass[device.classEnabled])
    if (device.lastSeenAt !== null) reply.setLastSeenAt(timestampOf(device.lastSeenAt))
    setTimes(reply, device)
  })

function activationOf({ session, message }: DeviceRecord): DeviceActivation | undefined {
  if (!session) return undefined
  return build(new DeviceActivation(), (activation) => {
    activation.setDevEui(message.getDevEui())
    activation.setDevAddr(session.devAddr)
    activation.setFCntUp(session.fCntUp)
    activation.setNFCntDown(session.fCntDown)
    activation.setAFCntDown(session.fCntDown)
  })
}

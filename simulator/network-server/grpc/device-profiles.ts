/** DeviceProfileService of the simulated network server. */
import { DeviceProfileServiceService } from '@chirpstack/chirpstack-api/api/device_profile_grpc_pb'
import {
  CreateDeviceProfileResponse,
  DeviceProfileListItem,
  GetDeviceProfileResponse,
  ListDeviceProfilesResponse,
  type DeviceProfile,
  type ListDeviceProfilesRequest,
} from '@chirpstack/chirpstack-api/api/device_profile_pb'
import { Empty } from 'google-protobuf/google/protobuf/empty_pb'
import type { Simulation } from '../simulation'
import type { ApiToken, Stored } from '../state'
import { assertMay } from './caller'
import { missingReference } from './grpc-error'
import { bindService, type BoundService } from './methods'
import { build, createStoreAccess, required, setTimes } from './store-access'
import { byText, matchesSearch, pageOf } from './values'

const toListItem = (row: Stored<DeviceProfile>): DeviceProfileListItem =>
  build(new DeviceProfileListItem(), (item) => {
    const { message } = row
    item.setId(message.getId())
    item.setName(message.getName())
    item.setRegion(message.getRegion())
    item.setMacVersion(message.getMacVersion())
    item.setRegParamsRevision(message.getRegParamsRevision())
    item.setSupportsOtaa(message.getSupportsOtaa())
    item.setSupportsClassB(message.getSupportsClassB())
    item.setSupportsClassC(message.getSupportsClassC())
    setTimes(item, row)
  })

function createList({ state }: Simulation) {
  return (request: ListDeviceProfilesRequest, caller: ApiToken): ListDeviceProfilesResponse => {
    const tenantId = request.getTenantId()
    assertMay(caller, { tenantId, isWrite: false })
    const found = [...state.profiles.values()]
      .filter(({ message }) => tenantId === '' || message.getTenantId() === tenantId)
      .filter(({ message }) => matchesSearch(request.getSearch(), [message.getName()]))
      .sort(byText(({ message }) => message.getName()))
    return build(new ListDeviceProfilesResponse(), (reply) => {
      reply.setTotalCount(found.length)
      reply.setResultList(pageOf(found, request).map(toListItem))
    })
  }
}

export function createDeviceProfileService(simulation: Simulation): BoundService {
  const { profiles, tenants } = simulation.state
  const access = createStoreAccess<DeviceProfile, Stored<DeviceProfile>>(simulation, {
    rows: profiles,
    entity: 'device profile',
    tenantIdOf: (message) => message.getTenantId(),
    assertReferences: (message) => {
      if (!tenants.has(message.getTenantId())) throw missingReference('device_profile_tenant_id_fkey')
    },
    toRow: (row) => row,
  })
  return bindService(DeviceProfileServiceService, {
    create: (request, caller) =>
      build(new CreateDeviceProfileResponse(), (reply) =>
        reply.setId(access.create(required(request.getDeviceProfile(), 'device_profile'), caller)),
      ),
    get: (request, caller) => {
      const row = access.get(request.getId(), caller)
      return build(new GetDeviceProfileResponse(), (reply) => {
        reply.setDeviceProfile(row.message.cloneMessage())
        setTimes(reply, row)
      })
    },
    update: (request, caller) => {
      access.update(required(request.getDeviceProfile(), 'device_profile'), caller)
      return new Empty()
    },
    delete: (request, caller) => {
      access.delete(request.getId(), caller)
      return new Empty()
    },
    list: createList(simulation),
  })
}

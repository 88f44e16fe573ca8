/** MulticastGroupService of the simulated network server. */
import { MulticastGroupServiceService } from '@chirpstack/chirpstack-api/api/multicast_group_grpc_pb'
import {
  CreateMulticastGroupResponse,
  EnqueueMulticastGroupQueueItemResponse,
  GetMulticastGroupResponse,
  ListMulticastGroupQueueResponse,
  ListMulticastGroupsResponse,
  MulticastGroupListItem,
  MulticastGroupQueueItem,
  type ListMulticastGroupsRequest,
  type MulticastGroup,
} from '@chirpstack/chirpstack-api/api/multicast_group_pb'
import { Empty } from 'google-protobuf/google/protobuf/empty_pb'
import type { Multicast } from '../multicast'
import type { Simulation } from '../simulation'
import type { ApiToken, MulticastRecord, NetworkState, Stored } from '../state'
import { assertMay } from './caller'
import { invalidArgument, missingReference } from './grpc-error'
import { bindService, type BoundService, type Methods } from './methods'
import { build, createStoreAccess, required, setTimes, type StoreAccess } from './store-access'
import { byText, matchesSearch, pageOf, parseEui } from './values'

type GroupAccess = StoreAccess<MulticastGroup, MulticastRecord>
type GroupMethods = Methods<typeof MulticastGroupServiceService>

const tenantIdOfGroup = ({ applications }: NetworkState, message: MulticastGroup): string | null =>
  applications.get(message.getApplicationId())?.message.getTenantId() ?? null

const newRecord = (row: Stored<MulticastGroup>): MulticastRecord => ({
  ...row,
  deviceEuis: new Set(),
  gatewayIds: new Set(),
  fCnt: row.message.getFCnt(),
  queue: [],
})

export function createMulticastGroupService(simulation: Simulation, multicast: Multicast): BoundService {
  const { state } = simulation
  const access = createStoreAccess<MulticastGroup, MulticastRecord>(simulation, {
    rows: state.multicastGroups,
    entity: 'multicast group',
    tenantIdOf: (message) => tenantIdOfGroup(state, message),
    assertReferences: (message) => {
      if (!state.applications.has(message.getApplicationId())) throw missingReference('multicast_group_application_id_fkey')
    },
    toRow: newRecord,
  })
  return bindService(MulticastGroupServiceService, {
    ...createGroupMethods(access),
    ...createMemberMethods(state, access),
    ...createQueueMethods(access, multicast),
    list: createList(state),
  })
}

function createGroupMethods(access: GroupAccess) {
  return {
    create: (request, caller) =>
      build(new CreateMulticastGroupResponse(), (reply) =>
        reply.setId(access.create(required(request.getMulticastGroup(), 'multicast_group'), caller)),
      ),
    get: (request, caller) => {
      const row = access.get(request.getId(), caller)
      return build(new GetMulticastGroupResponse(), (reply) => {
        reply.setMulticastGroup(row.message.cloneMessage())
        setTimes(reply, row)
      })
    },
    update: (request, caller) => {
      access.update(required(request.getMulticastGroup(), 'multicast_group'), caller)
      return new Empty()
    },
    delete: (request, caller) => {
      access.delete(request.getId(), caller)
      return new Empty()
    },
  } satisfies Pick<GroupMethods, 'create' | 'get' | 'update' | 'delete'>
}

interface MembershipRequest {
  getMulticastGroupId(): string
}

function createMemberMethods({ devices, gateways }: NetworkState, access: GroupAccess) {
  /** Members must exist and be of the group's application or tenant; the database says so with a foreign key. */
  const change = (request: MembershipRequest, caller: ApiToken, apply: (group: MulticastRecord) => void): Empty => {
    const group = access.get(request.getMulticastGroupId(), caller)
    assertMay(caller, { tenantId: caller.tenantId, isWrite: true })
    apply(group)
    return new Empty()
  }

  return {
    addDevice: (request, caller) =>
      change(request, caller, (group) => {
        const device = devices.get(parseEui(request.getDevEui()))
        if (device?.message.getApplicationId() !== group.message.getApplicationId()) throw missingReference('multicast_group_device_fkey')
        group.deviceEuis.add(device.message.getDevEui())
      }),
    removeDevice: (request, caller) => change(request, caller, (group) => void group.deviceEuis.delete(parseEui(request.getDevEui()))),
    addGateway: (request, caller) =>
      change(request, caller, (group) => {
        const gatewayId = parseEui(request.getGatewayId())
        if (!gateways.has(gatewayId)) throw missingReference('multicast_group_gateway_fkey')
        group.gatewayIds.add(gatewayId)
      }),
    removeGateway: (request, caller) => change(request, caller, (group) => void group.gatewayIds.delete(parseEui(request.getGatewayId()))),
  } satisfies Pick<GroupMethods, 'addDevice' | 'removeDevice' | 'addGateway' | 'removeGateway'>
}

function createQueueMethods(access: GroupAccess, multicast: Multicast) {
  const writable = (id: string, caller: ApiToken): MulticastRecord => {
    assertMay(caller, { tenantId: caller.tenantId, isWrite: true })
    return access.get(id, caller)
  }

  return {
    /** Answers a counter, not an id. */
    enqueue: (request, caller) => {
      const given = required(request.getQueueItem(), 'queue_item')
      const group = writable(given.getMulticastGroupId(), caller)
      const fPort = given.getFPort() & 0xff
      if (fPort === 0) throw invalidArgument('FPort must be > 0')
      const fCnt = group.fCnt++
      group.queue = [...group.queue, { fCnt, fPort, data: given.getData_asU8() }]
      if (group.queue.length === 1) multicast.wake(group)
      return build(new EnqueueMulticastGroupQueueItemResponse(), (reply) => reply.setFCnt(fCnt))
    },
    flushQueue: (request, caller) => {
      writable(request.getMulticastGroupId(), caller).queue = []
      return new Empty()
    },
    listQueue: (request, caller) => {
      const group = access.get(request.getMulticastGroupId(), caller)
      return build(new ListMulticastGroupQueueResponse(), (reply) =>
        reply.setItemsList(group.queue.map((item) => toQueueItem(group, item))),
      )
    },
  } satisfies Pick<GroupMethods, 'enqueue' | 'flushQueue' | 'listQueue'>
}

const toQueueItem = ({ message }: MulticastRecord, { fCnt, fPort, data }: MulticastRecord['queue'][number]): MulticastGroupQueueItem =>
  build(new MulticastGroupQueueItem(), (item) => {
    item.setMulticastGroupId(message.getId())
    item.setFCnt(fCnt)
    item.setFPort(fPort)
    item.setData(data)
  })

function createList(state: NetworkState) {
  const tenantAskedFor = (request: ListMulticastGroupsRequest): string | null =>
    state.applications.get(request.getApplicationId())?.message.getTenantId() ?? (request.getTenantId() || null)

  const toListItem = (row: MulticastRecord): MulticastGroupListItem =>
    build(new MulticastGroupListItem(), (item) => {
      item.setId(row.message.getId())
      item.setName(row.message.getName())
      item.setRegion(row.message.getRegion())
      item.setGroupType(row.message.getGroupType())
      item.setApplicationId(row.message.getApplicationId())
      setTimes(item, row)
    })

  return (request: ListMulticastGroupsRequest, caller: ApiToken): ListMulticastGroupsResponse => {
    const tenantId = tenantAskedFor(request)
    assertMay(caller, { tenantId, isWrite: false })
    const found = [...state.multicastGroups.values()]
      .filter(({ message }) => tenantId === null || tenantIdOfGroup(state, message) === tenantId)
      .filter(({ message }) => request.getApplicationId() === '' || message.getApplicationId() === request.getApplicationId())
      .filter(({ message }) => matchesSearch(request.getSearch(), [message.getName()]))
      .sort(byText(({ message }) => message.getName()))
    return build(new ListMulticastGroupsResponse(), (reply) => {
      reply.setTotalCount(found.length)
      reply.setResultList(pageOf(found, request).map(toListItem))
    })
  }
}

/** GatewayService of the simulated network server. */
import { GatewayServiceService } from '@chirpstack/chirpstack-api/api/gateway_grpc_pb'
import {
  GatewayListItem,
  GatewayState,
  GetGatewayResponse,
  ListGatewaysRequest,
  ListGatewaysResponse,
  type Gateway,
} from '@chirpstack/chirpstack-api/api/gateway_pb'
import { Empty } from 'google-protobuf/google/protobuf/empty_pb'
import { gatewayHealth, gatewayLastSeen } from '../gateways'
import type { Simulation } from '../simulation'
import { stored, type ApiToken, type GatewayRecord } from '../state'
import { assertMay, visible } from './caller'
import { duplicateKey, missingReference } from './grpc-error'
import { bindService, type BoundService } from './methods'
import { build, required, setTimes } from './store-access'
import { assertName, byText, matchesSearch, pageOf, parseEui, timestampOf } from './values'

const isById = (order: number): boolean => order === ListGatewaysRequest.OrderBy.GATEWAY_ID
const isBySeen = (order: number): boolean => order === ListGatewaysRequest.OrderBy.LAST_SEEN_AT

/** What the rows of a list are sorted by, as text. */
const sortKey = (order: number, now: number) => (row: GatewayRecord) => {
  if (isById(order)) return row.message.getGatewayId()
  return isBySeen(order) ? String(gatewayLastSeen(row, now) ?? 0).padStart(15, '0') : row.message.getName()
}

const toListItem = (row: GatewayRecord, now: number): GatewayListItem =>
  build(new GatewayListItem(), (item) => {
    const lastSeen = gatewayLastSeen(row, now)
    item.setTenantId(row.message.getTenantId())
    item.setGatewayId(row.message.getGatewayId())
    item.setName(row.message.getName())
    item.setDescription(row.message.getDescription())
    item.setLocation(row.message.getLocation())
    item.setState(GatewayState[gatewayHealth(row, now)])
    if (lastSeen !== null) item.setLastSeenAt(timestampOf(lastSeen))
    setTimes(item, row)
  })

const newGateway = (message: Gateway, now: number): GatewayRecord => ({
  ...stored(message, now),
  isOnline: false,
  firstSeenAt: null,
  silentSince: null,
})

type FindGateway = (id: string, caller: ApiToken, isWrite: boolean) => GatewayRecord

const createFind =
  ({ state }: Simulation): FindGateway =>
  (id, caller, isWrite) => {
    const row = state.gateways.get(parseEui(id))
    return visible(caller, row, { tenantId: row?.message.getTenantId() ?? null, isWrite, id })
  }

function createCreate({ clock, state }: Simulation) {
  return (given: Gateway, caller: ApiToken): Empty => {
    const id = parseEui(given.getGatewayId())
    assertMay(caller, { tenantId: given.getTenantId(), isWrite: true })
    assertName(given.getName())
    if (!state.tenants.has(given.getTenantId())) throw missingReference('gateway_tenant_id_fkey')
    if (state.gateways.has(id)) throw duplicateKey('gateway_pkey')
    const message = build(given.cloneMessage(), (gateway) => gateway.setGatewayId(id))
    state.gateways.set(id, newGateway(message, clock.now()))
    return new Empty()
  }
}

function createList({ clock, state }: Simulation) {
  return (request: ListGatewaysRequest, caller: ApiToken): ListGatewaysResponse => {
    const tenantId = request.getTenantId()
    assertMay(caller, { tenantId, isWrite: false })
    const found = [...state.gateways.values()]
      .filter(({ message }) => tenantId === '' || message.getTenantId() === tenantId)
      .filter(({ message }) => matchesSearch(request.getSearch(), [message.getName(), message.getGatewayId()]))
      .sort(byText(sortKey(request.getOrderBy(), clock.now())))
    const sorted = request.getOrderByDesc() ? found.reverse() : found
    return build(new ListGatewaysResponse(), (reply) => {
      reply.setTotalCount(sorted.length)
      reply.setResultList(pageOf(sorted, request).map((row) => toListItem(row, clock.now())))
    })
  }
}

export function createGatewayService(simulation: Simulation): BoundService {
  const { clock, state } = simulation
  const find = createFind(simulation)
  const create = createCreate(simulation)
  return bindService(GatewayServiceService, {
    create: (request, caller) => create(required(request.getGateway(), 'gateway'), caller),
    get: (request, caller) => {
      const row = find(request.getGatewayId(), caller, false)
      const lastSeen = gatewayLastSeen(row, clock.now())
      return build(new GetGatewayResponse(), (reply) => {
        reply.setGateway(row.message.cloneMessage())
        if (lastSeen !== null) reply.setLastSeenAt(timestampOf(lastSeen))
        setTimes(reply, row)
      })
    },
    update: (request, caller) => {
      const given = required(request.getGateway(), 'gateway')
      const row = find(given.getGatewayId(), caller, true)
      assertName(given.getName())
      row.message = build(given.cloneMessage(), (message) => message.setTenantId(row.message.getTenantId()))
      row.updatedAt = clock.now()
      return new Empty()
    },
    delete: (request, caller) => {
      state.gateways.delete(find(request.getGatewayId(), caller, true).message.getGatewayId())
      return new Empty()
    },
    list: createList(simulation),
  })
}

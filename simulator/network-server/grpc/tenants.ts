/** TenantService and InternalService of the simulated network server: what API keys get of them (LW-151). */
import { InternalServiceService } from '@chirpstack/chirpstack-api/api/internal_grpc_pb'
import { TenantServiceService } from '@chirpstack/chirpstack-api/api/tenant_grpc_pb'
import { GetTenantResponse, ListTenantsResponse, TenantListItem, type Tenant } from '@chirpstack/chirpstack-api/api/tenant_pb'
import type { Simulation } from '../simulation'
import type { Stored } from '../state'
import { assertAdmin, visible } from './caller'
import { unauthenticated } from './grpc-error'
import { bindService, type BoundService } from './methods'
import { build, setTimes } from './store-access'
import { byText, matchesSearch, pageOf, parseUuid } from './values'

const toListItem = (row: Stored<Tenant>): TenantListItem =>
  build(new TenantListItem(), (item) => {
    const { message } = row
    item.setId(message.getId())
    item.setName(message.getName())
    item.setCanHaveGateways(message.getCanHaveGateways())
    item.setMaxDeviceCount(message.getMaxDeviceCount())
    item.setMaxGatewayCount(message.getMaxGatewayCount())
    setTimes(item, row)
  })

export function createTenantService({ state }: Simulation): BoundService {
  return bindService(TenantServiceService, {
    get: (request, caller) => {
      const id = parseUuid(request.getId())
      const row = visible(caller, state.tenants.get(id), { tenantId: id, isWrite: false, id })
      return build(new GetTenantResponse(), (reply) => {
        reply.setTenant(row.message.cloneMessage())
        setTimes(reply, row)
      })
    },
    list: (request, caller) => {
      assertAdmin(caller)
      const found = [...state.tenants.values()]
        .filter(({ message }) => matchesSearch(request.getSearch(), [message.getName()]))
        .sort(byText(({ message }) => message.getName()))
      return build(new ListTenantsResponse(), (reply) => {
        reply.setTotalCount(found.length)
        reply.setResultList(pageOf(found, request).map(toListItem))
      })
    },
  })
}

/** Answers people who are signed in, never an API key (LW-021). */
export const createInternalService = (): BoundService =>
  bindService(InternalServiceService, {
    getVersion: () => {
      throw unauthenticated()
    },
  })

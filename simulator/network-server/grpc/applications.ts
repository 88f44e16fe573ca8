/** ApplicationService of the simulated network server. */
import { ApplicationServiceService } from '@chirpstack/chirpstack-api/api/application_grpc_pb'
import {
  ApplicationListItem,
  CreateApplicationResponse,
  GetApplicationResponse,
  ListApplicationsResponse,
  type Application,
  type ListApplicationsRequest,
} from '@chirpstack/chirpstack-api/api/application_pb'
import { Empty } from 'google-protobuf/google/protobuf/empty_pb'
import type { Simulation } from '../simulation'
import type { ApiToken, Stored } from '../state'
import { assertMay } from './caller'
import { missingReference } from './grpc-error'
import { bindService, type BoundService } from './methods'
import { build, createStoreAccess, required, setTimes } from './store-access'
import { byText, matchesSearch, pageOf } from './values'

const toListItem = (row: Stored<Application>): ApplicationListItem =>
  build(new ApplicationListItem(), (item) => {
    item.setId(row.message.getId())
    item.setName(row.message.getName())
    item.setDescription(row.message.getDescription())
    setTimes(item, row)
  })

function createList({ state }: Simulation) {
  return (request: ListApplicationsRequest, caller: ApiToken): ListApplicationsResponse => {
    const tenantId = request.getTenantId()
    assertMay(caller, { tenantId, isWrite: false })
    const found = [...state.applications.values()]
      .filter(({ message }) => tenantId === '' || message.getTenantId() === tenantId)
      .filter(({ message }) => matchesSearch(request.getSearch(), [message.getName()]))
      .sort(byText(({ message }) => message.getName()))
    return build(new ListApplicationsResponse(), (reply) => {
      reply.setTotalCount(found.length)
      reply.setResultList(pageOf(found, request).map(toListItem))
    })
  }
}

export function createApplicationService(simulation: Simulation): BoundService {
  const { applications, tenants } = simulation.state
  const access = createStoreAccess<Application, Stored<Application>>(simulation, {
    rows: applications,
    entity: 'application',
    tenantIdOf: (message) => message.getTenantId(),
    assertReferences: (message) => {
      if (!tenants.has(message.getTenantId())) throw missingReference('application_tenant_id_fkey')
    },
    toRow: (row) => row,
  })
  return bindService(ApplicationServiceService, {
    create: (request, caller) =>
      build(new CreateApplicationResponse(), (reply) =>
        reply.setId(access.create(required(request.getApplication(), 'application'), caller)),
      ),
    get: (request, caller) => {
      const row = access.get(request.getId(), caller)
      return build(new GetApplicationResponse(), (reply) => {
        reply.setApplication(row.message.cloneMessage())
        setTimes(reply, row)
      })
    },
    update: (request, caller) => {
      access.update(required(request.getApplication(), 'application'), caller)
      return new Empty()
    },
    delete: (request, caller) => {
      access.delete(request.getId(), caller)
      return new Empty()
    },
    list: createList(simulation),
  })
}

/** What a gateway's change means for the bays and lights that it serves (DOM-709, DOM-642). */
import { projectSpace } from '#db/projection/project-space'
import type { NudgeReason } from '#domain/display/light'
import type { ChangedGateway, GatewayRowsPort, ServedSpace } from '#workflows/gateway-watch/port'
import type { ActivityDeps } from '../deps'

/** 200 bays a second, so that an outage of a whole site leaves the database to everyone else. */
const PER_SECOND = 200
/** Half of what one attempt may take (`sweep`): slow projections and the reading of the lists fit into the rest. */
const SLICE_MS = 30_000

export function createProjectServedSpaces(deps: ActivityDeps, sliceMs = SLICE_MS): GatewayRowsPort['projectServedSpaces'] {
  return async ({ changed, after }) => {
    const started = Date.now()
    const spaces = (await servedBy(deps, changed)).filter((space) => after === undefined || isAfter(space, after))
    let projected = 0
    for (const space of spaces) {
      await projectOne(deps, space)
      await pace(++projected, started)
      if (projected < spaces.length && Date.now() - started >= sliceMs) return { projected, next: space }
    }
    return { projected }
  }
}

/** Each bay once, however many of the gateways serve it, in the order of tenant and bay. */
async function servedBy({ unitOfWork }: ActivityDeps, changed: readonly ChangedGateway[]): Promise<ServedSpace[]> {
  const spaces = new Map<string, ServedSpace>()
  for (const { tenantId, gatewayEui } of changed) {
    const served = await unitOfWork.withTenant({ tenantId }, ({ gatewayStates }) => gatewayStates.servedSpaces(gatewayEui), {
      readOnly: true,
    })
    for (const spaceId of served) spaces.set(spaceId, { tenantId, spaceId })
  }
  return [...spaces.values()].sort((a, b) => (isAfter(a, b) ? 1 : -1))
}

const isAfter = (a: ServedSpace, b: ServedSpace): boolean => (a.tenantId === b.tenantId ? a.spaceId > b.spaceId : a.tenantId > b.tenantId)

async function projectOne({ unitOfWork, dispatcher, origin }: ActivityDeps, { tenantId, spaceId }: ServedSpace): Promise<void> {
  const result = await unitOfWork.withTenant({ tenantId }, (repositories) =>
    projectSpace(repositories, { spaceId, cause: 'system', origin: origin() }),
  )
  if (!result.gone && result.handover !== null) await dispatcher.settle(result.handover)
}

async function pace(done: number, started: number): Promise<void> {
  const ahead = (done / PER_SECOND) * 1_000 - (Date.now() - started)
  if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead))
}

export function createTellDisplays({ unitOfWork, teller }: Pick<ActivityDeps, 'unitOfWork' | 'teller'>): GatewayRowsPort['tellDisplays'] {
  return async ({ changed, linkBackFor }) => {
    let told = 0
    const tell = async (tenantId: string, deviceIds: readonly string[], why: NudgeReason) => {
      for (const deviceId of deviceIds) {
        await teller.nudge({ tenantId, deviceId, why })
        told++
      }
    }
    for (const { tenantId, gatewayEui } of changed.filter(({ to }) => to === 'online')) {
      const served = await unitOfWork.withTenant({ tenantId }, ({ gatewayStates }) => gatewayStates.servedDisplays(gatewayEui), {
        readOnly: true,
      })
      await tell(tenantId, served, 'gateway_back')
    }
    if (linkBackFor === null) return { told }
    for (const tenantId of await unitOfWork.withLookups(({ lookup }) => lookup.activeTenants())) {
      const waiting = await unitOfWork.withTenant({ tenantId }, ({ gatewayStates }) => gatewayStates.waitingDisplays(), { readOnly: true })
      await tell(tenantId, waiting, 'network_server_back')
    }
    return { told }
  }
}

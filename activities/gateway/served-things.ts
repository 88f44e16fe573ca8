/** What a gateway's change means for the bays and lights that it serves (DOM-709, DOM-642). */
import { projectSpace } from '#db/projection/project-space'
import type { NudgeReason } from '#domain/display/light'
import type { GatewayRowsPort } from '#workflows/gateway-watch/port'
import type { ActivityDeps } from '../deps'

/** 200 bays a second, so that an outage of a whole site leaves the database to everyone else. */
const PER_SECOND = 200

export function createProjectServedSpaces({ unitOfWork, dispatcher, origin }: ActivityDeps): GatewayRowsPort['projectServedSpaces'] {
  return async ({ changed }) => {
    let projected = 0
    const started = Date.now()
    for (const { tenantId, gatewayEui } of changed) {
      const spaceIds = await unitOfWork.withTenant({ tenantId }, ({ gatewayStates }) => gatewayStates.servedSpaces(gatewayEui), {
        readOnly: true,
      })
      for (const spaceId of spaceIds) {
        const result = await unitOfWork.withTenant({ tenantId }, (repositories) =>
          projectSpace(repositories, { spaceId, cause: 'system', origin: origin() }),
        )
        if (!result.gone && result.handover !== null) await dispatcher.settle(result.handover)
        await pace(++projected, started)
      }
    }
    return { projected }
  }
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

/** Reads gateways from the network server and writes what changed, tenant by tenant (WF-180, DOM-709, DOM-1085). */
import type { FeedEvent } from '#domain/shared/outbox'
import type { ChangedGateway, GatewayNetworkPort, GatewayRowsPort, GatewayStates } from '#workflows/gateway-watch/port'
import { announce } from '../announce'
import type { ActivityDeps, TenantRepositories } from '../deps'
import { NetworkServerError } from '../network-server'

/** An unreachable server is an answer: nothing is concluded about gateways, and the link says so (DOM-701). */
export function createReadGatewayStates({
  networkServer,
  metrics,
}: Pick<ActivityDeps, 'networkServer' | 'metrics'>): GatewayNetworkPort['readGatewayStates'] {
  return async () => {
    try {
      const gateways = await networkServer.listGateways()
      metrics.chirpstackUp.set(1)
      return { reachable: true, gateways }
    } catch (error) {
      metrics.chirpstackUp.set(0)
      if (error instanceof NetworkServerError)
        return { reachable: false, code: error.kind === 'unauthenticated' ? 'unauthenticated' : error.code }
      throw error
    }
  }
}

export function createApplyGatewayStates(deps: ActivityDeps): GatewayRowsPort['applyGatewayStates'] {
  return async ({ tenantId, linkId, states }) => {
    const { unitOfWork } = deps
    const link = await unitOfWork.withTenant({ tenantId }, (repositories) => judgeLink(repositories, linkId, states))
    await announce(deps, link.events)
    const changed: ChangedGateway[] = []
    for (const tenant of await unitOfWork.withLookups(({ lookup }) => lookup.activeTenants())) {
      await unitOfWork.withTenant({ tenantId: tenant }, ({ gatewayStates }) => markLink(gatewayStates, states))
      if (!states.reachable) continue
      const applied = await unitOfWork.withTenant({ tenantId: tenant }, (repositories) => apply(repositories, tenant, states.gateways))
      changed.push(...applied.changed)
      await announce(deps, applied.events)
    }
    return { changed, linkCameBack: link.cameBack }
  }
}

/** Every tenant that is reached by this link sees its state. */
function markLink(gatewayStates: TenantRepositories['gatewayStates'], states: GatewayStates): Promise<number> {
  if (states.reachable) return gatewayStates.markLink('ok', null)
  return gatewayStates.markLink(states.code === 'unauthenticated' ? 'unauthenticated' : 'unreachable', states.code)
}

/** One alert per link, opened by its first silence and closed by its first answer (DOM-621). */
async function judgeLink(
  { alerts }: TenantRepositories,
  linkId: string,
  states: GatewayStates,
): Promise<{ events: FeedEvent[]; cameBack: boolean }> {
  const alert = { kind: 'chirpstack_unreachable', subjectId: linkId }
  if (states.reachable) {
    const events = await alerts.close(alert)
    return { events, cameBack: events.length > 0 }
  }
  const evidence = { code: states.code }
  const events = await alerts.open({
    ...alert,
    severity: 'critical',
    subjectType: 'link',
    siteId: null,
    spaceId: null,
    deviceId: null,
    evidence,
  })
  return { events, cameBack: false }
}

type Gateways = Extract<GatewayStates, { reachable: true }>['gateways']

async function apply({ alerts, gatewayStates, lightFeed }: TenantRepositories, tenantId: string, remote: Gateways) {
  const changed = await gatewayStates.apply(remote)
  const events: FeedEvent[] = []
  for (const change of changed) {
    const affected = await gatewayStates.servedSpaces(change.gatewayEui)
    events.push(lightFeed.ofGateway(change, affected.length))
    const alert = { kind: 'gateway_offline', subjectId: change.gatewayRef }
    if (change.to !== 'offline') events.push(...(await alerts.close(alert)))
    else {
      const about = { subjectType: 'gateway', siteId: change.siteId, spaceId: null, deviceId: null }
      const evidence = { gateway_eui: change.gatewayEui, name: change.name, affected_spaces: affected.length }
      events.push(...(await alerts.open({ ...alert, ...about, severity: 'critical', evidence })))
    }
  }
  return { events, changed: changed.map(({ gatewayEui, to }) => ({ tenantId, gatewayEui, to })) }
}

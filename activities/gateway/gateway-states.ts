/** Reads gateways from the network server and writes what changed, tenant by tenant (WF-180, DOM-709, DOM-1085). */
import type { Instant } from '#domain/shared/instant'
import type { FeedEvent } from '#domain/shared/outbox'
import type { ChangedGateway, GatewayNetworkPort, GatewayRowsPort, GatewayStates } from '#workflows/gateway-watch/port'
import { announce } from '../announce'
import type { ActivityDeps, TenantRepositories } from '../deps'
import { NetworkServerError } from '../network-server'

/** Between Temporal's clock and the database's. What is found twice by it is projected twice, which changes nothing. */
const CLOCK_MARGIN_MS = 5_000

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
  return async ({ tenantId, linkId, states, lookedAt }) => {
    const { unitOfWork, log } = deps
    const since = lookedAt === undefined ? null : lookedAt - CLOCK_MARGIN_MS
    const link = await unitOfWork.withTenant({ tenantId }, (repositories) => judgeLink(repositories, linkId, states))
    await announce(deps, link.events)
    const changed: ChangedGateway[] = []
    const failures: unknown[] = []
    for (const tenant of await unitOfWork.withLookups(({ lookup }) => lookup.activeTenants())) {
      try {
        changed.push(...(await applyTo(deps, tenant, { states, since })))
      } catch (error) {
        failures.push(error)
        log.warn({ err: error, tenant_id: tenant }, 'gateway states of a tenant were not written')
      }
    }
    if (failures.length > 0 && changed.length === 0 && !link.cameBack) throw failures[0]
    return { changed, linkCameBack: link.cameBack }
  }
}

/** What one tenant's gateways did; a tenant that fails is met by the next look, and keeps nothing from the others. */
async function applyTo(
  deps: ActivityDeps,
  tenantId: string,
  { states, since }: { states: GatewayStates; since: Instant | null },
): Promise<ChangedGateway[]> {
  const { unitOfWork } = deps
  await unitOfWork.withTenant({ tenantId }, ({ gatewayStates }) => markLink(gatewayStates, states))
  if (!states.reachable) return []
  const { events, changed } = await unitOfWork.withTenant({ tenantId }, (repositories) =>
    apply(repositories, { tenantId, remote: states.gateways, since }),
  )
  await announce(deps, events)
  return changed
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

interface Look {
  readonly tenantId: string
  readonly remote: Gateways
  readonly since: Instant | null
}

async function apply({ alerts, gatewayStates, lightFeed }: TenantRepositories, { tenantId, remote, since }: Look) {
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
  const before = since === null ? [] : await gatewayStates.foundSince(since)
  const found = new Map([...changed, ...before].map(({ gatewayEui, to }) => [gatewayEui, { tenantId, gatewayEui, to }]))
  return { events, changed: [...found.values()] }
}

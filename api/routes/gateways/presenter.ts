/** Gateways as answers show them (api-v6 § 11). */
import type { UserPrincipal } from '#domain/authorization/principal'
import { hourlyBudgetMs, rx2Of } from '#domain/display/airtime'
import { presentEui } from '#domain/shared/eui'
import { toIso } from '#domain/shared/instant'
import { isoOrNull, presentTenant } from '../shared/present'
import type { Repositories } from '../shared/repositories'

export type GatewayRow = NonNullable<Awaited<ReturnType<Repositories['gateways']['get']>>>
type GatewayCount = Awaited<ReturnType<Repositories['gateways']['counts']>>[number]

const DEFAULT_REGION = 'EU868'

/** Our share of an hour of air through this gateway; null where no duty cycle applies (LW-110). */
export function airtimeBudgetMs(config: Readonly<Record<string, unknown>>): number | null {
  const { region } = config
  return hourlyBudgetMs(rx2Of(typeof region === 'string' ? region : DEFAULT_REGION))
}

export function presentGateway(gateway: GatewayRow, principal: UserPrincipal) {
  return {
    id: gateway.gatewayRef,
    ...presentTenant(gateway, principal),
    gateway_id: presentEui(gateway.gatewayEui),
    name: gateway.name,
    description: gateway.description,
    location: gateway.location,
    latitude: gateway.latitude,
    longitude: gateway.longitude,
    altitude_metres: gateway.altitudeMetres,
    site_id: gateway.siteId,
    site_name: gateway.siteName,
    model: gateway.model,
    enabled: gateway.enabled,
    config: gateway.config,
    metadata: gateway.metadata,
    status: gateway.status,
    status_since: toIso(gateway.statusSince),
    is_online: gateway.status === 'online',
    last_seen_at: isoOrNull(gateway.lastSeenAt),
    devices_heard_24h: gateway.devicesHeard,
    affected_spaces: gateway.affectedSpaces,
    airtime_used_ms: gateway.airtimeUsedMs,
    airtime_budget_ms: airtimeBudgetMs(gateway.config),
    chirpstack_gateway_id: gateway.chirpstackId,
    chirpstack_sync_status: gateway.syncStatus,
    version: gateway.version,
    created_at: toIso(gateway.createdAt),
    updated_at: toIso(gateway.updatedAt),
  }
}

export function presentGatewaySummary(counts: readonly GatewayCount[], tenantId: string) {
  const of = (status: GatewayCount['status']) => counts.find((one) => one.status === status)?.count ?? 0
  const [online, offline, neverSeen] = [of('online'), of('offline'), of('never_seen')]
  return { total: online + offline + neverSeen, online, offline, never_seen: neverSeen, tenant_id: tenantId }
}

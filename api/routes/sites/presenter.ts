/** Car parks as answers show them (api-v6 § 8). */
import type { UserPrincipal } from '#domain/authorization/principal'
import { toIso, type Instant } from '#domain/shared/instant'
import { percent, presentTenant } from '../shared/present'
import type { Repositories } from '../shared/repositories'

export type SiteRow = NonNullable<Awaited<ReturnType<Repositories['sites']['get']>>>

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)

export function presentSite(site: SiteRow, principal: UserPrincipal) {
  const { location } = site
  return {
    id: site.siteId,
    ...presentTenant(site, principal),
    name: site.name,
    slug: site.slug,
    address: textOf(location['address']),
    city: textOf(location['city']),
    state: textOf(location['state']),
    postal_code: textOf(location['postal_code']),
    country: textOf(location['country']),
    latitude: numberOf(location['latitude']),
    longitude: numberOf(location['longitude']),
    timezone: site.timezone,
    settings: site.settings,
    is_active: site.isActive,
    metadata: site.metadata,
    ...presentCounts(site),
    created_at: toIso(site.createdAt),
    updated_at: toIso(site.updatedAt),
    version: site.version,
  }
}

function presentCounts(site: SiteRow) {
  return {
    space_count: site.total,
    device_count: site.deviceCount,
    gateway_count: site.gatewayCount,
    free_spaces: site.free,
    occupied_spaces: site.occupied,
    reserved_spaces: site.reserved,
    maintenance_spaces: site.maintenance,
    unknown_spaces: site.unknown,
    occupancy_rate: percent(site.occupied, site.total),
    gateways_online: site.gatewaysOnline,
  }
}

export function presentOccupancy(site: SiteRow, generatedAt: Instant) {
  return {
    site_id: site.siteId,
    site_name: site.name,
    site_code: site.slug,
    total_spaces: site.total,
    free: site.free,
    occupied: site.occupied,
    reserved: site.reserved,
    maintenance: site.maintenance,
    unknown: site.unknown,
    available: site.free,
    occupancy_rate: percent(site.occupied, site.total),
    tenant_id: site.tenantId,
    generated_at: toIso(generatedAt),
  }
}

/** A demo tenant's people, sites, spaces and gateways → rows by table; a space begins where its past ends. */
import { iso, type RowsByTable, type SeedRow } from './insert-rows'
import type { SeedGateway, SeedOptions, SeedSite, SeedSpace, SeedTenant, SeedUser } from './seed-plan'

/** Columns with defaults are named, because a bulk insert from JSON would otherwise write null. */
export const configured = (now: number): SeedRow => ({ created_at: iso(now), updated_at: iso(now), version: 1 })

export function placeRows(tenant: SeedTenant, { now, passwordHash }: SeedOptions, bays: RowsByTable): RowsByTable {
  const states = latestStates(bays['state_changes'] ?? [])
  const spaces = tenant.sites.flatMap((site) =>
    site.spaces.map((space) => spaceRow(space, { tenantId: tenant.id, now, past: states.get(space.id) })),
  )
  return {
    users: tenant.users.map((user) => userRow(user, now, passwordHash)),
    user_memberships: tenant.users.map(({ id, role }) => ({
      tenant_id: tenant.id,
      id,
      user_id: id,
      role,
      is_active: true,
      metadata: {},
      ...configured(now),
    })),
    sites: tenant.sites.map((site) => siteRow(tenant.id, site, now)),
    spaces,
    site_occupancy: tenant.sites.map((site) => occupancyRow(site, { tenantId: tenant.id, now, spaces })),
    gateways: tenant.gateways.map((gateway) => gatewayRow(tenant.id, gateway, now)),
  }
}

/** Changes come in order of sequence, so the last one of each space stays. */
const latestStates = (changes: readonly SeedRow[]): Map<unknown, SeedRow> => new Map(changes.map((change) => [change['space_id'], change]))

function userRow({ id, email, name }: SeedUser, now: number, passwordHash: string): SeedRow {
  const person = { id, email, name, password_hash: passwordHash, is_active: true, email_verified_at: iso(now) }
  return { ...person, language: 'en', preferences: {}, metadata: {}, ...configured(now) }
}

function siteRow(tenantId: string, { id, name, slug, timezone, location }: SeedSite, now: number): SeedRow {
  return { tenant_id: tenantId, id, name, slug, timezone, location, settings: {}, metadata: {}, is_active: true, ...configured(now) }
}

interface SpaceContext {
  readonly tenantId: string
  readonly now: number
  readonly past: SeedRow | undefined
}

/** `next_check_at` is now: the sweep projects every bay within its first minute. */
function spaceRow({ id, siteId, code, floor, zone, kind }: SeedSpace, { tenantId, now, past }: SpaceContext): SeedRow {
  const place = {
    tenant_id: tenantId,
    id,
    site_id: siteId,
    code,
    name: code,
    floor,
    zone,
    kind,
    labels: [],
    enabled: true,
    is_reservable: true,
    config: {},
    metadata: {},
  }
  const untold = { new_state: 'unknown', state_reason: 'no_sensor', valid_at: iso(now), sequence: 0, sensor_state: null }
  const { new_state, state_reason, valid_at, sequence, sensor_state } = past ?? untold
  const live = {
    current_state: new_state,
    state_reason,
    state_changed_at: valid_at,
    state_sequence: sequence,
    sensor_state,
    policy_version: 0,
  }
  return { ...place, ...live, next_check_at: iso(now), next_check_cause: 'liveness', ...configured(now) }
}

function occupancyRow(site: SeedSite, { tenantId, now, spaces }: { tenantId: string; now: number; spaces: readonly SeedRow[] }): SeedRow {
  const own = spaces.filter((space) => space['site_id'] === site.id)
  const count = (state: string) => own.filter((space) => space['current_state'] === state).length
  const counts = {
    free: count('free'),
    occupied: count('occupied'),
    reserved: count('reserved'),
    maintenance: count('maintenance'),
    unknown: count('unknown'),
  }
  const reasons = counts.unknown > 0 ? { no_sensor: counts.unknown } : {}
  return { tenant_id: tenantId, site_id: site.id, total: own.length, ...counts, unknown_reasons: reasons, updated_at: iso(now) }
}

function gatewayRow(tenantId: string, { id, eui, name, latitude, longitude, siteId }: SeedGateway, now: number): SeedRow {
  const place = { tenant_id: tenantId, id, gateway_id: eui, name, latitude, longitude, site_id: siteId }
  return {
    ...place,
    status: 'never_seen',
    status_since: iso(now),
    enabled: true,
    config: {},
    metadata: {},
    chirpstack_sync_status: 'synced',
    ...configured(now),
  }
}

/** A demo tenant's devices, assignments and network-server link → rows by table. */
import { iso, type RowsByTable, type SeedRow } from './insert-rows'
import { configured } from './place-rows'
import type { SeedDevice, SeedOptions, SeedTenant } from './seed-plan'

const ASSIGNED_AGO_MS = 30 * 86_400_000

export function deviceRows(tenant: SeedTenant, { now }: SeedOptions): RowsByTable {
  const assigned = tenant.devices.filter(({ spaceId }) => spaceId !== null)
  return {
    devices: tenant.devices.map((device) => deviceRow(tenant, device, now)),
    device_assignments: assigned.map((device) => assignmentRow(tenant.id, device, now)),
    ...networkRows(tenant, now),
  }
}

function deviceRow(tenant: SeedTenant, device: SeedDevice, now: number): SeedRow {
  const { id, kind, eui, name, manufacturer, model, spaceId, config, applicationId } = device
  const thing = {
    tenant_id: tenant.id,
    id,
    kind,
    dev_eui: eui,
    name,
    device_type: kind === 'sensor' ? 'parking_sensor' : 'light',
    manufacturer,
    model,
    config,
    metadata: {},
  }
  const place =
    spaceId === null
      ? { lifecycle_state: 'commissioned', assigned_space_id: null, assigned_at: null }
      : { lifecycle_state: 'operational', assigned_space_id: spaceId, assigned_at: iso(now - ASSIGNED_AGO_MS) }
  const network = {
    chirpstack_application_id: applicationId,
    device_profile_id: tenant.network?.profiles[kind] ?? null,
    chirpstack_sync_status: tenant.network === null ? 'none' : 'synced',
  }
  return { ...thing, ...place, ...network, enabled: true, ...configured(now) }
}

function assignmentRow(tenantId: string, { id, kind, eui, spaceId }: SeedDevice, now: number): SeedRow {
  const what = { tenant_id: tenantId, id, device_id: id, device_kind: kind, dev_eui: eui, space_id: spaceId }
  return { ...what, assigned_at: iso(now - ASSIGNED_AGO_MS), assignment_reason: 'Demo data' }
}

function networkRows({ id, network }: SeedTenant, now: number): RowsByTable {
  if (network === null) return {}
  const { created_at, updated_at } = configured(now)
  const link = {
    tenant_id: id,
    id,
    chirpstack_tenant_id: network.chirpstackTenantId,
    default_device_profile_id: network.profiles.sensor,
    rules: {},
    profile_models: {},
  }
  return {
    chirpstack_links: [{ ...link, state: 'ok', state_since: iso(now), ...configured(now) }],
    chirpstack_applications: [{ tenant_id: id, id, application_id: network.applicationId, name: 'Parking', created_at, updated_at }],
  }
}

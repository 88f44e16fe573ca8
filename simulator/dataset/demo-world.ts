/** The demo as the simulated network server sees it: its tenants, profiles, gateways and the hardware on the bays (OPS-024). */
import type { SiteTraffic, World, WorldDevice, WorldGateway, WorldProfile, WorldSite } from '../network-server/world'
import type { DemoDevice } from './demo-devices'
import type { DemoPlan, DemoSite, DemoTenant } from './demo-plan'

/** The demo's motion sensors say *free* two seconds after a car has left, so that a visitor need not wait five minutes (LW-153). */
const MOTION_HOLD_SECONDS = 2

const TRAFFIC: Readonly<Record<string, SiteTraffic>> = { city: 'retail', dock: 'office' }

type Linked = DemoTenant & { readonly network: NonNullable<DemoTenant['network']> }
const isLinked = (tenant: DemoTenant): tenant is Linked => tenant.network !== null

/** Sites of two tenants may share a slug; here they need one name each. */
const siteKey = (tenant: DemoTenant, site: DemoSite): string => `${tenant.slug}-${site.key}`

export function planWorld(plan: DemoPlan, adminToken: string): World {
  const linked = plan.tenants.filter(isLinked)
  return {
    tenants: linked.map(({ name, network }) => ({ id: network.chirpstackTenantId, name })),
    applications: linked.map(({ network }) => ({ id: network.applicationId, tenantId: network.chirpstackTenantId, name: 'Parking' })),
    profiles: linked.flatMap(profilesOf),
    devices: linked.flatMap(devicesOf),
    gateways: linked.flatMap(gatewaysOf),
    sites: linked.flatMap(sitesOf),
    tokens: { admin: adminToken },
  }
}

function profilesOf({ network }: Linked): WorldProfile[] {
  const { chirpstackTenantId: tenantId, profiles } = network
  return [
    { id: profiles.sensor, tenantId, name: 'Browan TBMS100', model: 'browan-tbms100' },
    {
      id: profiles.display,
      tenantId,
      name: 'Kuando Busylight',
      model: 'plenom-busylight',
      supportsClassC: true,
      flushQueueOnActivate: true,
    },
  ]
}

function devicesOf(tenant: Linked): WorldDevice[] {
  const codes = new Map(tenant.sites.flatMap((site) => site.spaces.map((space) => [space.id, space.code] as const)))
  const keys = new Map(tenant.sites.map((site) => [site.id, siteKey(tenant, site)] as const))
  return tenant.devices.map((device) => ({
    devEui: device.eui,
    name: device.name,
    model: device.model,
    applicationId: tenant.network.applicationId,
    profileId: tenant.network.profiles[device.kind],
    ...place(device, codes, keys),
    ...(device.model === 'browan-tbms100' ? { motionHoldSeconds: MOTION_HOLD_SECONDS } : {}),
  }))
}

function place(
  { spaceId, siteId }: DemoDevice,
  codes: ReadonlyMap<string, string>,
  keys: ReadonlyMap<string, string>,
): Pick<WorldDevice, 'spaceCode' | 'siteKey'> {
  const spaceCode = codes.get(spaceId ?? '')
  const key = keys.get(siteId ?? '')
  return { ...(spaceCode === undefined ? {} : { spaceCode }), ...(key === undefined ? {} : { siteKey: key }) }
}

function gatewaysOf(tenant: Linked): WorldGateway[] {
  const keys = new Map(tenant.sites.map((site) => [site.id, siteKey(tenant, site)] as const))
  return tenant.gateways.map(({ eui, name, siteId, latitude, longitude, online }) => {
    const key = keys.get(siteId)
    return {
      gatewayId: eui,
      tenantId: tenant.network.chirpstackTenantId,
      name,
      latitude,
      longitude,
      online,
      ...(key === undefined ? {} : { siteKey: key }),
    }
  })
}

const sitesOf = (tenant: Linked): WorldSite[] =>
  tenant.sites.map((site) => ({
    key: siteKey(tenant, site),
    name: site.name,
    timeZone: site.timezone,
    traffic: TRAFFIC[site.key] ?? 'retail',
  }))

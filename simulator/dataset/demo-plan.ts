/** The demo's car parks as plain data: tenants, people, places, devices and network servers (OPS-023). Same seed, same plan. */
import { DEMO_NETWORKS, type DemoNetwork } from './demo-networks'
import { planDevices, type DemoDevice } from './demo-devices'
import { stableId } from './draw'

export interface DemoUser {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: 'viewer' | 'operator' | 'admin' | 'owner'
}

export interface DemoSpace {
  readonly id: string
  readonly siteId: string
  readonly code: string
  readonly floor: string
  readonly zone: string
  readonly kind: 'standard' | 'accessible' | 'ev' | 'family'
}

export interface DemoSite {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly slug: string
  readonly timezone: string
  readonly location: Readonly<Record<string, string | number>>
  readonly spaces: readonly DemoSpace[]
}

export interface DemoGateway {
  readonly id: string
  readonly eui: string
  readonly name: string
  readonly siteId: string
  readonly latitude: number
  readonly longitude: number
  readonly online: boolean
}

export interface DemoTenant {
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly type: 'platform' | 'customer' | 'trial'
  readonly tier: 'basic' | 'professional' | 'enterprise'
  readonly users: readonly DemoUser[]
  readonly sites: readonly DemoSite[]
  readonly gateways: readonly DemoGateway[]
  readonly devices: readonly DemoDevice[]
  readonly network: DemoNetwork | null
}

export interface DemoPlan {
  readonly seed: number
  readonly tenants: readonly DemoTenant[]
}

const ROLES = ['owner', 'admin', 'operator', 'viewer'] as const

export function planDemo(seed: number, platformTenantId: string): DemoPlan {
  return { seed, tenants: [planPlatform(seed, platformTenantId), planAcme(seed), planBlue(seed), planEmpty(seed)] }
}

const people = (seed: number, slug: string, roles: readonly DemoUser['role'][] = ROLES): DemoUser[] =>
  roles.map((role) => ({
    id: stableId(seed, `user/${slug}/${role}`),
    email: `${role}@${slug}.test`,
    name: `${capitalise(role)} of ${capitalise(slug)}`,
    role,
  }))

const capitalise = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

function planPlatform(seed: number, id: string): DemoTenant {
  const users = [
    { id: stableId(seed, 'user/platform/admin'), email: 'admin@platform.test', name: 'Admin of Platform', role: 'owner' as const },
  ]
  const devices = planDevices({ seed, tenant: 'platform', sites: [], sensors: 10, displays: 5, applicationId: null })
  return {
    id,
    name: 'Platform',
    slug: 'platform',
    type: 'platform',
    tier: 'enterprise',
    users,
    sites: [],
    gateways: [],
    devices,
    network: null,
  }
}

interface SiteBlueprint {
  readonly key: string
  readonly name: string
  readonly slug: string
  readonly timezone: string
  readonly location: DemoSite['location']
  /** Row letter → number of spaces. */
  readonly rows: Readonly<Record<string, number>>
}

const KINDS: Readonly<Record<number, DemoSpace['kind']>> = { 1: 'accessible', 2: 'accessible', 3: 'ev', 4: 'ev', 5: 'family' }

function planSite(seed: number, tenant: string, blueprint: SiteBlueprint): DemoSite {
  const { rows, ...place } = blueprint
  const id = stableId(seed, `site/${tenant}/${place.key}`)
  const spaces = Object.entries(rows).flatMap(([row, count], floor) =>
    Array.from({ length: count }, (_, index): DemoSpace => {
      const code = `${row}-${String(index + 1).padStart(2, '0')}`
      return {
        id: stableId(seed, `space/${tenant}/${place.key}/${code}`),
        siteId: id,
        code,
        floor: String(floor),
        zone: row,
        kind: KINDS[index + 1] ?? 'standard',
      }
    }),
  )
  return { id, ...place, spaces }
}

const PARIS = {
  key: 'city',
  name: 'City',
  slug: 'city',
  timezone: 'Europe/Paris',
  location: { address: '12 rue du Temple', city: 'Paris', country: 'France', latitude: 48.8567, longitude: 2.3508 },
  rows: { A: 30, B: 30 },
}
const LONDON = {
  key: 'dock',
  name: 'Dock',
  slug: 'dock',
  timezone: 'Europe/London',
  location: { address: '4 Wharf Lane', city: 'London', country: 'United Kingdom', latitude: 51.5055, longitude: -0.0754 },
  rows: { D: 24 },
}
const NEW_YORK = {
  key: 'city',
  name: 'City',
  slug: 'city',
  timezone: 'America/New_York',
  location: { address: '200 Water Street', city: 'New York', country: 'United States', latitude: 40.7075, longitude: -74.0037 },
  rows: { A: 24 },
}

function planGateway(
  seed: number,
  site: DemoSite,
  [eui, name, online]: readonly [eui: string, name: string, online: boolean],
): DemoGateway {
  const { latitude = 0, longitude = 0 } = site.location
  return {
    id: stableId(seed, `gateway/${eui}`),
    eui,
    name,
    siteId: site.id,
    latitude: Number(latitude),
    longitude: Number(longitude),
    online,
  }
}

function planAcme(seed: number): DemoTenant {
  const [city, dock] = [planSite(seed, 'acme', PARIS), planSite(seed, 'acme', LONDON)]
  const network = DEMO_NETWORKS.acme
  return {
    id: stableId(seed, 'tenant/acme'),
    name: 'Acme Parking',
    slug: 'acme',
    type: 'customer',
    tier: 'professional',
    users: people(seed, 'acme'),
    sites: [city, dock],
    gateways: [
      planGateway(seed, city, ['0016c001f153a14c', 'City mast', true]),
      planGateway(seed, dock, ['0016c001f1dddd03', 'Dock mast', true]),
      planGateway(seed, city, ['0016c001f1aaaa01', 'City roof', false]),
    ],
    devices: planDevices({ seed, tenant: 'acme', sites: [city, dock], sensors: 76, displays: 40, applicationId: network.applicationId }),
    network,
  }
}

function planBlue(seed: number): DemoTenant {
  const city = planSite(seed, 'blue', NEW_YORK)
  const network = DEMO_NETWORKS.blue
  return {
    id: stableId(seed, 'tenant/blue'),
    name: 'Blue Parking',
    slug: 'blue',
    type: 'customer',
    tier: 'basic',
    users: people(seed, 'blue'),
    sites: [city],
    gateways: [
      planGateway(seed, city, ['0016c001f2b10e01', 'City east', true]),
      planGateway(seed, city, ['0016c001f2b10e02', 'City west', true]),
    ],
    devices: planDevices({ seed, tenant: 'blue', sites: [city], sensors: 16, displays: 8, applicationId: network.applicationId }),
    network,
  }
}

function planEmpty(seed: number): DemoTenant {
  return {
    id: stableId(seed, 'tenant/empty'),
    name: 'Empty Trial',
    slug: 'empty',
    type: 'trial',
    tier: 'basic',
    users: people(seed, 'empty', ['owner']),
    sites: [],
    gateways: [],
    devices: [],
    network: null,
  }
}

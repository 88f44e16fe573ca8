import { MODELS } from '#domain/codec/registry'
import { DEFAULT_POLICY } from '#domain/display/policy'
import { playBay } from './demo-history'
import { planDemo } from './demo-plan'
import { planWorld } from './demo-world'

const PLATFORM = '00000000-0000-0000-0000-000000000000'
const plan = planDemo(7, PLATFORM)
const tenant = (slug: string) => {
  const found = plan.tenants.find((candidate) => candidate.slug === slug)
  if (found === undefined) throw new Error(`no tenant ${slug}`)
  return found
}
const count = (slug: string, kind: 'sensor' | 'display') => tenant(slug).devices.filter((device) => device.kind === kind).length

describe('the demo', () => {
  test('OPS-023: same seed, same plan; another seed, other ids', () => {
    expect(planDemo(7, PLATFORM)).toEqual(plan)
    expect(planDemo(8, PLATFORM).tenants[1]?.id).not.toBe(plan.tenants[1]?.id)
  })

  test('OPS-023: has the tenants, bays and devices that it promises', () => {
    expect(plan.tenants.map(({ slug, type }) => [slug, type])).toEqual([
      ['platform', 'platform'],
      ['acme', 'customer'],
      ['blue', 'customer'],
      ['empty', 'trial'],
    ])
    expect(tenant('acme').sites.map((site) => [site.name, site.spaces.length])).toEqual([
      ['City', 60],
      ['Dock', 24],
    ])
    expect([count('acme', 'sensor'), count('acme', 'display'), count('blue', 'sensor'), count('blue', 'display')]).toEqual([76, 40, 16, 8])
    expect([count('platform', 'sensor'), count('platform', 'display')]).toEqual([10, 5])
    expect(tenant('acme').devices.filter((device) => device.spaceId === null)).toHaveLength(4)
  })

  test('every sensor model of the registry stands on a bay of acme', () => {
    const assigned = new Set(
      tenant('acme')
        .devices.filter((device) => device.spaceId !== null)
        .map((device) => device.model),
    )
    expect(
      MODELS.filter((entry) => entry.role === 'sensor')
        .map((entry) => entry.model)
        .filter((model) => !assigned.has(model)),
    ).toEqual([])
  })

  test('no two devices share an EUI, and at most one of each kind stands on a bay', () => {
    const devices = plan.tenants.flatMap((candidate) => candidate.devices)
    expect(new Set(devices.map((device) => device.eui)).size).toBe(devices.length)
    const places = devices.filter((device) => device.spaceId !== null).map((device) => `${device.kind} ${device.spaceId}`)
    expect(new Set(places).size).toBe(places.length)
  })

  test("acme's A-01 has the sensor and the light of the published events", () => {
    const bay = tenant('acme').sites[0]?.spaces.find((space) => space.code === 'A-01')
    expect(
      tenant('acme')
        .devices.filter((device) => device.spaceId === bay?.id)
        .map((device) => device.eui),
    ).toEqual(['58a0cb0000115b4e', '2020203705250102'])
  })

  test('OPS-024: the simulated world holds every device of a linked tenant', () => {
    const world = planWorld(plan, 'token')
    expect(world.devices).toHaveLength(76 + 40 + 16 + 8)
    expect(world.applications.map((application) => application.id)).toContain('17c82e96-be03-4f38-aef3-f83d48582d97')
  })

  test('OPS-023: fourteen days of a bay alternate, and every transition is what the rule decided', () => {
    const now = Date.parse('2026-07-01T12:00:00Z')
    const bay = {
      seed: 7,
      spaceId: 'space',
      deviceId: 'device',
      devEui: '58a0cb0000115b4e',
      model: 'browan-tbms100',
      gatewayEui: '0016c001f153a14c',
      window: { occupiedSeconds: 1500, freeSeconds: 9000 },
      now,
    }
    const past = playBay(bay)
    expect(playBay(bay)).toEqual(past)
    expect(past.transitions.length).toBeGreaterThan(50)
    expect(past.transitions.map((transition) => transition.decision.state)).toEqual(past.readings.map((reading) => reading.value))
    expect(past.readings.every((reading, index) => index === 0 || reading.heardAt > (past.readings[index - 1]?.heardAt ?? Infinity))).toBe(
      true,
    )
    expect(past.transitions[0]?.decision.display.policyVersion).toBe(DEFAULT_POLICY.version)
  })
})

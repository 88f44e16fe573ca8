/** Gateways: states are compared and set once, what they served is projected and nudged, the link has one alert (DOM-709, DOM-621). */
import { createFactories } from '#test/factories/factories'
import { inTenant, insertRow } from '#test/factories/insert'
import { createActivityKit, type ActivityKit } from '#test/temporal/activity-kit'
import { NetworkServerError } from '../network-server'
import { createApplyGatewayStates } from './gateway-states'
import { createProjectServedSpaces } from './served-things'

describe('gateway activities', () => {
  let kit: ActivityKit
  beforeAll(async () => {
    kit = await createActivityKit()
  }, 60_000)
  afterAll(() => kit.close())

  async function createServedBay() {
    const bay = await kit.createLitBay()
    const gateway = await createFactories(kit.database.pool).gateway({
      tenantId: bay.tenantId,
      columns: { status: 'online', last_seen_at: new Date() },
    })
    await inTenant(kit.database.pool, bay.tenantId, (client) =>
      insertRow(client, 'device_gateways', {
        tenant_id: bay.tenantId,
        device_id: bay.deviceId,
        gateway_eui: gateway.gatewayId,
        last_heard_at: new Date(),
      }),
    )
    return { bay, gateway }
  }

  const link = () => ({ tenantId: kit.deps.platformTenantId, linkId: 'link' })

  const stateOf = async (tenantId: string, gatewayRef: string) =>
    (
      await inTenant(kit.database.pool, tenantId, (client) =>
        client.query('select status from gateways where tenant_id = $1 and id = $2', [tenantId, gatewayRef]),
      )
    ).rows[0]?.status

  test('DOM-709: OFFLINE after a minute of silence is one change, with history, event and alert; the second look changes nothing', async () => {
    const { bay, gateway } = await createServedBay()
    const old = new Date(Date.now() - 90_000)
    await inTenant(kit.database.pool, bay.tenantId, (client) =>
      client.query('update gateways set last_seen_at = $3 where tenant_id = $1 and id = $2', [bay.tenantId, gateway.gatewayRef, old]),
    )
    const states = { reachable: true, gateways: [{ gatewayEui: gateway.gatewayId, state: 'offline', lastSeenAt: old.getTime() }] } as const
    const first = await kit.activities.ops.applyGatewayStates({ ...link(), states })
    const second = await kit.activities.ops.applyGatewayStates({ ...link(), states })
    expect(first.changed).toContainEqual({ tenantId: bay.tenantId, gatewayEui: gateway.gatewayId, to: 'offline' })
    expect(second.changed.filter(({ tenantId }) => tenantId === bay.tenantId)).toEqual([])
    expect(await stateOf(bay.tenantId, gateway.gatewayRef)).toBe('offline')
    expect(kit.published.filter((event) => event.tenantId === bay.tenantId).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['gateway:status', 'alert']),
    )
  })

  describe('DOM-709: of two tenants', () => {
    const silentSince = Date.now() - 3_600_000

    /** Both have a gateway that fell silent; every transaction of the second one fails until `isMended`. */
    async function createOutage() {
      const make = createFactories(kit.database.pool)
      const [first = '', second = ''] = [(await make.tenant()).tenantId, (await make.tenant()).tenantId].sort()
      const columns = { status: 'online', last_seen_at: new Date(silentSince) }
      const gateways = [await make.gateway({ tenantId: first, columns }), await make.gateway({ tenantId: second, columns })]
      const fault = { isMended: false }
      const { unitOfWork } = kit.database
      const withTenant = ((scope, work, options) => {
        if (!fault.isMended && 'tenantId' in scope && scope.tenantId === second) return Promise.reject(new Error('lock time-out'))
        return unitOfWork.withTenant(scope, work, options)
      }) as typeof unitOfWork.withTenant // as generic as the one it stands before
      const apply = createApplyGatewayStates({ ...kit.deps, unitOfWork: { ...unitOfWork, withTenant } })
      const states = {
        reachable: true,
        gateways: gateways.map(({ gatewayId }) => ({ gatewayEui: gatewayId, state: 'offline', lastSeenAt: silentSince }) as const),
      } as const
      const tenantsOf = async (lookedAt: number) =>
        (await apply({ ...link(), states, lookedAt })).changed.map(({ tenantId }) => tenantId).filter((id) => [first, second].includes(id))
      return { first, second, fault, tenantsOf }
    }

    test('the one that fails keeps nothing from the other, and is told when it is mended', async () => {
      const { first, second, fault, tenantsOf } = await createOutage()
      const [look, later] = [Date.now(), Date.now() + 60_000]
      expect(await tenantsOf(look)).toEqual([first])
      fault.isMended = true
      expect(await tenantsOf(later)).toEqual([second])
      expect(await tenantsOf(look)).toEqual([first, second]) // an attempt that was lost after it wrote is told again
      expect(await tenantsOf(later)).toEqual([])
    })
  })

  test('DOM-709: a bay that two gateways serve is projected once, and a slice goes on where the last one ended', async () => {
    const { bay, gateway } = await createServedBay()
    const make = createFactories(kit.database.pool)
    const other = await make.gateway({ tenantId: bay.tenantId, columns: { status: 'online', last_seen_at: new Date() } })
    const spaceIds: string[] = []
    for (let made = 0; made < 3; made++) {
      const { spaceId } = await make.space({ tenantId: bay.tenantId, siteId: bay.siteId })
      const { deviceId } = await make.device({ tenantId: bay.tenantId, kind: 'sensor', spaceId })
      for (const { gatewayId } of [gateway, other])
        await inTenant(kit.database.pool, bay.tenantId, (client) =>
          insertRow(client, 'device_gateways', {
            tenant_id: bay.tenantId,
            device_id: deviceId,
            gateway_eui: gatewayId,
            last_heard_at: new Date(),
          }),
        )
      spaceIds.push(spaceId)
    }
    const changed = [gateway, other].map(({ gatewayId }) => ({ tenantId: bay.tenantId, gatewayEui: gatewayId, to: 'offline' }) as const)
    const [first, second] = [...spaceIds].sort().map((spaceId) => ({ tenantId: bay.tenantId, spaceId }))
    const oneAtATime = createProjectServedSpaces(kit.deps, 0)
    expect(await oneAtATime({ changed })).toEqual({ projected: 1, next: first })
    expect(await oneAtATime({ changed, ...(first && { after: first }) })).toEqual({ projected: 1, next: second })
    expect(await oneAtATime({ changed, ...(second && { after: second }) })).toEqual({ projected: 1 })
    expect(await createProjectServedSpaces(kit.deps)({ changed })).toEqual({ projected: 3 })
  })

  test('LW-057: with its only gateway offline a command waits for a gateway and consumes no attempt', async () => {
    const { bay, gateway } = await createServedBay()
    await inTenant(kit.database.pool, bay.tenantId, (client) =>
      client.query(`update gateways set status = 'offline' where tenant_id = $1 and id = $2`, [bay.tenantId, gateway.gatewayRef]),
    )
    const commandId = bay.spaceId
    await kit.activities.delivery.openCommand({
      ...bay,
      commandId,
      kind: 'display',
      origin: 'policy',
      isAsked: false,
      supersedes: null,
      notBefore: 0,
    })
    const answer = await kit.activities.delivery.takeBudget({ ...bay, commandId, attemptNo: 1, rank: 2 })
    expect(answer).toMatchObject({ granted: false, waitingFor: 'gateway' })
  })

  test('DOM-642: a gateway that returns nudges the lights it serves', async () => {
    const { bay, gateway } = await createServedBay()
    await kit.activities.ops.tellDisplays({
      changed: [{ tenantId: bay.tenantId, gatewayEui: gateway.gatewayId, to: 'online' }],
      linkBackFor: null,
    })
    expect(kit.told).toContainEqual({ tenantId: bay.tenantId, deviceId: bay.deviceId, why: 'gateway_back' })
  })

  test('DOM-701: an unreachable server concludes nothing about gateways', async () => {
    const { bay, gateway } = await createServedBay()
    kit.networkServer.gateways = new NetworkServerError('not_sent', 'unavailable', 'No connection established')
    const states = await kit.activities.network.readGatewayStates(link())
    kit.networkServer.gateways = []
    expect(states).toEqual({ reachable: false, code: 'unavailable' })
    expect(await stateOf(bay.tenantId, gateway.gatewayRef)).toBe('online')
  })
})

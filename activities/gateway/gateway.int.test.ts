/** Gateways: states are compared and set once, what they served is projected and nudged, the link has one alert (DOM-709, DOM-621). */
import { createFactories } from '#test/factories/factories'
import { inTenant, insertRow } from '#test/factories/insert'
import { createActivityKit, type ActivityKit } from '#test/temporal/activity-kit'
import { NetworkServerError } from '../network-server'

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

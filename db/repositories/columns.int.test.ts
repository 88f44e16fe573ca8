/** Numbers that people wrote into JSON by hand: what is no number stops no statement (API-287, API-288). */
import { createWorld, uplink, type World } from '#test/ingest/world'
import { wholeNumber } from './columns'

let world: World
beforeAll(async () => void (world = await createWorld()))
afterAll(() => world.close())

test.each([
  ['{"n": 15}', 15],
  ['{"n": 1}', 1],
  ['{"n": 15.0}', 15],
  ['{"n": 0}', null],
  ['{"n": -3}', null],
  ['{"n": 1.5}', null],
  ['{"n": 1e30}', null],
  ['{"n": "15"}', null],
  ['{"n": "often"}', null],
  ['{"n": true}', null],
  ['{"n": [15]}', null],
  ['{"n": null}', null],
  ['{}', null],
])('API-287, API-288: %s has the whole number %s', async (json, expected) => {
  const { rows } = await world.database.pool.query(`select ${wholeNumber(`o.body->'n'`, 1)} as n from (select $1::jsonb as body) o`, [json])
  expect(rows).toEqual([{ n: expected }])
})

test('API-287, API-288: a tenant whose settings are words is projected, rated and watched by the defaults', async () => {
  const { tenantId, spaceId, sensor, gateway } = await world.createBay()
  await world.rows(
    `update tenants set limits = '{"downlinks_per_minute": "many"}',
       settings = '{"early_check_in_minutes": "some", "gateway_offline_after_seconds": "soon"}' where id = $1`,
    [tenantId],
  )
  await world.pipeline.accept(uplink({ devEui: sensor.devEui, fCnt: 1 }))
  await world.pipeline.idle()
  expect(await world.rows('select current_state from spaces where id = $1', [spaceId])).toEqual([{ current_state: 'occupied' }])
  await world.database.unitOfWork.withTenant({ tenantId }, async ({ downlinkBudget, gatewayStates }) => {
    expect([100, 1_000]).toContain(await downlinkBudget.tenantRate())
    const seen = { gatewayEui: gateway.gatewayId, state: 'offline', lastSeenAt: Date.now() - 3_600_000 } as const
    expect(await gatewayStates.apply([seen])).toMatchObject([{ gatewayEui: gateway.gatewayId, to: 'offline' }])
  })
})

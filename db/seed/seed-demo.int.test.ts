/** The demo on a real database: written once, consistent, and by the owner under row security (OPS-023, DB-913). */
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import { freshnessWindow } from '#domain/device/freshness'
import { playBay } from '#simulator/dataset/demo-history'
import { planDemo } from '#simulator/dataset/demo-plan'
import { Client } from 'pg'
import { seedDemo } from './seed-demo'
import type { SeedOptions } from './seed-plan'

const PLATFORM = '00000000-0000-0000-0000-000000000000'
const NOW = Date.now()
const plan = planDemo(7, PLATFORM)
const options: SeedOptions = {
  passwordHash: 'not-a-hash',
  now: NOW,
  history: (_tenant, { id, eui, model, spaceId }, gatewayEui) =>
    spaceId === null || model !== 'browan-tbms100'
      ? null
      : playBay({ seed: 7, spaceId, deviceId: id, devEui: eui, model, gatewayEui, window: freshnessWindow({ model }), now: NOW }),
}

describe('seedDemo', () => {
  let database: TestDatabase
  let admin: Client

  beforeAll(async () => {
    database = await createTestDatabase()
    admin = new Client({ connectionString: database.adminUrl })
    await admin.connect()
  })
  afterAll(async () => {
    await admin?.end()
    await database?.close()
  })

  const number = async (sql: string): Promise<number> => Number((await admin.query<{ n: string }>(sql)).rows[0]?.n)

  test('OPS-023: writes every tenant once; a second run writes nothing', async () => {
    expect(await seedDemo(database.ownerUrl, plan.tenants, options)).toEqual(['platform', 'acme', 'blue', 'empty'])
    const readings = await number('select count(*) n from sensor_readings')
    expect(readings).toBeGreaterThan(3_000)
    expect(await seedDemo(database.ownerUrl, plan.tenants, options)).toEqual([])
    expect(await number('select count(*) n from sensor_readings')).toBe(readings)
  })

  test('DB-913: mirrors and counters agree, sequences have no gap', async () => {
    expect(
      await number(
        "select count(*) n from devices d join spaces s on s.tenant_id = d.tenant_id and s.id = d.assigned_space_id where d.id is distinct from (case d.kind when 'sensor' then s.sensor_device_id else s.display_device_id end)",
      ),
    ).toBe(0)
    expect(
      await number(
        "select count(*) n from site_occupancy o where o.occupied <> (select count(*) from spaces s where s.tenant_id = o.tenant_id and s.site_id = o.site_id and s.current_state = 'occupied')",
      ),
    ).toBe(0)
    expect(
      await number(
        'select count(*) n from spaces s where s.state_sequence <> (select count(*) from state_changes c where c.tenant_id = s.tenant_id and c.space_id = s.id) or s.state_sequence <> coalesce((select max(sequence) from state_changes c where c.tenant_id = s.tenant_id and c.space_id = s.id), 0)',
      ),
    ).toBe(0)
  })

  test('OPS-023: acme has twenty reservations in every status, drafts, drift, orphans and a dead letter', async () => {
    const acme = plan.tenants[1]?.id
    expect(await number(`select count(distinct status) n from reservations where tenant_id = '${acme}'`)).toBe(7)
    expect(await number(`select count(*) n from reservations where tenant_id = '${acme}'`)).toBe(20)
    for (const [table, rows] of [
      ['display_policies', 2],
      ['chirpstack_drift', 3],
      ['orphan_devices', 2],
      ['ingest_dead_letters', 1],
    ] as const) {
      expect(await number(`select count(*) n from ${table} where tenant_id = '${acme}'`)).toBe(rows)
    }
  })
})

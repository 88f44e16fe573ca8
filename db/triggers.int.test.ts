/** What the database does by itself: versions, mirrors, zones, monotone lights, append-only facts, exclusions (schema § 5, DB-913, DB-914). */
import { Client } from 'pg'
import { createFactories, type Factories } from '#test/factories/factories'
import { inTenant } from '#test/factories/insert'
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'

let database: TestDatabase
let make: Factories
beforeAll(async () => {
  database = await createTestDatabase()
  make = createFactories(database.pool)
})
afterAll(() => database.close())

async function bay() {
  const { tenantId } = await make.tenant()
  const { siteId } = await make.site({ tenantId })
  const { spaceId } = await make.space({ tenantId, siteId })
  const ask = async (text: string, values: readonly unknown[] = []) =>
    (await inTenant(database.pool, tenantId, (client) => client.query<Record<string, unknown>>(text, [...values]))).rows
  return { tenantId, siteId, spaceId, ask }
}

test('DB-108: a change of configuration raises the version, a live column does not', async () => {
  const { ask } = await bay()
  expect(await ask(`update spaces set current_state = 'free', state_sequence = 1 returning version`)).toEqual([{ version: 1 }])
  expect(await ask(`update spaces set name = 'Renamed' returning version, updated_at > created_at as touched`)).toEqual([
    { version: 2, touched: true },
  ])
  expect(await ask(`update spaces set name = 'Renamed' returning version`)).toEqual([{ version: 2 }])
})

test('DB-164, DB-913: a space shows what is assigned to it, through moves, archives and swaps', async () => {
  const { tenantId, siteId, spaceId, ask } = await bay()
  const { spaceId: other } = await make.space({ tenantId, siteId })
  const { deviceId: sensor } = await make.device({ tenantId, spaceId })
  const { deviceId: light } = await make.device({ tenantId, kind: 'display', spaceId })
  const mirrored = async (id: string) =>
    (await ask('select sensor_device_id as sensor, display_device_id as light from spaces where id = $1', [id]))[0]
  const agrees = () =>
    ask(`select s.id from spaces s where s.sensor_device_id is distinct from
           (select d.id from devices d where d.assigned_space_id = s.id and d.kind = 'sensor' and d.archived_at is null)`)
  expect(await mirrored(spaceId)).toEqual({ sensor, light })
  await ask('update devices set assigned_space_id = $1 where id = $2', [other, sensor])
  expect([await mirrored(spaceId), await mirrored(other)]).toEqual([
    { sensor: null, light },
    { sensor, light: null },
  ])
  expect(await agrees()).toEqual([])
  await ask('update devices set archived_at = now(), assigned_space_id = null where id = $1', [sensor])
  expect(await mirrored(other)).toEqual({ sensor: null, light: null })
  await ask('delete from spaces where id = $1', [spaceId]).catch(() => undefined) // history of assignments holds it
  expect(await agrees()).toEqual([])
})

describe('DB-913: the status of a device follows DOM-513 for all combinations', () => {
  const heard = { before: `now() - interval '1 hour'`, since: 'now()', never: 'null' } as const
  const live = { before: 'assigned', since: 'active', never: 'assigned' } as const
  const fixed: Readonly<Record<string, string>> = { retired: 'retired', decommissioned: 'inactive', maintenance: 'maintenance' }
  const states = ['discovered', 'provisioned', 'commissioned', 'operational', 'maintenance', 'decommissioned', 'retired']
  const whens = ['before', 'since', 'never'] as const

  test.each(states)('%s', async (state) => {
    const { tenantId, spaceId, ask } = await bay()
    const { deviceId } = await make.device({ tenantId })
    const set = async (enabled: boolean, space: string | null, when: keyof typeof heard) => {
      const rows = await ask(
        `update devices set lifecycle_state = $1, enabled = $2, assigned_space_id = $3, assigned_at = case when $3::uuid is null then null else now() end,
           last_seen_at = ${heard[when]} where id = $4 returning status`,
        [state, enabled, space, deviceId],
      )
      return rows[0]?.['status']
    }
    for (const when of whens) {
      expect([when, await set(true, spaceId, when)]).toEqual([when, fixed[state] ?? live[when]])
      expect([when, await set(true, null, when)]).toEqual([when, fixed[state] ?? 'unassigned'])
      expect([when, await set(false, spaceId, when)]).toEqual([when, state === 'retired' ? 'retired' : 'inactive'])
    }
  })
})

test('DB-166: a time zone must exist', async () => {
  const { ask } = await bay()
  await expect(ask(`update sites set timezone = 'Mars/Olympus'`)).rejects.toMatchObject({ code: '23514', constraint: 'sites__time_zone' })
  expect(await ask(`update sites set timezone = 'Europe/Paris' returning timezone`)).toEqual([{ timezone: 'Europe/Paris' }])
})

test('DB-165: the versions of a light only rise', async () => {
  const { tenantId, ask } = await bay()
  const { deviceId } = await make.device({ tenantId, kind: 'display' })
  await ask('insert into display_state_cache (tenant_id, device_id, wanted_version, sent_version) values ($1, $2, 7, 6)', [
    tenantId,
    deviceId,
  ])
  for (const lower of ['wanted_version = 6', 'sent_version = 5']) {
    await expect(ask(`update display_state_cache set ${lower}`)).rejects.toMatchObject({
      code: '23514',
      constraint: 'display_state_cache__monotone',
    })
  }
  expect(await ask('update display_state_cache set sent_version = 7 returning sent_version')).toEqual([{ sent_version: 7 }])
})

test('DB-163: transitions and lifecycle steps are not changed by anyone; a version of a policy is only superseded, once', async () => {
  const { tenantId, ask } = await bay()
  const admin = new Client({ connectionString: database.adminUrl })
  await admin.connect()
  for (const table of ['state_changes', 'state_changes_default', 'device_lifecycle_events']) {
    await expect(admin.query(`update ${table} set tenant_id = tenant_id where false`)).rejects.toMatchObject({
      message: 'append-only table',
    })
  }
  await admin.end()
  const [policy] = await ask(`insert into display_policies (tenant_id, scope_type, name) values ($1, 'tenant', 'Day') returning id`, [
    tenantId,
  ])
  await ask(`insert into display_policy_versions (tenant_id, policy_id, version_no, content) values ($1, $2, 1, '{}')`, [
    tenantId,
    policy?.['id'],
  ])
  await ask('update display_policy_versions set superseded_at = now()')
  await expect(ask('update display_policy_versions set superseded_at = now()')).rejects.toMatchObject({ message: 'append-only table' })
})

describe('DB-914: overlapping live bookings of a space', () => {
  const book = `insert into reservations (tenant_id, space_id, start_time, end_time, scheduled_end_time, blocked_from, blocked_until, status, source, created_by_type)
    values ($1, $2, $3, $4, $4, $3, $4, $5, 'api', 'user') returning 1 as booked`
  const at = (hour: number) => `2030-01-01T${String(hour).padStart(2, '0')}:00:00Z`

  test('are refused by the database itself, touching ranges and settled ones are not', async () => {
    const { tenantId, spaceId, ask } = await bay()
    const attempt = (from: number, to: number, status: string) => ask(book, [tenantId, spaceId, at(from), at(to), status])
    await attempt(10, 12, 'confirmed')
    await expect(attempt(11, 13, 'active')).rejects.toMatchObject({ code: '23P01', constraint: 'reservations__no_overlap' })
    expect([await attempt(12, 13, 'confirmed'), await attempt(9, 10, 'confirmed'), await attempt(10, 12, 'cancelled')]).toHaveLength(3)
  })

  test('of another tenant never conflict', async () => {
    const [a, b] = [await bay(), await bay()]
    for (const { tenantId, spaceId, ask } of [a, b])
      expect(await ask(book, [tenantId, spaceId, at(10), at(12), 'confirmed'])).toEqual([{ booked: 1 }])
  })
})

test('D-50: at most one sensor and one light at a space', async () => {
  const { tenantId, spaceId } = await bay()
  for (const kind of ['sensor', 'display'] as const) {
    await make.device({ tenantId, kind, spaceId })
    await expect(make.device({ tenantId, kind, spaceId })).rejects.toMatchObject({ code: '23505', constraint: `idx_${kind}_devices_space` })
  }
})

test('DB-222: two sites may both have A-01, and a deleted code is free again', async () => {
  const { tenantId, siteId, ask } = await bay()
  const { siteId: other } = await make.site({ tenantId })
  const columns = { code: 'A-01' }
  const { spaceId } = await make.space({ tenantId, siteId, columns })
  await make.space({ tenantId, siteId: other, columns })
  await expect(make.space({ tenantId, siteId, columns })).rejects.toMatchObject({ constraint: 'spaces__code_unique' })
  await ask('update spaces set deleted_at = now() where id = $1', [spaceId])
  await make.space({ tenantId, siteId, columns })
})

test('DB-110: search forgets case and accents, order counts by numbers', async () => {
  const { tenantId, siteId, ask } = await bay()
  await ask('delete from spaces')
  for (const code of ['A-10', 'A-2']) await make.space({ tenantId, siteId, columns: { code, name: 'Été' } })
  expect(
    await ask(
      `select code from spaces where search_key(code || ' ' || name || ' ' || coalesce(display_name, '')) like '%ete%' order by code collate natural_order`,
    ),
  ).toEqual([{ code: 'A-2' }, { code: 'A-10' }])
})

test('DB-103, DB-873: a site with spaces is not deleted, and says so as a foreign key does', async () => {
  const { siteId, ask } = await bay()
  await expect(ask('delete from sites where id = $1', [siteId])).rejects.toMatchObject({
    constraint: 'spaces__site',
    code: expect.stringMatching(/^2350[13]$|^23001$/) as string,
  })
})

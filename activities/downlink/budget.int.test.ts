/** Rate and airtime against the real counters: charged once, given back when not used, the urgent first (DOM-643…648, LW-111). */
import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { outcome } from '#domain/display/light-records'
import { GATEWAY_COMMANDS_PER_MINUTE } from '#domain/display/rate-budget'
import { createActivityKit, type ActivityKit, type LitBay } from '#test/temporal/activity-kit'
import { inTenant } from '#test/factories/insert'
import { asAdmin } from '#test/harness/rows'
import { until } from '#test/harness/until'

type Kind = 'display' | 'setup' | 'request_status'

describe('budget of an attempt', () => {
  let kit: ActivityKit
  beforeAll(async () => {
    kit = await createActivityKit()
  }, 60_000)
  afterAll(() => kit.close())

  /** A light that one gateway serves, and that gateway. */
  async function createServedBay() {
    const bay = await kit.createLitBay()
    const gatewayEui = randomUUID().replaceAll('-', '').slice(0, 16)
    await inTenant(kit.database.pool, bay.tenantId, (client) =>
      client.query('insert into device_gateways (tenant_id, device_id, gateway_eui, last_heard_at) values ($1, $2, $3, now())', [
        bay.tenantId,
        bay.deviceId,
        gatewayEui,
      ]),
    )
    return { bay, gatewayEui }
  }

  async function openOne(bay: LitBay, more: { kind?: Kind; supersedes?: string } = {}) {
    const commandId = randomUUID()
    const { kind = 'display', supersedes = null } = more
    const origin = kind === 'display' ? 'policy' : 'setup'
    const result = await kit.activities.delivery.openCommand({
      ...bay,
      commandId,
      kind,
      origin,
      isAsked: false,
      supersedes,
      notBefore: 0,
    })
    if (result.gone) throw new Error('the light is gone')
    return { commandId, result, attempt: { ...bay, commandId, attemptNo: 1, rank: result.rank } }
  }

  const take = (ask: { scope: 'tenant_downlinks' | 'gateway_rate'; key: string; cost: number; max: number }) =>
    kit.database.unitOfWork.withLookups(({ lookup }) => lookup.takeLimit({ ...ask, windowSeconds: 60 }))

  async function airtimeOf(gatewayEui: string): Promise<number> {
    const [row] = await asAdmin<{ used: number }>(
      kit.database.adminUrl,
      `select (select sum(part) from unnest(parts) part)::int as used from rate_limit_state where scope = 'gateway_airtime' and key = $1`,
      [gatewayEui],
    )
    return row?.used ?? 0
  }

  test('DOM-645: two runs of one attempt at the same time charge once', async () => {
    const { bay, gatewayEui } = await createServedBay()
    const alone = await createServedBay()
    await kit.activities.delivery.takeBudget((await openOne(alone.bay)).attempt)
    const { attempt } = await openOne(bay)
    await take({ scope: 'tenant_downlinks', key: bay.tenantId, cost: 0, max: 100 })
    await whileHeld(bay.tenantId, [() => kit.activities.delivery.takeBudget(attempt), () => kit.activities.delivery.takeBudget(attempt)])
    expect(await airtimeOf(gatewayEui)).toBe(await airtimeOf(alone.gatewayEui))
  })

  /** Both are under way, and wait, before either takes: the tenant's counter is held until then. */
  async function whileHeld(tenantId: string, runs: readonly (() => Promise<unknown>)[]): Promise<void> {
    const holder = new Client({ connectionString: kit.database.adminUrl })
    await holder.connect()
    try {
      await holder.query('begin')
      await holder.query(`select 1 from rate_limit_state where scope = 'tenant_downlinks' and key = $1 for update`, [tenantId])
      const running = runs.map((run) => run())
      await until(async () => ((await countWaiting(holder)) === runs.length ? true : null), { what: 'both runs waiting' })
      await holder.query('commit')
      await Promise.all(running)
    } finally {
      await holder.end()
    }
  }

  async function countWaiting(holder: Client): Promise<number> {
    await holder.query('select pg_stat_clear_snapshot()')
    const { rows } = await holder.query<{ waiting: number }>(
      `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    return rows[0]?.waiting ?? 0
  }

  test('LW-111: what was granted and superseded before it was sent costs nothing, also when told twice', async () => {
    const { bay, gatewayEui } = await createServedBay()
    const first = await openOne(bay)
    await kit.activities.delivery.takeBudget(first.attempt)
    const charged = await airtimeOf(gatewayEui)
    const next = await openOne(bay, { supersedes: first.commandId })
    expect(charged).toBeGreaterThan(0)
    expect(await airtimeOf(gatewayEui)).toBe(0)
    await kit.activities.delivery.takeBudget(next.attempt)
    await openOne(bay, { supersedes: first.commandId })
    expect(await airtimeOf(gatewayEui)).toBe(charged)
  })

  test.each([
    ['cancelled', 1],
    ['rejoined', 1],
    ['cancelled', 0],
  ])('LW-111: what was granted and %s before it was sent (told as attempt %i) is given back once', async (reason, attemptNo) => {
    const { bay, gatewayEui } = await createServedBay()
    const { attempt, commandId } = await openOne(bay)
    await kit.activities.delivery.takeBudget(attempt)
    const record = outcome({ commandId, attemptNo } as never, Date.now(), { to: 'superseded', reason })
    await kit.activities.delivery.recordOutcome({ ...bay, record })
    await kit.activities.delivery.recordOutcome({ ...bay, record })
    expect(await airtimeOf(gatewayEui)).toBe(0)
  })

  test('LW-111: what was sent keeps its charge when a newer wish supersedes it', async () => {
    const { bay, gatewayEui } = await createServedBay()
    const { attempt, commandId } = await openOne(bay)
    await kit.activities.delivery.takeBudget(attempt)
    const charged = await airtimeOf(gatewayEui)
    await kit.activities.network.enqueue({ ...attempt, now: Date.now(), isRepeat: false })
    await openOne(bay, { supersedes: commandId })
    expect(await airtimeOf(gatewayEui)).toBe(charged)
  })

  test.each(['tenant_downlinks', 'gateway_rate'] as const)(
    'DOM-647: of a nearly empty bucket (%s) a colour still gets, set-up and status requests do not',
    async (scope) => {
      const { bay, gatewayEui } = await createServedBay()
      await showOccupied(bay)
      const [key, max] = scope === 'gateway_rate' ? [gatewayEui, GATEWAY_COMMANDS_PER_MINUTE] : [bay.tenantId, 100]
      await take({ scope, key, cost: Math.ceil(max * 0.7), max })
      for (const kind of ['setup', 'request_status'] as const) {
        const own = await openOne(bay, { kind })
        expect(own.result).toMatchObject({ opened: true, rank: 5 })
        expect(await kit.activities.delivery.takeBudget(own.attempt)).toMatchObject({ granted: false, waitingFor: 'budget' })
      }
      const colour = await openOne(bay)
      expect(colour.result).toMatchObject({ opened: true, rank: 2 })
      expect(await kit.activities.delivery.takeBudget(colour.attempt)).toEqual({ granted: true })
    },
  )

  test('DOM-647: a colour asks again soon, since others may give back before the window ends', async () => {
    const { bay } = await createServedBay()
    await showOccupied(bay)
    await take({ scope: 'tenant_downlinks', key: bay.tenantId, cost: 100, max: 100 })
    const waitOf = async (kind: Kind) => {
      const answer = await kit.activities.delivery.takeBudget((await openOne(bay, { kind })).attempt)
      return answer.granted ? 0 : answer.retryAfterMs
    }
    expect(await waitOf('display')).toBeLessThanOrEqual(10_000)
    expect(await waitOf('setup')).toBeGreaterThan(30_000)
  })

  const showOccupied = ({ tenantId, deviceId }: LitBay) =>
    inTenant(kit.database.pool, tenantId, (client) =>
      client.query(`update display_state_cache set wanted_situation = 'occupied' where tenant_id = $1 and device_id = $2`, [
        tenantId,
        deviceId,
      ]),
    )
})

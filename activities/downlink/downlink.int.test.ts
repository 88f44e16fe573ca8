/** Commands of one light against the real database: each effect run twice has one effect, and ambiguity is read back (WF § 8.4, DOM-610…642). */
import { randomUUID } from 'node:crypto'
import type { LightReport } from '#domain/shared/outbox'
import { outcome } from '#domain/display/light-records'
import { createActivityKit, type ActivityKit, type LitBay } from '#test/temporal/activity-kit'
import { inTenant, insertRow } from '#test/factories/insert'
import { NetworkServerError } from '../network-server'
import { createEnqueue } from './enqueue'

const FAST = { inflightWaitMs: 300, pollMs: 20 }
const cut = new NetworkServerError('ambiguous', 'unavailable', 'connection reset')

describe('downlink activities', () => {
  let kit: ActivityKit
  beforeAll(async () => {
    kit = await createActivityKit()
  }, 60_000)
  afterAll(() => kit.close())

  const read = async <R>({ tenantId }: LitBay, text: string, values: readonly unknown[]) =>
    (await inTenant(kit.database.pool, tenantId, (client) => client.query(text, [tenantId, ...values]))).rows as R[]

  async function openOne(bay: LitBay, more: { isAsked?: boolean; supersedes?: string | null } = {}) {
    const commandId = randomUUID()
    const result = await kit.activities.delivery.openCommand({
      ...bay,
      commandId,
      kind: 'display',
      origin: 'policy',
      isAsked: more.isAsked ?? false,
      supersedes: more.supersedes ?? null,
      notBefore: 0,
    })
    return { commandId, result }
  }

  async function sendOne(bay: LitBay) {
    const { commandId } = await openOne(bay)
    const attempt = { ...bay, commandId, attemptNo: 1 }
    await kit.activities.delivery.takeBudget({ ...attempt, rank: 2 })
    const sent = await createEnqueue(kit.deps, FAST)({ ...attempt, now: Date.now(), isRepeat: false })
    return { commandId, attempt, sent }
  }

  const statusOf = async (bay: LitBay, commandId: string) =>
    (await read<{ status: string }>(bay, 'select status from downlink_queue where tenant_id = $1 and id = $2', [commandId]))[0]?.status

  test('openCommand: the row is made once, with the bytes of the wanted display', async () => {
    const bay = await kit.createLitBay()
    const { commandId, result } = await openOne(bay)
    const input = { ...bay, commandId, kind: 'display', origin: 'policy', isAsked: false, supersedes: null, notBefore: 0 } as const
    const again = await kit.activities.delivery.openCommand(input)
    expect(again).toEqual(result)
    expect(result).toMatchObject({ gone: false, opened: true, version: 1, look: { r: 255, g: 255, b: 0, steady: false } })
    expect(await read(bay, 'select id from downlink_queue where tenant_id = $1 and device_id = $2', [bay.deviceId])).toHaveLength(1)
  })

  test('takeBudget: tokens are taken with the attempt, never twice', async () => {
    const bay = await kit.createLitBay()
    const { commandId } = await openOne(bay)
    const attempt = { ...bay, commandId, attemptNo: 1, rank: 2 }
    expect(await kit.activities.delivery.takeBudget(attempt)).toEqual({ granted: true })
    expect(await kit.activities.delivery.takeBudget(attempt)).toEqual({ granted: true })
    const peek = await kit.database.unitOfWork.withLookups(({ lookup }) =>
      lookup.peekLimit({ scope: 'tenant_downlinks', key: bay.tenantId, max: 100 }),
    )
    expect(peek.remaining).toBe(99)
  })

  test('DOM-648: a tenant over its rate waits, and its command says for what', async () => {
    const bay = await kit.createLitBay()
    await kit.database.unitOfWork.withLookups(({ lookup }) =>
      lookup.takeLimit({ scope: 'tenant_downlinks', key: bay.tenantId, cost: 100, max: 100, windowSeconds: 60 }),
    )
    const { commandId } = await openOne(bay)
    const answer = await kit.activities.delivery.takeBudget({ ...bay, commandId, attemptNo: 1, rank: 2 })
    expect(answer).toMatchObject({ granted: false, waitingFor: 'budget' })
    expect(await read(bay, 'select waiting_for from downlink_queue where tenant_id = $1 and id = $2', [commandId])).toEqual([
      { waiting_for: 'budget' },
    ])
  })

  test('LW-053: accepted → sent with the item id; run twice it neither sends nor changes again', async () => {
    const bay = await kit.createLitBay()
    const { attempt, commandId, sent } = await sendOne(bay)
    const before = kit.networkServer.enqueues
    const again = await createEnqueue(kit.deps, FAST)({ ...attempt, now: Date.now(), isRepeat: false })
    expect(sent).toMatchObject({ result: 'accepted' })
    expect(again).toMatchObject({ result: 'accepted', queueItemId: (sent as { queueItemId: string }).queueItemId })
    expect(kit.networkServer.enqueues).toBe(before)
    expect(await statusOf(bay, commandId)).toBe('sent')
  })

  test('LW-053: an item id that an older attempt has is taken over by the newer one', async () => {
    const bay = await kit.createLitBay()
    const { sent } = await sendOne(bay)
    const { queueItemId } = sent as { queueItemId: string }
    const { commandId, result } = await openOne(bay, { isAsked: true })
    expect(result).toMatchObject({ opened: true })
    await kit.activities.delivery.takeBudget({ ...bay, commandId, attemptNo: 1, rank: 2 })
    await kit.database.unitOfWork.withTenant(bay, ({ downlinkAttempts }) =>
      downlinkAttempts.markAccepted({ commandId, attemptNo: 1 }, queueItemId, Date.now()),
    )
    const owners = await read<{ command_id: string }>(
      bay,
      'select command_id from downlink_attempts where tenant_id = $1 and queue_item_id = $2',
      [queueItemId],
    )
    expect(owners).toEqual([{ command_id: commandId }])
  })

  test('DOM-620: the answer was lost after the work: found in the queue by its fingerprint, sent once', async () => {
    const bay = await kit.createLitBay()
    kit.networkServer.failures.push({ when: 'after', error: cut })
    const { sent } = await sendOne(bay)
    const [queued] = kit.networkServer.items.get(bay.devEui) ?? []
    expect(sent).toMatchObject({ result: 'accepted', queueItemId: queued?.queueItemId })
  })

  test('DOM-620: neither in the queue nor acknowledged by a gateway: the attempt is lost', async () => {
    const bay = await kit.createLitBay()
    kit.networkServer.failures.push({ when: 'before', error: cut })
    const { sent } = await sendOne(bay)
    expect(sent).toEqual({ result: 'lost', code: 'no_answer' })
  })

  test('DOM-620: gone from the queue, but a txack that no attempt owns: sent, and its txack comes with the answer', async () => {
    const bay = await kit.createLitBay()
    kit.networkServer.failures.push({ when: 'before', error: cut })
    const queueItemId = randomUUID()
    const at = new Date()
    await inTenant(kit.database.pool, bay.tenantId, (client) =>
      insertRow(client, 'device_events', {
        tenant_id: bay.tenantId,
        id: randomUUID(),
        device_id: bay.deviceId,
        kind: 'txack',
        event_key: `txack:${queueItemId}`,
        queue_item_id: queueItemId,
        at,
        received_at: at,
        body: { gateway_eui: '0016c001f153a14c', spreading_factor: 9 },
      }),
    )
    const { sent } = await sendOne(bay)
    expect(sent).toMatchObject({
      result: 'accepted',
      queueItemId,
      events: [{ kind: 'txack', gatewayId: '0016c001f153a14c', spreadingFactor: 9 }],
    })
  })

  test('DOM-621: nothing was sent: no attempt is consumed, and the next call takes a new fingerprint', async () => {
    const bay = await kit.createLitBay()
    kit.networkServer.failures.push({
      when: 'before',
      error: new NetworkServerError('not_sent', 'unavailable', 'No connection established'),
    })
    const { attempt, commandId, sent } = await sendOne(bay)
    expect(sent).toMatchObject({ result: 'unavailable' })
    expect(await read(bay, 'select attempts, waiting_for from downlink_queue where tenant_id = $1 and id = $2', [commandId])).toEqual([
      { attempts: 0, waiting_for: 'network_server' },
    ])
    expect(await createEnqueue(kit.deps, FAST)({ ...attempt, now: Date.now(), isRepeat: false })).toMatchObject({ result: 'accepted' })
  })

  test('DOM-624, LW-054: an internal error for a device that is not there is permanent', async () => {
    const bay = await kit.createLitBay()
    kit.networkServer.failures.push({ when: 'before', error: new NetworkServerError('ambiguous', 'internal', 'foreign key') })
    kit.networkServer.isThere = false
    const { sent } = await sendOne(bay)
    kit.networkServer.isThere = true
    expect(sent).toEqual({ result: 'permanent', code: 'downlink.device_missing' })
  })

  test('DOM-615, DOM-634: transmitted shows the light as sent, unproved; a repeat changes nothing', async () => {
    const bay = await kit.createLitBay()
    const { commandId } = await sendOne(bay)
    const record = outcome({ commandId, attemptNo: 1 } as never, Date.now(), {
      to: 'transmitted',
      proof: 'transmitted',
      gatewayId: '0016c001f153a14c',
    })
    await kit.activities.delivery.recordOutcome({ ...bay, record })
    const published = kit.published.length
    await kit.activities.delivery.recordOutcome({ ...bay, record })
    expect(kit.published).toHaveLength(published)
    expect(await statusOf(bay, commandId)).toBe('transmitted')
    expect(
      await read(bay, 'select shown_color, proof from display_state_cache where tenant_id = $1 and device_id = $2', [bay.deviceId]),
    ).toEqual([{ shown_color: 'yellow', proof: 'transmitted' }])
  })

  const reportOf = (color: LightReport['color'], off: number): LightReport => ({
    readingId: randomUUID(),
    color,
    on: 100,
    off,
    counter: 3,
    firmware: '6.1',
    deviceClass: 'CLASS_C',
    session: 's',
    at: Date.now(),
  })

  test('DOM-616, DOM-630: a matching report confirms and proves', async () => {
    const bay = await kit.createLitBay()
    const { commandId } = await sendOne(bay)
    const report = reportOf({ r: 255, g: 255, b: 0 }, 100)
    await kit.activities.delivery.recordOutcome({ ...bay, record: { kind: 'report', report, confirms: { commandId, attemptNo: 1 } } })
    expect(await statusOf(bay, commandId)).toBe('confirmed')
    expect(
      await read(bay, 'select proof, drift_since from display_state_cache where tenant_id = $1 and device_id = $2', [bay.deviceId]),
    ).toEqual([{ proof: 'reported', drift_since: null }])
  })

  test('DOM-633: another colour is drift', async () => {
    const bay = await kit.createLitBay()
    await kit.activities.delivery.recordOutcome({
      ...bay,
      record: { kind: 'report', report: reportOf({ r: 1, g: 2, b: 3 }, 0), confirms: null },
    })
    const [row] = await read<{ shown_color: string; drift_since: Date | null }>(
      bay,
      'select shown_color, drift_since from display_state_cache where tenant_id = $1 and device_id = $2',
      [bay.deviceId],
    )
    expect(row?.shown_color).toBe('#010203')
    expect(row?.drift_since).not.toBeNull()
  })

  test('DOM-330: what was sent last and not disproved is not sent again, unless somebody asks', async () => {
    const bay = await kit.createLitBay()
    const { commandId } = await sendOne(bay)
    await kit.activities.delivery.recordOutcome({
      ...bay,
      record: outcome({ commandId, attemptNo: 1 } as never, Date.now(), { to: 'transmitted', proof: 'transmitted' }),
    })
    expect((await openOne(bay)).result).toMatchObject({ opened: false, reason: 'equal' })
    expect((await openOne(bay, { isAsked: true })).result).toMatchObject({ opened: true })
  })

  test('DOM-641, DOM-642: a failed command opens one alert and plans the next look; the next transmission closes it', async () => {
    const bay = await kit.createLitBay()
    const { commandId } = await sendOne(bay)
    const failed = outcome({ commandId, attemptNo: 5 } as never, Date.now(), { to: 'failed', reason: 'no_txack' })
    await kit.activities.delivery.recordOutcome({ ...bay, record: failed })
    await kit.activities.delivery.recordOutcome({ ...bay, record: failed })
    const alerts = () =>
      read<{ closed_at: Date | null }>(
        bay,
        `select closed_at from alerts where tenant_id = $1 and kind = 'downlink_dead_letter' and subject_id = $2`,
        [bay.deviceId],
      )
    expect(await alerts()).toEqual([{ closed_at: null }])
    expect(
      await read(bay, 'select 1 from display_state_cache where tenant_id = $1 and device_id = $2 and next_reconcile_at > now()', [
        bay.deviceId,
      ]),
    ).toHaveLength(1)
    const next = await sendOne(bay)
    await kit.activities.delivery.recordOutcome({
      ...bay,
      record: outcome({ commandId: next.commandId, attemptNo: 1 } as never, Date.now(), { to: 'transmitted', proof: 'transmitted' }),
    })
    expect((await alerts())[0]?.closed_at).not.toBeNull()
  })

  test('API-514: a cancelled display is not sent again before the next wanted version, unless somebody asks', async () => {
    const bay = await kit.createLitBay()
    const { commandId } = await openOne(bay)
    const record = outcome({ commandId, attemptNo: 0 } as never, Date.now(), { to: 'superseded', reason: 'cancelled' })
    await kit.activities.delivery.recordOutcome({ ...bay, record })
    expect((await openOne(bay)).result).toMatchObject({ opened: false, reason: 'dismissed' })
    expect((await openOne(bay, { isAsked: true })).result).toMatchObject({ opened: true })
  })

  test('WF-003: a run that knows nothing takes a sent command up again', async () => {
    const bay = await kit.createLitBay()
    const { commandId } = await sendOne(bay)
    const loaded = await kit.activities.delivery.loadWanted(bay)
    expect(loaded).toMatchObject({ gone: false, wantedVersion: 1, sentVersion: 1, command: { commandId, phase: 'sent', attemptNo: 1 } })
  })

  test('another tenant sees nothing of a command', async () => {
    const bay = await kit.createLitBay()
    const other = await kit.createLitBay()
    expect(await kit.activities.delivery.loadWanted({ tenantId: other.tenantId, deviceId: bay.deviceId })).toEqual({ gone: true })
    expect(await kit.activities.delivery.loadWanted(bay)).toMatchObject({ gone: false })
  })
})

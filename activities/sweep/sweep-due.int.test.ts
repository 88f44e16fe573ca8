/** The minute sweep, the relay and the reconcile pass over real rows: what is due is done once (WF-200, WF-210, WF-220). */
import { inTenant } from '#test/factories/insert'
import { createActivityKit, type ActivityKit, type LitBay } from '#test/temporal/activity-kit'

describe('loops over rows', () => {
  let kit: ActivityKit
  beforeAll(async () => {
    kit = await createActivityKit()
  }, 60_000)
  afterAll(() => kit.close())

  const run = ({ tenantId }: LitBay, text: string, values: readonly unknown[]) =>
    inTenant(kit.database.pool, tenantId, (client) => client.query(text, [tenantId, ...values]))

  test('WF-200: a bay whose look is due is projected, and is not due afterwards', async () => {
    const bay = await kit.createLitBay()
    await run(
      bay,
      `update spaces set next_check_at = now() - interval '1 second', next_check_cause = 'liveness' where tenant_id = $1 and id = $2`,
      [bay.spaceId],
    )
    const first = await kit.activities.ops.sweepDue()
    const second = await kit.activities.ops.sweepDue()
    expect(first).toMatchObject({ projected: 1, late: 0 })
    expect(second.projected).toBe(0)
  })

  test('WF-200: a boundary of a right found late is counted: its exact timer should have been first', async () => {
    const bay = await kit.createLitBay()
    await run(
      bay,
      `update spaces set next_check_at = now() - interval '10 seconds', next_check_cause = 'right' where tenant_id = $1 and id = $2`,
      [bay.spaceId],
    )
    expect(await kit.activities.ops.sweepDue()).toMatchObject({ projected: 1, late: 1 })
  })

  test('DOM-231: a light that reports and was not heard for 2.5 intervals is silent once, until it is heard', async () => {
    const bay = await kit.createLitBay()
    await run(bay, `update devices set last_seen_at = now() - interval '2 hours' where tenant_id = $1 and id = $2`, [bay.deviceId])
    expect((await kit.activities.ops.sweepDue()).silentDisplays).toBe(1)
    expect((await kit.activities.ops.sweepDue()).silentDisplays).toBe(0)
    await run(bay, `update devices set last_seen_at = now() where tenant_id = $1 and id = $2`, [bay.deviceId])
    await kit.activities.ops.sweepDue()
    const { rows } = await run(bay, `select closed_at from alerts where tenant_id = $1 and kind = 'sensor_silent' and subject_id = $2`, [
      bay.deviceId,
    ])
    expect(rows).toEqual([{ closed_at: expect.any(Date) }])
  })

  test('WF-210: a row that nobody settled is signalled and leaves', async () => {
    const bay = await kit.createLitBay()
    await kit.database.unitOfWork.withTenant({ tenantId: bay.tenantId }, ({ outbox }) =>
      outbox.put({
        target: `space/${bay.tenantId}/${bay.spaceId}`,
        message: { kind: 'space', ...bay, sequence: 1, cause: 'manual' },
        events: [],
      }),
    )
    await run(bay, `update outbox set created_at = now() - interval '1 minute' where tenant_id = $1 and target like $2`, ['space/%'])
    expect((await kit.activities.ops.drainOutbox()).drained).toBeGreaterThanOrEqual(1)
    expect(kit.signalled).toContainEqual(expect.objectContaining({ kind: 'space', spaceId: bay.spaceId, sequence: 1 }))
    expect((await run(bay, 'select 1 from outbox where tenant_id = $1 and target like $2', ['space/%'])).rows).toEqual([])
  })

  test('WF-220: a light whose wanted was never sent is nudged, and not again within ten minutes', async () => {
    const bay = await kit.createLitBay()
    await run(bay, `update display_state_cache set wanted_at = now() - interval '5 minutes' where tenant_id = $1 and device_id = $2`, [
      bay.deviceId,
    ])
    await kit.activities.ops.reconcileDisplays()
    await kit.activities.ops.reconcileDisplays()
    const nudges = kit.told.filter(({ deviceId }) => deviceId === bay.deviceId)
    expect(nudges).toEqual([{ tenantId: bay.tenantId, deviceId: bay.deviceId, why: 'reconcile' }])
  })

  test('WF-010: the projection’s own message does not come back to the workflow that asked', async () => {
    const bay = await kit.createLitBay()
    expect(kit.signalled.filter((message) => message.kind === 'space' && message.spaceId === bay.spaceId)).toEqual([])
  })
})

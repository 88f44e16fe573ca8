/** A cancellation whose request died between the workflow's answer and its own (API-047, API-514). */
import { createReadWorld, type ReadWorld } from '#test/harness/read-world'
import { fingerprintOf } from '../../middleware/idempotency'

let world: ReadWorld
beforeAll(async () => {
  world = await createReadWorld()
}, 60_000)
afterAll(() => world.api.close())

test('API-514: a retry of the same key finds it cancelled, writes the audit row that was due and answers 200; another key is refused', async () => {
  const { tenantId, downlinkId, operator, sql } = world
  const path = `/api/v6/downlinks/${downlinkId}/cancel`
  const body = { reason: 'Wrong bay' }
  await sql(
    `insert into idempotency_keys (tenant_id, principal, operation, key, fingerprint, state, created_at, expires_at)
     values ($1, $2, 'API-514', 'cancel-1', $3, 'running', now() - interval '19 seconds', now() + interval '1 day')`,
    [tenantId, `user:${operator.userId}`, fingerprintOf(path, body)],
  )
  await sql(`update downlink_queue set status = 'superseded', status_reason = 'cancelled', ended_at = now() where id = $1`, [downlinkId])
  const cancel = (key: string) => operator.client.send(`POST ${path}`, body, { 'idempotency-key': key })
  const audited = () => sql(`select action from audit_log where resource_id = $1`, [downlinkId])

  expect((await cancel('cancel-1')).body).toMatchObject({ status: 409, code: 'idempotency.in_progress' })
  expect((await cancel('cancel-2')).body).toMatchObject({ status: 409, code: 'downlink.not_cancellable' })
  expect(await audited()).toEqual([])
  await sql(`update idempotency_keys set created_at = now() - interval '21 seconds' where key = 'cancel-1'`)
  expect((await cancel('cancel-1')).body).toMatchObject({ status: 'superseded', status_reason: 'cancelled' })
  expect((await cancel('cancel-1')).headers.get('idempotency-replayed')).toBe('true')
  expect(await audited()).toEqual([{ action: 'downlink.cancel' }])
})

/** A dead letter goes down the same path again, for its own tenant only (DOM-928, API-541). */
import { randomUUID } from 'node:crypto'
import { createWorld, PLATFORM_TENANT_ID, quiet, uplink, type Bay, type World } from '#test/ingest/world'
import { replayDeadLetter } from './replay'

let world: World
beforeAll(async () => void (world = await createWorld()))
afterAll(() => world.close())

async function createLetter({ tenantId }: Bay, { topic, payload }: { topic: string; payload: Buffer }): Promise<string> {
  const [letter] = await world.rows<{ id: string }>(
    `insert into ingest_dead_letters (tenant_id, source, topic, reason, raw, content_hash, received_at)
     values ($1, 'mqtt', $2, 'refused', $3, $3, now()) returning id`,
    [tenantId, topic, payload],
  )
  return letter?.id ?? ''
}

const replay = (tenantId: string, letterId: string) =>
  replayDeadLetter(
    {
      unitOfWork: world.database.unitOfWork,
      dispatcher: world.dispatcher,
      platformTenantId: PLATFORM_TENANT_ID,
      clock: { now: Date.now },
      log: quiet,
    },
    { tenantId },
    letterId,
  )

const letterOf = async (id: string) => (await world.rows('select status, attempts from ingest_dead_letters where id = $1', [id]))[0]

test('DOM-928: what fits now is stored and projected, once', async () => {
  const bay = await world.createBay()
  const letterId = await createLetter(bay, uplink({ devEui: bay.sensor.devEui, fCnt: 1 }))
  expect(await replay(bay.tenantId, letterId)).toEqual({ kind: 'replayed' })
  expect(await letterOf(letterId)).toEqual({ status: 'replayed', attempts: 1 })
  expect(await world.rows('select current_state from spaces where id = $1', [bay.spaceId])).toEqual([{ current_state: 'occupied' }])
  expect(await replay(bay.tenantId, letterId)).toEqual({ kind: 'not_found' })
})

test('DOM-928: what still does not fit stays open with one attempt more', async () => {
  const bay = await world.createBay()
  const letterId = await createLetter(bay, { topic: 'application/x', payload: Buffer.from('{') })
  expect(await replay(bay.tenantId, letterId)).toEqual({ kind: 'rejected', reason: 'topic_mismatch' })
  expect(await letterOf(letterId)).toEqual({ status: 'open', attempts: 1 })
})

test('D-24: another tenant’s letter is not found', async () => {
  const bay = await world.createBay()
  const other = await world.createBay()
  const letterId = await createLetter(bay, uplink({ devEui: bay.sensor.devEui, fCnt: 1 }))
  expect(await replay(other.tenantId, letterId)).toEqual({ kind: 'not_found' })
  expect(await replay(bay.tenantId, randomUUID())).toEqual({ kind: 'not_found' })
  expect(await letterOf(letterId)).toEqual({ status: 'open', attempts: 0 })
})

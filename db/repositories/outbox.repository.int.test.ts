/** Versions and merging of outbox rows: nobody deletes a row he has not seen, and no cause is forgotten (DOM-914, DB-273). */
import { randomUUID } from 'node:crypto'
import { displayWorkflowId, spaceWorkflowId } from '#domain/shared/workflow-ids'
import type { OutboxMessage, OutboxRow, ProjectionCause } from '#domain/shared/outbox'
import { createWorld, type Bay, type World } from '#test/ingest/world'
import type { TenantRepositories } from '../repositories'

let world: World
beforeAll(async () => void (world = await createWorld()))
afterAll(() => world.close())

const withOutbox = <R>({ tenantId }: Bay, work: (outbox: TenantRepositories['outbox']) => Promise<R>): Promise<R> =>
  world.database.unitOfWork.withTenant({ tenantId }, ({ outbox }) => work(outbox))

function put(bay: Bay, message: OutboxMessage): Promise<OutboxRow> {
  const target = message.kind === 'space' ? spaceWorkflowId(bay.tenantId, bay.spaceId) : displayWorkflowId(bay.tenantId, bay.light.deviceId)
  return withOutbox(bay, (outbox) => outbox.put({ target, message, events: [] }))
}

const spaceMessage = ({ tenantId, siteId, spaceId }: Bay, cause: ProjectionCause): OutboxMessage => ({
  kind: 'space',
  tenantId,
  siteId,
  spaceId,
  sequence: 3,
  cause,
})
const lightMessage = ({ tenantId, light }: Bay): OutboxMessage => ({
  kind: 'display',
  tenantId,
  deviceId: light.deviceId,
  networkEvents: [{ key: randomUUID(), kind: 'join', at: 1 }],
  reports: [],
})

test('DOM-914: a row that comes after a deleted one is younger than whatever its settler has seen', async () => {
  const bay = await world.createBay()
  const first = await put(bay, lightMessage(bay))
  const raised = await put(bay, lightMessage(bay))
  expect(raised.version).toBe(first.version + 1)
  expect(await withOutbox(bay, (outbox) => outbox.deleteSeen(raised))).toBe(true)
  const second = await put(bay, lightMessage(bay))
  expect(second.version).toBeGreaterThan(raised.version)
  for (const seen of [first, raised]) expect(await withOutbox(bay, (outbox) => outbox.deleteSeen(seen))).toBe(false)
  expect(await withOutbox(bay, (outbox) => outbox.find(second.target))).toEqual(second)
})

test.each<[ProjectionCause, ProjectionCause, ProjectionCause]>([
  ['manual', 'timer', 'manual'],
  ['policy', 'sensor', 'policy'],
  ['timer', 'sensor', 'timer'],
  ['sensor', 'timer', 'timer'],
  ['sensor', 'manual', 'manual'],
  ['timer', 'reservation', 'reservation'],
  ['manual', 'policy', 'policy'],
])('WF-004: a message about %s, then one about %s, is told as %s', async (first, second, told) => {
  const bay = await world.createBay()
  await put(bay, spaceMessage(bay, first))
  expect((await put(bay, spaceMessage(bay, second))).message).toEqual(spaceMessage(bay, told))
})

test('WF-210: a failure takes the message away only if the workflow has it, and only from the row that was seen', async () => {
  const bay = await world.createBay()
  const seen = await put(bay, lightMessage(bay))
  const after = async (isTold: boolean) => {
    await withOutbox(bay, (outbox) => outbox.noteFailure(seen, { reason: 'redis away', isTold }))
    const [row] = await world.rows<{ attempts: number; message: unknown }>('select attempts, message from outbox where target = $1', [
      seen.target,
    ])
    return row
  }
  expect(await after(false)).toEqual({ attempts: 1, message: seen.message })
  expect(await after(true)).toEqual({ attempts: 2, message: null })
  const newer = await put(bay, lightMessage(bay))
  expect(await after(true)).toEqual({ attempts: 2, message: newer.message })
})

/** Ordinals of listener replicas: apart while they live, the same again after a restart (OPS-060, Q-TRP-44). */
import { hostname } from 'node:os'
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import { takeListenerLease } from './listener-lease'

let database: TestDatabase
beforeEach(async () => void (database = await createTestDatabase()))
afterEach(() => database.close())

const quiet = { info: () => undefined, warn: () => undefined }
const take = (holder: string) => takeListenerLease({ unitOfWork: database.unitOfWork, log: quiet, onLost: () => undefined, holder })

test('OPS-060: replicas take the lowest free ordinals, also at the same moment', async () => {
  const leases = await Promise.all(['a/1', 'b/1', 'c/1'].map(take))
  expect(leases.map(({ ordinal }) => ordinal).sort()).toEqual([0, 1, 2])
  await Promise.all(leases.map((lease) => lease.release()))
})

test('Q-TRP-45: an ordinal that was released is the next one’s', async () => {
  const first = await take('a/1')
  await first.release()
  const second = await take('b/1')
  expect(second.ordinal).toBe(0)
  await second.release()
})

test('Q-FLT-01: a process that was killed leaves its ordinal to its successor on the same host at once', async () => {
  const gone = 2 ** 22 + 1 // above the kernel's greatest process id
  const killed = await take(`${hostname()}/${gone}`)
  const successor = await take(`${hostname()}/${process.pid}`)
  expect(successor.ordinal).toBe(killed.ordinal)
  await successor.release()
  await killed.release()
})

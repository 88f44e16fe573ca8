/** The hostile catalogue over every operation of the contract (quality.md § 4, Q-HOS-00). */
import { PASSWORD } from '#test/harness/test-api'
import { CATALOGUE } from './catalogue'
import { endConnections } from './http'
import { readOperations } from './open-api'
import { runControl, runMutator } from './run-mutator'
import { changedTables } from './witness'
import { createHostileWorld, JWT_SECRET, type HostileWorld } from './world'

jest.setTimeout(60_000)

const operations = readOperations()
const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`

let world: HostileWorld
beforeAll(async () => {
  world = await createHostileWorld()
})
afterAll(async () => {
  endConnections()
  await world.close()
})

describe('Q-HOS-00: every operation has a valid request, so that its mutations mean something', () => {
  test('there are operations', () => expect(operations.length).toBeGreaterThan(40))
  test.each(operations.map((operation) => [nameOf(operation), operation] as const))('%s', (_name, operation) =>
    runControl(world, operation),
  )
})

test('Q-HOS-00: the witness sees what an accepted command changes, so that its silence means something', async () => {
  const operation = operations.find(({ method, path }) => `${method} ${path}` === 'POST /api/v6/spaces/{id}/overrides')
  if (operation === undefined) throw new Error('the operation is gone: choose another one that writes')
  const before = await world.witness()
  await runControl(world, operation)
  expect(changedTables(before, await world.witness())).toEqual(expect.arrayContaining(['outbox', 'spaces']))
})

/** A row may wait for its first operation: bodies with ids come with reservations. */
const RUNS = CATALOGUE.map((mutator) => ({ mutator, concerned: operations.filter(mutator.appliesTo) })).filter(
  ({ concerned }) => concerned.length > 0,
)

describe.each(RUNS.map((run) => [`${run.mutator.id}: ${run.mutator.title}`, run] as const))('%s', (_title, { mutator, concerned }) => {
  test.each(concerned.map((operation) => [nameOf(operation), operation] as const))('%s', (_name, operation) =>
    runMutator(world, mutator, operation),
  )
})

describe('Q-HOS-26: what the log has of all this', () => {
  test('no line at level error: a caller can be wrong, only we can fail', () => {
    expect(world.logged.filter(({ level }) => level === 'error').slice(0, 3)).toEqual([])
  })

  test('no token, password or key in any line', () => {
    const secrets = [
      ...Object.values(world.tokens),
      ...world.forgeries.map(({ token }) => token),
      PASSWORD,
      'pk_live_abcd1234_madeup',
      JWT_SECRET,
    ]
    const told = secrets.filter((secret) => world.logged.some(({ text }) => text.includes(secret)))
    expect(told).toEqual([])
    expect(world.logged.length).toBeGreaterThan(0)
  })
})

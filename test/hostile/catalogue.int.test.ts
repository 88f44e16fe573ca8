/** The hostile catalogue over every operation of the contract (quality.md § 4, Q-HOS-00). */
import { CATALOGUE } from './catalogue'
import { endConnections } from './http'
import { readOperations } from './open-api'
import { runControl, runMutator } from './run-mutator'
import { createHostileWorld, type HostileWorld } from './world'

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

describe.each(CATALOGUE.map((mutator) => [`${mutator.id}: ${mutator.title}`, mutator] as const))('%s', (_title, mutator) => {
  const concerned = operations.filter(mutator.appliesTo)
  test.each(concerned.map((operation) => [nameOf(operation), operation] as const))('%s', (_name, operation) =>
    runMutator(world, mutator, operation),
  )
})

/** Sends the attempts of one row at one operation and tells everything that went wrong, not only the first. */
import { send } from './http'
import type { Attempt, Mutator } from './mutator'
import type { HostileOperation } from './open-api'
import { expectHonest } from './problem'
import { toHttp, validRequest } from './valid-request'
import { changedTables } from './witness'
import type { HostileWorld } from './world'

export async function runMutator(world: HostileWorld, mutator: Mutator, operation: HostileOperation): Promise<void> {
  const attempts = mutator.attempts(validRequest(operation, await world.sources(operation)), world)
  const isReading = operation.method === 'GET'
  const failures: string[] = []
  let before = await world.witness()
  for (const attempt of attempts) {
    const status = await tell(failures, attempt, () => attack(world, attempt))
    if (isReading) continue
    const after = await world.witness()
    const changed = changedTables(before, after)
    if (status >= 400 && changed.length > 0) failures.push(`${attempt.name}: refused with ${status}, yet changed ${changed.join(', ')}`)
    before = after
  }
  const changed = isReading ? changedTables(before, await world.witness()) : []
  if (changed.length > 0) failures.push(`reading changed ${changed.join(', ')}`)
  if (failures.length > 0) throw new Error(`${failures.length} of ${attempts.length} attempts failed:\n${failures.slice(0, 12).join('\n')}`)
}

/** The positive control: without any mutation the request passes every check but, perhaps, the resource's own state (409). */
export async function runControl(world: HostileWorld, operation: HostileOperation): Promise<void> {
  const valid = validRequest(operation, await world.sources(operation))
  const answer = await send(world.port, toHttp(valid))
  expectHonest(answer)
  if (answer.status >= 400 && answer.status !== 409)
    throw new Error(`the valid request was answered ${answer.status}: ${answer.text.slice(0, 500)}`)
}

async function attack({ port }: HostileWorld, attempt: Attempt): Promise<number> {
  const answer = await send(port, attempt.request)
  const twin = attempt.twin === undefined ? answer : await send(port, attempt.twin)
  expectHonest(answer)
  attempt.expect(answer, twin)
  return answer.status
}

/** Answers the status, 400 when the attempt failed its expectation or got no answer at all. */
async function tell(failures: string[], { name }: Attempt, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    const message = error instanceof Error ? error.message.replaceAll('\n', ' ').slice(0, 400) : String(error)
    failures.push(`${name}: ${message}`)
    return 400
  }
}

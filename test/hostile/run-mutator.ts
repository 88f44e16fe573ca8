/** Sends the attempts of one row at one operation and tells everything that went wrong, not only the first. */
import { send } from './http'
import type { Attempt, Mutator } from './mutator'
import type { HostileOperation } from './open-api'
import { expectHonest } from './problem'
import { toHttp, validRequest } from './valid-request'
import { changedTables } from './witness'
import type { HostileWorld } from './world'

export async function runMutator(world: HostileWorld, mutator: Mutator, operation: HostileOperation): Promise<void> {
  const attempts = mutator.attempts(
    validRequest(operation, await world.sources(operation, mutator.mayBeAccepted === true ? 'fresh' : 'shared')),
    world,
  )
  const mayWrite = mutator.mayBeAccepted === true && operation.method !== 'GET'
  const failures: string[] = []
  const before = await world.witness()
  for (const attempt of attempts) await (mayWrite ? runWatched : runAttempt)(world, attempt, failures)
  const changed = mayWrite ? [] : changedTables(before, await world.witness())
  if (changed.length > 0) failures.push(`what was refused or read changed ${changed.join(', ')}`)
  if (failures.length > 0) throw new Error(`${failures.length} of ${attempts.length} attempts failed:\n${failures.slice(0, 12).join('\n')}`)
}

/** Compares the tables around this one attempt, and only when it was refused. */
async function runWatched(world: HostileWorld, attempt: Attempt, failures: string[]): Promise<void> {
  const before = await world.witness()
  const status = await runAttempt(world, attempt, failures)
  const changed = status < 400 ? [] : changedTables(before, await world.witness())
  if (changed.length > 0) failures.push(`${attempt.name}: refused with ${status}, yet changed ${changed.join(', ')}`)
}

/** The positive control: without any mutation the request passes every check but, perhaps, the resource's own state (409). */
export async function runControl(world: HostileWorld, operation: HostileOperation): Promise<void> {
  const valid = validRequest(operation, await world.sources(operation, 'fresh'))
  const answer = await send(world.port, toHttp(valid))
  expectHonest(answer)
  if (answer.status >= 400 && answer.status !== 409)
    throw new Error(`the valid request was answered ${answer.status}: ${answer.text.slice(0, 500)}`)
}

/** Answers the status, 400 when the attempt failed its expectation or got no answer at all. */
async function runAttempt({ port }: HostileWorld, attempt: Attempt, failures: string[]): Promise<number> {
  try {
    const answer = await send(port, attempt.request)
    const twin = attempt.twin === undefined ? answer : await send(port, attempt.twin)
    expectHonest(answer)
    attempt.expect(answer, twin)
    return answer.status
  } catch (error) {
    const message = error instanceof Error ? error.message.replaceAll('\n', ' ').slice(0, 400) : String(error)
    failures.push(`${attempt.name}: ${message}`)
    return 400
  }
}

/** One key, one outcome, whoever comes late, together or again (API-047, D-27). */
import { createHash, randomUUID } from 'node:crypto'
import type { UnitOfWork } from '#db/unit-of-work'
import { DomainError, isDomainError } from '#domain/shared/domain-error'
import { createFactories } from '#test/factories/factories'
import { inTenant } from '#test/factories/insert'
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import type { Answer, Call } from '../../middleware/call'
import { createCommands, type Effect, type Prepare } from './commands'

let database: TestDatabase
let tenantId: string
let userId: string

beforeAll(async () => {
  database = await createTestDatabase()
  const make = createFactories(database.pool)
  tenantId = (await make.tenant()).tenantId
  userId = (await make.user()).userId
}, 60_000)
afterAll(() => database.close())

const commandsOver = (unitOfWork: UnitOfWork) => createCommands({ unitOfWork, settle: async () => undefined })
const commands = () => commandsOver(database.unitOfWork)

/** What `run` reads of a call. */
const callWith = (key: string, asked = 'this'): Call =>
  ({
    principal: { kind: 'user', tenantId, userId },
    requestId: 'test',
    claim: { key, principal: `user:${userId}`, operation: 'API-514', fingerprint: createHash('sha256').update(asked).digest() },
  }) as unknown as Call

const says = (word: string) => async (): Promise<Effect> => ({ answer: { status: 201, body: { word } }, handovers: [] })
const refuses = async (): Promise<never> => {
  throw new DomainError('resource.in_use')
}
const codeOf = (answer: Promise<Answer>): Promise<string> =>
  answer.then(
    () => 'answered',
    (error: unknown) => (isDomainError(error) ? error.code : String(error)),
  )

function createGate() {
  let open: () => void = () => undefined
  const passed = new Promise<void>((resolve) => (open = resolve))
  return { open, passed }
}

/** Lets the first transaction pass and holds the later ones until the gate opens. */
function heldAfterOne(gate: Promise<void>) {
  const reached = createGate()
  let transactions = 0
  const withTenant = async (...given: Parameters<UnitOfWork['withTenant']>) => {
    if (++transactions > 1) {
      reached.open()
      await gate
    }
    return database.unitOfWork.withTenant(...given)
  }
  return { unitOfWork: { ...database.unitOfWork, withTenant: withTenant as UnitOfWork['withTenant'] }, reached: reached.passed } // as generic as the one it stands before
}

/** As if the process that held the key had died long ago. */
const letLeaseEnd = (key: string) =>
  inTenant(database.pool, tenantId, (client) =>
    client.query(`update idempotency_keys set created_at = now() - interval '21 seconds' where tenant_id = $1 and key = $2`, [
      tenantId,
      key,
    ]),
  )

test('API-047: a refusal that comes late hears, and never replaces, the success of the same key', async () => {
  const [key, gate] = [randomUUID(), createGate()]
  const { unitOfWork, reached } = heldAfterOne(gate.passed)
  const late = commandsOver(unitOfWork).run(callWith(key), refuses)
  await reached
  const done = await commands().run(callWith(key), says('done'))
  gate.open()
  expect(await late).toMatchObject({ status: 201, body: done.body, isReplay: true })
  expect(await commands().run(callWith(key), says('again'))).toMatchObject({ status: 201, body: { word: 'done' }, isReplay: true })
})

test('API-047: a refusal is heard again by its key', async () => {
  const key = randomUUID()
  expect(await codeOf(commands().run(callWith(key), refuses))).toBe('resource.in_use')
  expect(await commands().run(callWith(key), says('done'))).toMatchObject({ status: 409, isReplay: true })
})

describe('API-047: an effect that is not one transaction', () => {
  test('runs once for two requests of a key; the other is told to wait, then hears the same', async () => {
    const [key, gate, began] = [randomUUID(), createGate(), createGate()]
    let effects = 0
    const cancel: Prepare = async () => {
      if (++effects > 1) throw new DomainError('downlink.not_cancellable')
      began.open()
      await gate.passed
    }
    const first = commands().run(callWith(key), says('cancelled'), cancel)
    await began.passed
    expect(await codeOf(commands().run(callWith(key), says('twice'), cancel))).toBe('idempotency.in_progress')
    expect(await codeOf(commands().run(callWith(key, 'that'), says('other'), cancel))).toBe('idempotency.mismatch')
    gate.open()
    expect(await first).toMatchObject({ status: 201, body: { word: 'cancelled' } })
    expect(await commands().run(callWith(key), says('again'), cancel)).toMatchObject({ body: { word: 'cancelled' }, isReplay: true })
    expect(effects).toBe(1)
  })

  test('is taken over when its request has been silent for 20 s; what that one says at last counts for nothing', async () => {
    const [key, gate, began] = [randomUUID(), createGate(), createGate()]
    const silent = commands().run(callWith(key), says('never'), async () => {
      began.open()
      await gate.passed
      throw new DomainError('downlink.not_cancellable')
    })
    await began.passed
    await letLeaseEnd(key)
    const seen: boolean[] = []
    const retried = await commands().run(callWith(key), says('done'), async ({ isResumed }) => {
      seen.push(isResumed)
      gate.open()
      expect(await codeOf(silent)).toBe('idempotency.in_progress')
    })
    expect([retried.body, seen]).toEqual([{ word: 'done' }, [true]])
  })

  test('that failed otherwise may be tried again at once, and is told that it may have happened', async () => {
    const key = randomUUID()
    const seen: boolean[] = []
    const away: Prepare = async ({ isResumed }) => {
      seen.push(isResumed)
      if (seen.length === 1) throw new DomainError('server.unavailable')
    }
    expect(await codeOf(commands().run(callWith(key), says('done'), away))).toBe('server.unavailable')
    expect(await commands().run(callWith(key), says('done'), away)).toMatchObject({ status: 201, body: { word: 'done' } })
    expect(seen).toEqual([false, true])
  })
})

/** Runs a command in one transaction: claim, effect, audit row and stored answer commit together; what must follow comes after (API-047, API-048). */
import type { UnitOfWork } from '#db/unit-of-work'
import { DomainError, isDomainError } from '#domain/shared/domain-error'
import { ERROR_CODES } from '#domain/shared/error-codes'
import type { OutboxRow } from '#domain/shared/outbox'
import type { Answer, Call } from '../../middleware/call'
import type { Claim } from '../../middleware/idempotency'
import { toProblem } from '../../middleware/to-problem'
import type { Repositories } from './repositories'

export interface Effect {
  readonly answer: Answer
  /** Rows to settle once it is committed. */
  readonly handovers: readonly OutboxRow[]
}

export interface Commands {
  /**
   * `prepare` is for effects that are not one transaction of ours (a workflow, another path): it runs before the transaction and outside it,
   * and not at all when the answer is known already.
   */
  run(call: Call, work: (repositories: Repositories) => Promise<Effect>, prepare?: () => Promise<void>): Promise<Answer>
}

export interface CommandsOptions {
  readonly unitOfWork: UnitOfWork
  /** Publishes and signals; never rejects, what fails stays with the relay (D-70). */
  readonly settle: (row: OutboxRow) => Promise<void>
}

/** The caller need not wait longer for sockets and workflows than this: the relay finishes what is late. */
const SETTLE_WAIT_MS = 500
/** Never stored, so that the same key may try again (API-047). */
const NOT_STORED = new Set([400, 401, 403, 408, 413, 415, 429])

export function createCommands({ unitOfWork, settle }: CommandsOptions): Commands {
  async function once(call: Call, claim: Claim, work: (repositories: Repositories) => Promise<Effect>): Promise<Effect> {
    try {
      return await unitOfWork.withTenant(call.principal, async (repositories) => {
        const known = await replayOf(repositories, claim)
        if (known !== null) return { answer: known, handovers: [] }
        const effect = await work(repositories)
        await repositories.idempotency.store(claim, effect.answer.status ?? 200, effect.answer.body)
        return effect
      })
    } catch (error) {
      if (isDomainError(error) && isStored(error)) await storeRefusal(unitOfWork, call, { claim, error })
      throw error
    }
  }

  async function prepareOnce(call: Call, prepare: () => Promise<void>): Promise<Answer | null> {
    const { claim } = call
    if (claim === null) return prepare().then(() => null)
    const known = await unitOfWork.withTenant(call.principal, (repositories) => replayOf(repositories, claim))
    if (known !== null) return known
    try {
      await prepare()
      return null
    } catch (error) {
      if (isDomainError(error) && isStored(error)) await storeRefusal(unitOfWork, call, { claim, error })
      throw error
    }
  }

  return {
    async run(call, work, prepare) {
      const known = prepare === undefined ? null : await prepareOnce(call, prepare)
      if (known !== null) return known
      const { answer, handovers } = await (call.claim === null ? unitOfWork.withTenant(call.principal, work) : once(call, call.claim, work))
      await withinLimit(Promise.all(handovers.map(settle)))
      return answer
    },
  }
}

/** A refusal changes nothing, but the same key must hear it again. */
async function storeRefusal(
  unitOfWork: UnitOfWork,
  { principal, requestId }: Call,
  { claim, error }: { claim: Claim; error: DomainError },
): Promise<void> {
  const { status, body } = toProblem(error, requestId)
  await unitOfWork.withTenant(principal, ({ idempotency }) => idempotency.store(claim, status, body))
}

/** The answer given before; throws when the key is busy or was used for something else. */
async function replayOf({ idempotency }: Repositories, claim: Claim): Promise<Answer | null> {
  if (!(await idempotency.tryLock(claim))) throw new DomainError('idempotency.in_progress', { retryAfterSeconds: 1 })
  const stored = await idempotency.find(claim)
  if (stored === null) return null
  if (!claim.fingerprint.equals(stored.fingerprint)) throw new DomainError('idempotency.mismatch')
  return { status: stored.status, body: stored.response, isReplay: true }
}

function isStored({ code }: DomainError): boolean {
  const { status } = ERROR_CODES[code]
  return status < 500 && !NOT_STORED.has(status) && code !== 'validation.failed' && !code.startsWith('idempotency.')
}

async function withinLimit(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, SETTLE_WAIT_MS)))
  await Promise.race([work, limit])
  clearTimeout(timer)
}

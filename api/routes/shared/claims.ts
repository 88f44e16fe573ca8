/** One key, one outcome: who may run a claimed command, and what the others hear (API-047). */
import type { UnitOfWork } from '#db/unit-of-work'
import { DomainError, isDomainError } from '#domain/shared/domain-error'
import { ERROR_CODES } from '#domain/shared/error-codes'
import type { Answer, Call } from '../../middleware/call'
import type { Claim } from '../../middleware/idempotency'
import { toProblem } from '../../middleware/to-problem'
import type { Repositories } from './repositories'

export type Lease = NonNullable<Awaited<ReturnType<Repositories['idempotency']['take']>>>

/** Never stored, so that the same key may try again (API-047). */
const NOT_STORED = new Set([400, 401, 403, 408, 413, 415, 429])

/** The answer given before, or null; throws when the key is busy or was used for something else. */
export async function replayOf({ idempotency }: Repositories, claim: Claim): Promise<Answer | null> {
  if (!(await idempotency.tryLock(claim))) throw inProgress()
  const stored = await idempotency.find(claim)
  if (stored === null) return null
  if (!claim.fingerprint.equals(stored.fingerprint)) throw new DomainError('idempotency.mismatch')
  return stored.status === null ? null : { status: stored.status, body: stored.response, isReplay: true }
}

/** For effects that are not one transaction of ours: the answer given before, or the right to run, committed before anything is done. */
export function takeTurn(unitOfWork: UnitOfWork, { principal }: Call, claim: Claim): Promise<{ answer: Answer } | { lease: Lease }> {
  return unitOfWork.withTenant(principal, async (repositories) => {
    const answer = await replayOf(repositories, claim)
    if (answer !== null) return { answer }
    const lease = await repositories.idempotency.take(claim)
    if (lease === null) throw inProgress()
    return { lease }
  })
}

/**
 * What a failed request of this key hears. A refusal changes nothing, but the same key must hear it again, unless another request of the key
 * had its effect meanwhile: then that answer is this one's too. After any other failure the key may try again at once.
 */
export async function answerFailure(
  unitOfWork: UnitOfWork,
  call: Call,
  { claim, lease, error }: { claim: Claim; lease: Lease | null; error: unknown },
): Promise<Answer> {
  if (isDomainError(error) && isStored(error)) {
    const known = await storeRefusal(unitOfWork, call, { claim, lease, error })
    if (known !== null) return known
  } else if (lease !== null) {
    const giveUp = unitOfWork.withTenant(call.principal, ({ idempotency }) => idempotency.giveUp(lease))
    await giveUp.catch(() => 0) // the lease ends by itself; the first error is the one to tell
  }
  throw error
}

function storeRefusal(
  unitOfWork: UnitOfWork,
  { principal, requestId }: Call,
  { claim, lease, error }: { claim: Claim; lease: Lease | null; error: DomainError },
): Promise<Answer | null> {
  return unitOfWork.withTenant(principal, async (repositories) => {
    const known = await replayOf(repositories, claim)
    if (known !== null) return known
    const stored = await repositories.idempotency.storeRefusal(claim, toProblem(error, requestId), lease)
    if (stored === 0) throw inProgress()
    return null
  })
}

const inProgress = (): DomainError => new DomainError('idempotency.in_progress', { retryAfterSeconds: 1 })

function isStored({ code }: DomainError): boolean {
  const { status } = ERROR_CODES[code]
  return status < 500 && !NOT_STORED.has(status) && code !== 'validation.failed' && !code.startsWith('idempotency.')
}

/** Runs a command in one transaction: claim, effect, audit row and stored answer commit together; what must follow comes after (API-047, API-048). */
import type { UnitOfWork } from '#db/unit-of-work'
import type { OutboxRow } from '#domain/shared/outbox'
import type { Answer, Call } from '../../middleware/call'
import type { Claim } from '../../middleware/idempotency'
import { answerFailure, replayOf, takeTurn, type Lease } from './claims'
import type { Repositories } from './repositories'

export interface Effect {
  readonly answer: Answer
  /** Rows to settle once it is committed. */
  readonly handovers: readonly OutboxRow[]
}

type Work = (repositories: Repositories) => Promise<Effect>
/** Resumed: an earlier request of the same key may have had the effect without recording it; what is done already is no refusal then. */
export type Prepare = (attempt: Pick<Lease, 'isResumed'>) => Promise<void>

export interface Commands {
  /**
   * `prepare` is for effects that are not one transaction of ours (a workflow, another path): it runs before the transaction and outside it,
   * under a lease on the key, and not at all when the answer is known already.
   */
  run(call: Call, work: Work, prepare?: Prepare): Promise<Answer>
}

export interface CommandsOptions {
  readonly unitOfWork: UnitOfWork
  /** Publishes and signals; never rejects, what fails stays with the relay (D-70). */
  readonly settle: (row: OutboxRow) => Promise<void>
}

/** The caller need not wait longer for sockets and workflows than this: the relay finishes what is late. */
const SETTLE_WAIT_MS = 500

export function createCommands({ unitOfWork, settle }: CommandsOptions): Commands {
  const record = (call: Call, claim: Claim, work: Work): Promise<Effect> =>
    unitOfWork.withTenant(call.principal, async (repositories) => {
      const known = await replayOf(repositories, claim)
      if (known !== null) return { answer: known, handovers: [] }
      const effect = await work(repositories)
      await repositories.idempotency.store(claim, effect.answer.status ?? 200, effect.answer.body)
      return effect
    })

  async function runOnce(call: Call, claim: Claim, { work, prepare }: { work: Work; prepare: Prepare | undefined }): Promise<Effect> {
    let lease: Lease | null = null
    try {
      if (prepare !== undefined) {
        const turn = await takeTurn(unitOfWork, call, claim)
        if ('answer' in turn) return { answer: turn.answer, handovers: [] }
        lease = turn.lease
        await prepare(lease)
      }
      return await record(call, claim, work)
    } catch (error) {
      return { answer: await answerFailure(unitOfWork, call, { claim, lease, error }), handovers: [] }
    }
  }

  async function runUnclaimed(call: Call, work: Work, prepare: Prepare | undefined): Promise<Effect> {
    await prepare?.({ isResumed: false })
    return unitOfWork.withTenant(call.principal, work)
  }

  return {
    async run(call, work, prepare) {
      const { claim } = call
      const { answer, handovers } = await (claim === null ? runUnclaimed(call, work, prepare) : runOnce(call, claim, { work, prepare }))
      await withinLimit(Promise.all(handovers.map(settle)))
      return answer
    },
  }
}

async function withinLimit(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, SETTLE_WAIT_MS)))
  await Promise.race([work, limit])
  clearTimeout(timer)
}

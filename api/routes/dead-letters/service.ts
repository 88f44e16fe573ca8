/** Reads dead letters, sends one through ingest again, puts one away (API-540 to 542). */
import type { UserPrincipal } from '#domain/authorization/principal'
import { DomainError } from '#domain/shared/domain-error'
import { assertNever } from '#domain/shared/assert-never'
import type { TenantScope } from '#db/unit-of-work'
import type { ReplayOutcome } from '../../ingest/replay'
import type { Answer, Call } from '../../middleware/call'
import type { Commands, Effect, Prepare } from '../shared/commands'
import { assertWritable } from '../shared/home'
import type { PageRequest } from '../shared/lists'
import { found, type ReadRepositories, type Reads } from '../shared/reads'
import type { Repositories } from '../shared/repositories'
import { presentDeadLetterDetail } from './presenter'

export type DeadLetterFilters = Parameters<ReadRepositories['deadLetterReads']['list']>[0]['filters']

export interface DeadLetterServiceDeps {
  readonly reads: Reads
  readonly commands: Commands
  /** Ingest's own path, with its own transactions. */
  readonly replay: (scope: TenantScope, deadLetterId: string) => Promise<ReplayOutcome>
}

export function createDeadLetterService({ reads, commands, replay }: DeadLetterServiceDeps) {
  const assertOwn = (principal: UserPrincipal, deadLetterId: string) =>
    assertWritable(reads, principal, {
      permission: { subject: 'IngestDeadLetter', action: 'manage' },
      what: 'dead letter',
      find: ({ deadLetterReads }) => deadLetterReads.get(deadLetterId),
    })

  return {
    list: (principal: UserPrincipal, page: PageRequest, filters: DeadLetterFilters) =>
      reads.read(principal, ({ deadLetterReads }) => deadLetterReads.list({ page, filters })),

    get: (principal: UserPrincipal, deadLetterId: string) =>
      reads.read(principal, async ({ deadLetterReads }) => found(await deadLetterReads.get(deadLetterId), 'dead letter')),

    async replay(call: Call, deadLetterId: string): Promise<Answer> {
      await assertOwn(call.principal, deadLetterId)
      let outcome: ReplayOutcome = { kind: 'not_found' }
      const again: Prepare = async ({ isResumed }) => {
        const status = await statusOf(reads, call.principal, deadLetterId)
        if (isResumed && status === 'replayed') outcome = { kind: 'replayed' }
        else {
          assertOpen(status)
          outcome = await replay(call.principal, deadLetterId)
        }
      }
      return commands.run(call, (repositories) => recordReplay(repositories, call, { deadLetterId, outcome }), again)
    },

    async discard(call: Call, deadLetterId: string, reason: string): Promise<Answer> {
      await assertOwn(call.principal, deadLetterId)
      return commands.run(call, async ({ deadLetterDiscards, audit }) => {
        const isDiscarded = await deadLetterDiscards.discard(deadLetterId, reason)
        if (!isDiscarded) throw new DomainError('resource.not_found', { detail: 'No such open dead letter.' })
        await audit.write(
          { action: 'ingest.discard', resourceType: 'dead_letter', resourceId: deadLetterId, newValues: { status: 'discarded', reason } },
          call.origin,
        )
        return { answer: { body: { success: true, id: deadLetterId, dead_letter_id: deadLetterId, message: 'Put away.' } }, handovers: [] }
      })
    },
  }
}

export type DeadLetterService = ReturnType<typeof createDeadLetterService>

async function recordReplay(
  { deadLetterReads, audit }: Repositories,
  { principal, origin }: Call,
  { deadLetterId, outcome }: { deadLetterId: string; outcome: ReplayOutcome },
): Promise<Effect> {
  const said = sentenceOf(outcome)
  const letter = found(await deadLetterReads.get(deadLetterId), 'dead letter')
  await audit.write(
    { action: 'ingest.replay', resourceType: 'dead_letter', resourceId: deadLetterId, newValues: { outcome: said.outcome } },
    origin,
  )
  return { answer: { body: { ...said, dead_letter: presentDeadLetterDetail(letter, principal) } }, handovers: [] }
}

async function statusOf(reads: Reads, principal: UserPrincipal, deadLetterId: string): Promise<string> {
  const letter = await reads.read(principal, async ({ deadLetterReads }) => found(await deadLetterReads.get(deadLetterId), 'dead letter'))
  return letter.status
}

/** One that is settled is not replayed again. */
function assertOpen(status: string): void {
  if (status !== 'open') throw new DomainError('resource.in_use', { detail: `It is ${status} already.`, extra: { blockers: {} } })
}

function sentenceOf(outcome: ReplayOutcome): { success: boolean; message: string; outcome: string } {
  switch (outcome.kind) {
    case 'replayed':
      return { success: true, message: 'Taken in.', outcome: 'replayed' }
    case 'rejected':
      return { success: false, message: `Refused again: ${outcome.reason}.`, outcome: outcome.reason }
    case 'not_found':
      throw new DomainError('resource.not_found', { detail: 'No such open dead letter.' })
    default:
      return assertNever(outcome)
  }
}

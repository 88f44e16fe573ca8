/** Cancels a command that waits (API-514). Its delivery workflow owns it, so the workflow is asked; the audit row and the answer follow in one transaction. */
import type { UnitOfWork } from '#db/unit-of-work'
import { DomainError } from '#domain/shared/domain-error'
import type { WorkflowCommands } from '#temporal/client'
import type { Answer, Call } from '../../middleware/call'
import { assertFresh } from '../../middleware/etag'
import type { Commands, Effect, Prepare } from '../shared/commands'
import { assertWritable } from '../shared/home'
import { found, type Reads } from '../shared/reads'
import type { Repositories } from '../shared/repositories'
import { presentDownlinkDetail } from './presenter'
import type { DownlinkRow } from './steps'

export interface CancelDeps {
  readonly unitOfWork: UnitOfWork
  readonly commands: Commands
  readonly reads: Reads
  readonly workflows: Pick<WorkflowCommands, 'cancelCommand'>
}

export interface CancelRequest {
  readonly downlinkId: string
  readonly reason: string | null
}

export type CancelDownlink = (call: Call, request: CancelRequest) => Promise<Answer>

/** Commands that a rule asked for: without dismissal the same look would be wanted again at once. */
const BY_RULE = new Set(['policy', 'reconcile'])

export function createCancel({ unitOfWork, commands, reads, workflows }: CancelDeps): CancelDownlink {
  return async (call, request) => {
    const permission = { subject: 'Downlink', action: 'command' } as const
    await assertWritable(reads, call.principal, {
      permission,
      what: 'command',
      find: ({ downlinkReads }) => downlinkReads.get(request.downlinkId),
    })
    const prepare: Prepare = async ({ isResumed }) => {
      if (isResumed && (await isCancelled(unitOfWork, call, request.downlinkId))) return
      await cancelInWorkflow({ unitOfWork, workflows }, call, request)
    }
    return commands.run(call, (repositories) => record(repositories, call, request), prepare)
  }
}

/** The workflow did what an earlier request of this key asked for; its audit row and answer are still due. */
function isCancelled(unitOfWork: UnitOfWork, { principal }: Call, downlinkId: string): Promise<boolean> {
  return unitOfWork.withTenant(principal, async ({ downlinkReads }) => {
    const { status, statusReason } = found(await downlinkReads.get(downlinkId), 'command')
    return status === 'superseded' && statusReason === 'cancelled'
  })
}

async function cancelInWorkflow(
  { unitOfWork, workflows }: Pick<CancelDeps, 'unitOfWork' | 'workflows'>,
  call: Call,
  { downlinkId }: CancelRequest,
): Promise<void> {
  const { principal } = call
  const { downlink, former } = await unitOfWork.withTenant(principal, async (repositories) => {
    const waiting = await assertCancellable(repositories, call, downlinkId)
    return { downlink: waiting, former: await dismiss(repositories, waiting) }
  })
  const { tenantId, deviceId, wantedVersion } = downlink
  try {
    await workflows.cancelCommand({ tenantId, deviceId, commandId: downlinkId })
  } catch (error) {
    if (former !== undefined && wantedVersion !== null) {
      await unitOfWork.withTenant(principal, ({ downlinkCancels }) => downlinkCancels.restore(deviceId, { former, version: wantedVersion }))
    }
    throw error
  }
}

async function assertCancellable({ downlinkReads }: Repositories, call: Call, downlinkId: string): Promise<DownlinkRow> {
  const downlink = found(await downlinkReads.get(downlinkId), 'command')
  const attempts = await downlinkReads.attempts(downlink.tenantId, downlinkId)
  assertFresh(call.conditions, { version: downlink.updatedAt, view: presentDownlinkDetail({ downlink, attempts }, call.principal) })
  if (downlink.status !== 'queued') throw new DomainError('downlink.not_cancellable', { detail: `The command is ${downlink.status}.` })
  return downlink
}

/** What was dismissed before; undefined when nothing had to be. */
async function dismiss(
  { downlinkCancels }: Repositories,
  { origin, wantedVersion, deviceId }: DownlinkRow,
): Promise<number | null | undefined> {
  return BY_RULE.has(origin) && wantedVersion !== null ? downlinkCancels.dismiss(deviceId, wantedVersion) : undefined
}

async function record(
  { downlinkReads, audit }: Repositories,
  { principal, origin }: Call,
  { downlinkId, reason }: CancelRequest,
): Promise<Effect> {
  const downlink = found(await downlinkReads.get(downlinkId), 'command')
  await audit.write(
    {
      action: 'downlink.cancel',
      resourceType: 'downlink',
      resourceId: downlinkId,
      oldValues: { status: 'queued' },
      newValues: { status: downlink.status, status_reason: downlink.statusReason, reason },
    },
    origin,
  )
  const attempts = await downlinkReads.attempts(downlink.tenantId, downlinkId)
  return { answer: { body: presentDownlinkDetail({ downlink, attempts }, principal), version: downlink.updatedAt }, handovers: [] }
}

/** Does what must follow a commit: project what ingest left, publish events, signal the workflow, then forget the row (DOM-909, D-70). */
import type { FeedEvent, OutboxMessage, OutboxRow } from '#domain/shared/outbox'
import type { Logger } from '#runtime/logger'
import type { EventPublisher } from './events'
import { projectSpace } from './projection/project-space'
import type { UnitOfWork } from './unit-of-work'

export interface OutboxDispatcherOptions {
  readonly unitOfWork: UnitOfWork
  readonly publisher: EventPublisher
  /** Signal-with-start of the workflow that the message names. */
  readonly signal: (message: OutboxMessage) => Promise<void>
  readonly log: Pick<Logger, 'warn'>
}

export interface OutboxDispatcher {
  /** Called right after the commit. Never rejects: what fails stays in the table for the relay. */
  settle(row: OutboxRow): Promise<void>
  /** Relay: settles up to `limit` rows that nobody settled in time; returns how many it looked at. */
  drain(limit: number): Promise<number>
}

/** Projections, publications and signals of one drain at a time; the pool has more connections than that. */
const DRAIN_CONCURRENCY = 4
const SPACE_TARGET = /^space\/[^/]+\/([^/]+)$/

export function createOutboxDispatcher(options: OutboxDispatcherOptions): OutboxDispatcher {
  const { unitOfWork, log } = options

  async function settle(row: OutboxRow): Promise<void> {
    try {
      const projected = row.facts.length > 0 ? await projectFacts(unitOfWork, row) : row
      if (projected === null) return
      const failure = await tell(options, projected)
      if (failure === null) await forget(unitOfWork, projected)
      else await noteFailure(options, projected, failure)
    } catch (error) {
      log.warn({ err: error, tenant_id: row.tenantId, target: row.target }, 'outbox row left to the relay')
    }
  }

  return {
    settle,
    async drain(limit) {
      const pending = await unitOfWork.withLookups(({ pendingOutbox }) => pendingOutbox.list(limit))
      const queue = [...pending]
      const work = async () => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          const { tenantId, target } = next
          const row = await unitOfWork.withTenant({ tenantId }, ({ outbox }) => outbox.find(target))
          if (row !== null) await settle(row)
        }
      }
      await Promise.all(Array.from({ length: DRAIN_CONCURRENCY }, work))
      return pending.length
    },
  }
}

/** What ingest stored and no projection has taken; the answer is what then remains to be told. */
async function projectFacts(unitOfWork: UnitOfWork, row: OutboxRow): Promise<OutboxRow | null> {
  const spaceId = SPACE_TARGET.exec(row.target)?.[1]
  if (spaceId === undefined) throw new Error(`facts for ${row.target}, which is no space`)
  return unitOfWork.withTenant({ tenantId: row.tenantId }, async (repositories) => {
    const result = await projectSpace(repositories, {
      spaceId,
      cause: 'sensor',
      origin: { actor: { type: 'system', id: null }, requestId: null },
    })
    if (!result.gone) return result.handover
    await repositories.outbox.deleteSeen(row)
    return null
  })
}

/** Publishes and signals, each whether or not the other works; returns the first failure. */
async function tell({ publisher, signal }: OutboxDispatcherOptions, { events, message }: OutboxRow): Promise<unknown> {
  const published = publisher.publish(events)
  const signalled = message === null ? Promise.resolve() : signal(message)
  const outcomes = await Promise.allSettled([published, signalled])
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  return failed === undefined ? null : failed.reason
}

function forget(unitOfWork: UnitOfWork, row: OutboxRow): Promise<boolean> {
  const notices = row.events.flatMap(noticeOf)
  return unitOfWork.withTenant({ tenantId: row.tenantId }, async ({ outbox, transitionNotices }) => {
    if (notices.length > 0) await transitionNotices.tellFeed(notices)
    return outbox.deleteSeen(row)
  })
}

/** Our own presenter wrote the event, so its members are what they are. */
function noticeOf({ type, data }: FeedEvent): { spaceId: string; sequence: number }[] {
  if (type !== 'space:update') return []
  return [{ spaceId: String(data['space_id']), sequence: Number(data['sequence']) }]
}

async function noteFailure({ unitOfWork, log }: OutboxDispatcherOptions, row: OutboxRow, failure: unknown): Promise<void> {
  const reason = failure instanceof Error ? failure.message : 'unknown'
  log.warn({ err: failure, tenant_id: row.tenantId, target: row.target }, 'outbox row left to the relay')
  await unitOfWork.withTenant({ tenantId: row.tenantId }, ({ outbox }) => outbox.noteFailure(row, reason))
}

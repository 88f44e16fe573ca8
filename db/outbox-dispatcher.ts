/** Does what must follow a commit: project what ingest left, publish events, signal the workflow, then forget the row (DOM-909, D-70). */
import type { FeedEvent, OutboxMessage, OutboxRow } from '#domain/shared/outbox'
import type { Logger } from '#runtime/logger'
import type { EventPublisher } from './events'
import { projectSpace } from './projection/project-space'
import { createSignalGate } from './signal-gate'
import type { UnitOfWork } from './unit-of-work'

export interface OutboxDispatcherOptions {
  readonly unitOfWork: UnitOfWork
  readonly publisher: EventPublisher
  /** Signal-with-start of the workflow that the message names. */
  readonly signal: (message: OutboxMessage) => Promise<void>
  readonly log: Pick<Logger, 'warn'>
}

/** A row of which people see everything by now; the workflow is still to be told. */
export interface ShownRow {
  readonly target: string
  readonly row: OutboxRow
  /** Why the sockets were not told; null when they were. */
  readonly failure: unknown
}

export interface OutboxDispatcher {
  /** Called right after the commit. Never rejects: what fails stays in the table for the relay. */
  settle(row: OutboxRow): Promise<void>
  /** Relay: settles up to `limit` rows that nobody settled in time; returns how many it settled. */
  drain(limit: number): Promise<number>
}

/** For ingest, where many bays change at once: both halves of `settle` by themselves. */
export interface StagedOutboxDispatcher extends OutboxDispatcher {
  /** First half, what people see: projects and publishes. Null when nothing is left to do. Never rejects. */
  show(row: OutboxRow): Promise<ShownRow | null>
  /** Second half: signals the workflow and forgets the row. Never rejects. */
  conclude(shown: ShownRow): Promise<void>
}

/** Rows of one drain that are settled at a time; the pool has more connections than that. */
const DRAIN_CONCURRENCY = 4
const SPACE_TARGET = /^space\/[^/]+\/([^/]+)$/

export function createOutboxDispatcher(options: OutboxDispatcherOptions): StagedOutboxDispatcher {
  const { unitOfWork, publisher, log } = options
  const signal = createSignalGate(options.signal)

  async function bring(row: OutboxRow): Promise<ShownRow | 'done' | 'left'> {
    try {
      const projected = row.facts.length > 0 ? await projectFacts(unitOfWork, row) : row
      if (projected === null) return 'done'
      return { target: row.target, row: projected, failure: await failureOf(publisher.publish(projected.events)) }
    } catch (error) {
      await leave(row, { error, isTold: false })
      return 'left'
    }
  }

  async function tell({ row, failure }: ShownRow): Promise<boolean> {
    const untold = row.message === null ? null : await failureOf(signal(row.message))
    const error = untold ?? failure ?? (await failureOf(forget(unitOfWork, row)))
    if (error !== null) await leave(row, { error, isTold: untold === null })
    return error === null
  }

  async function leave(row: OutboxRow, { error, isTold }: { error: unknown; isTold: boolean }): Promise<void> {
    log.warn({ err: error, tenant_id: row.tenantId, target: row.target }, 'outbox row left to the relay')
    const reason = error instanceof Error ? error.message : 'unknown'
    const noting = unitOfWork.withTenant({ tenantId: row.tenantId }, ({ outbox }) => outbox.noteFailure(row, { reason, isTold }))
    await failureOf(noting) // the row stands as it was, so the relay meets it all the same, only sooner
  }

  async function isSettled(row: OutboxRow): Promise<boolean> {
    const shown = await bring(row)
    return typeof shown === 'string' ? shown === 'done' : tell(shown)
  }

  return {
    settle: async (row) => void (await isSettled(row)),
    async show(row) {
      const shown = await bring(row)
      return typeof shown === 'string' ? null : shown
    },
    conclude: async (shown) => void (await tell(shown)),
    drain: (limit) => drain(unitOfWork, limit, isSettled),
  }
}

async function drain(unitOfWork: UnitOfWork, limit: number, isSettled: (row: OutboxRow) => Promise<boolean>): Promise<number> {
  const queue = await unitOfWork.withLookups(({ pendingOutbox }) => pendingOutbox.list(limit))
  let settled = 0
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { tenantId, target } = next
      const row = await unitOfWork.withTenant({ tenantId }, ({ outbox }) => outbox.find(target))
      if (row !== null && (await isSettled(row))) settled++
    }
  }
  await Promise.all(Array.from({ length: DRAIN_CONCURRENCY }, work))
  return settled
}

/** Null when it worked. */
async function failureOf(attempt: Promise<unknown>): Promise<unknown> {
  try {
    await attempt
    return null
  } catch (error) {
    return error ?? new Error('unknown')
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

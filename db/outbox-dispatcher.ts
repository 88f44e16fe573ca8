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
  /** Relay: settles up to `limit` rows that nobody settled in time; returns how many it looked at. */
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

  async function show(row: OutboxRow): Promise<ShownRow | null> {
    try {
      const projected = row.facts.length > 0 ? await projectFacts(unitOfWork, row) : row
      if (projected === null) return null
      return { target: row.target, row: projected, failure: await failureOf(publisher.publish(projected.events)) }
    } catch (error) {
      log.warn({ err: error, tenant_id: row.tenantId, target: row.target }, 'outbox row left to the relay')
      return null
    }
  }

  async function conclude({ row, failure }: ShownRow): Promise<void> {
    const { tenantId, target, message } = row
    try {
      const reason = (message === null ? null : await failureOf(signal(message))) ?? failure
      if (reason === null) return void (await forget(unitOfWork, row))
      log.warn({ err: reason, tenant_id: tenantId, target }, 'outbox row left to the relay')
      await noteFailure(unitOfWork, row, reason)
    } catch (error) {
      log.warn({ err: error, tenant_id: tenantId, target }, 'outbox row left to the relay')
    }
  }

  async function settle(row: OutboxRow): Promise<void> {
    const shown = await show(row)
    if (shown !== null) await conclude(shown)
  }

  return { settle, show, conclude, drain: (limit) => drain(unitOfWork, limit, settle) }
}

async function drain(unitOfWork: UnitOfWork, limit: number, settle: OutboxDispatcher['settle']): Promise<number> {
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
}

/** Null when it worked. */
async function failureOf(attempt: Promise<void>): Promise<unknown> {
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

async function noteFailure(unitOfWork: UnitOfWork, row: OutboxRow, failure: unknown): Promise<void> {
  const reason = failure instanceof Error ? failure.message : 'unknown'
  await unitOfWork.withTenant({ tenantId: row.tenantId }, ({ outbox }) => outbox.noteFailure(row, reason))
}

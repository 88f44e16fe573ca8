/** Commits a micro-batch whatever is in it: deadlocks again, a row that refuses alone to the dead letters, a database that is away waited for (DOM-907). */
import { isDatabaseAway, isRetryable, isRowRefusal, translateDatabaseError } from '#db/errors'
import type { UnitOfWork } from '#db/unit-of-work'
import { isDomainError } from '#domain/shared/domain-error'
import type { Logger } from '#runtime/logger'
import type { BatchItem } from './sort-batch'
import { writeBatch, type BatchContext, type BatchResult } from './write-batch'

export interface CommitOptions extends BatchContext {
  readonly unitOfWork: UnitOfWork
  readonly log: Pick<Logger, 'warn' | 'error'>
}

const MAX_RETRIES = 2

/** Answers one result per transaction. Rejects only when the database is away: then nothing of the rejected part is committed. */
export async function commitBatch(items: readonly BatchItem[], options: CommitOptions): Promise<BatchResult[]> {
  try {
    return [await commitWithRetries(items, options)]
  } catch (error) {
    if (isAway(error)) throw error
    return setAside(items, error, options)
  }
}

async function commitWithRetries(items: readonly BatchItem[], { unitOfWork, ...context }: CommitOptions): Promise<BatchResult> {
  for (let retries = 0; ; retries++) {
    try {
      return await unitOfWork.withIngest((repositories) => writeBatch(repositories, items, context))
    } catch (error) {
      if (retries >= MAX_RETRIES || !isRetryable(error)) throw error
    }
  }
}

/** The database itself, a connection to it, a lock that somebody holds, a right that is missing: no row is at fault, and later it may work. */
export function isAway(error: unknown): boolean {
  if (isDatabaseAway(error) || !isRowRefusal(error)) return true
  const translated = translateDatabaseError(error)
  return isDomainError(translated) && (translated.code === 'server.unavailable' || translated.code === 'server.busy')
}

/** Halves the batch until the message that refuses stands alone, and keeps that one as a dead letter (D-73). */
async function setAside(items: readonly BatchItem[], error: unknown, options: CommitOptions): Promise<BatchResult[]> {
  const [only] = items
  if (items.length === 1 && only !== undefined) return [await commitWithRetries([refused(only, error, options)], options)]
  const middle = Math.ceil(items.length / 2)
  const first = await commitBatch(items.slice(0, middle), options)
  return [...first, ...(await commitBatch(items.slice(middle), options))]
}

function refused({ raw, parsed }: BatchItem, error: unknown, { log }: CommitOptions): BatchItem {
  log.error({ err: error, topic: raw.topic }, 'a message was refused and set aside')
  const known = parsed.ok ? parsed.event : parsed
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'none'
  const detail = `the database refused it (SQLSTATE ${code})`
  return { raw, parsed: { ok: false, reason: 'refused', detail, devEui: known.devEui, applicationId: known.applicationId } }
}

/** Sends a dead letter down the same path once more, for people who have mended its cause (DOM-928, API-541). */
import type { OutboxDispatcher } from '#db/outbox-dispatcher'
import type { TenantScope, UnitOfWork } from '#db/unit-of-work'
import type { Clock } from '#runtime/clock'
import type { Logger } from '#runtime/logger'
import { isAway } from './commit-batch'
import { parseEvent } from './parse-event'
import { createRouteCache } from './route-cache'
import { writeBatch, type BatchResult } from './write-batch'

export interface ReplayOptions {
  readonly unitOfWork: UnitOfWork
  readonly dispatcher: OutboxDispatcher
  readonly platformTenantId: string
  readonly clock: Clock
  readonly log: Pick<Logger, 'warn'>
}

export type ReplayOutcome =
  | { readonly kind: 'replayed' }
  /** It still does not fit; it stays open with one attempt more. */
  | { readonly kind: 'rejected'; readonly reason: string }
  /** Absent, another tenant's, or settled already. */
  | { readonly kind: 'not_found' }

/** Throws only when the database is away. */
export async function replayDeadLetter(options: ReplayOptions, scope: TenantScope, deadLetterId: string): Promise<ReplayOutcome> {
  const { unitOfWork, dispatcher } = options
  const letter = await unitOfWork.withTenant(scope, ({ deadLetters }) => deadLetters.find(deadLetterId), { readOnly: true })
  if (letter === null || letter.status !== 'open') return { kind: 'not_found' }
  const raw = { topic: letter.topic ?? '', payload: letter.raw, receivedAt: letter.receivedAt }
  const parsed = parseEvent(raw)
  const written = parsed.ok ? await write(options, { raw, parsed }) : { reason: parsed.reason }
  const isAccepted = 'outbox' in written
  await unitOfWork.withTenant(scope, ({ deadLetters }) => deadLetters.settleReplay(deadLetterId, isAccepted))
  if (!isAccepted) return { kind: 'rejected', reason: written.reason }
  for (const row of written.outbox) await dispatcher.settle(row)
  return { kind: 'replayed' }
}

async function write(
  { unitOfWork, clock, platformTenantId, log }: ReplayOptions,
  item: Parameters<typeof writeBatch>[1][number],
): Promise<BatchResult | { reason: string }> {
  const routes = createRouteCache(() => clock.now())
  try {
    return await unitOfWork.withIngest((repositories) => writeBatch(repositories, [item], { routes, platformTenantId, source: 'mqtt' }))
  } catch (error) {
    if (isAway(error)) throw error
    log.warn({ err: error }, 'a replayed message was refused again')
    return { reason: 'refused' }
  }
}

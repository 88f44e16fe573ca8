/** What became of an Enqueue without an answer: its fingerprint in the queue, else a `txack` that nobody owns, else it is lost (DOM-620, LW-054). */
import type { AttemptRow } from '#domain/display/light-rows'
import type { AttemptRef } from '#workflows/display-delivery/port'
import type { ActivityDeps } from '../deps'
import { NetworkServerError, type NewQueueItem, type QueueItem } from '../network-server'
import type { EnqueueTimes, SendOutcome } from './enqueue'

/** The item was stored before its answer; clocks of two machines may differ by this much. */
const CLOCK_SLACK_MS = 2_000

type ReadBack = (input: AttemptRef & { readonly isRepeat: boolean }, item: NewQueueItem, attempt: AttemptRow) => Promise<SendOutcome>

export function createReadBack(deps: Pick<ActivityDeps, 'networkServer' | 'unitOfWork'>, times: EnqueueTimes): ReadBack {
  return async (input, item, attempt) => {
    const queued = await findQueued(deps, item, input.isRepeat ? attempt.queueItemId : null)
    if (queued === 'unanswered') return { kind: 'ambiguous', code: 'queue_unanswered' }
    if (queued !== null) return { kind: 'accepted', queueItemId: queued }
    const owned = await awaitUnowned(deps, input, { since: (attempt.enqueuedAt ?? 0) - CLOCK_SLACK_MS, times })
    return owned === null ? { kind: 'lost', code: 'no_answer' } : { kind: 'accepted', queueItemId: owned }
  }
}

/** `known`: the first copy's item, which has the same fingerprint as its repeat. */
async function findQueued(
  { networkServer }: Pick<ActivityDeps, 'networkServer'>,
  item: NewQueueItem,
  known: string | null,
): Promise<string | 'unanswered' | null> {
  try {
    const queue = await networkServer.queue(item.devEui)
    return queue.find((queued) => queued.queueItemId !== known && isSame(queued, item))?.queueItemId ?? null
  } catch (error) {
    if (error instanceof NetworkServerError) return 'unanswered'
    throw error
  }
}

const isSame = (queued: QueueItem, item: NewQueueItem) =>
  queued.fPort === item.fPort &&
  queued.payloadHex === item.payloadHex &&
  queued.confirmed === item.confirmed &&
  queued.expiresAt === item.expiresAt

/** The gateway may have taken it before we looked: its `txack` reaches us by the ingest. */
async function awaitUnowned(
  { unitOfWork }: Pick<ActivityDeps, 'unitOfWork'>,
  { tenantId, deviceId }: AttemptRef,
  { since, times }: { readonly since: number; readonly times: EnqueueTimes },
): Promise<string | null> {
  const deadline = Date.now() + times.inflightWaitMs
  for (;;) {
    const event = await unitOfWork.withTenant({ tenantId }, ({ downlinkAttempts }) => downlinkAttempts.unownedTxAck(deviceId, since), {
      readOnly: true,
    })
    if (event?.queueItemId !== undefined) return event.queueItemId
    if (Date.now() >= deadline) return null
    await new Promise((resolve) => setTimeout(resolve, times.pollMs))
  }
}

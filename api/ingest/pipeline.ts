/** The whole way of a message: parse → batch → commit → acknowledge → project, publish, signal (D-70, DOM-901 to DOM-909). */
import type { EventPublisher } from '#db/events'
import type { ShownRow, StagedOutboxDispatcher } from '#db/outbox-dispatcher'
import type { UnitOfWork } from '#db/unit-of-work'
import type { Instant } from '#domain/shared/instant'
import type { OutboxRow } from '#domain/shared/outbox'
import type { Clock } from '#runtime/clock'
import type { Logger } from '#runtime/logger'
import type { Metrics } from '#runtime/metrics'
import { commitBatch, isAway } from './commit-batch'
import { createDeadLetterAlerts } from './dead-letter-alerts'
import { createFollowUpQueue } from './follow-up-queue'
import { createGroupCommit } from './group-commit'
import { parseEvent, type RawMessage } from './parse-event'
import { outcomeOf } from './plan-batch'
import { createPresence } from './presence'
import { createRouteCache, type RouteCache } from './route-cache'
import type { BatchItem } from './sort-batch'
import type { BatchResult } from './write-batch'

export interface PipelineOptions {
  readonly unitOfWork: UnitOfWork
  readonly dispatcher: StagedOutboxDispatcher
  readonly publisher: EventPublisher
  readonly platformTenantId: string
  readonly log: Pick<Logger, 'warn' | 'error' | 'info'>
  readonly clock: Clock
  readonly metrics: Pick<
    Metrics,
    'uplinks' | 'uplinkDuration' | 'uplinkToState' | 'batchSize' | 'ingestLag' | 'counterGaps' | 'transitions'
  >
  /** How long a batch waits for an absent database before its messages are handed back; tests shorten it. */
  readonly awayLimitMs?: number
}

export interface Pipeline {
  /** Resolves once the message is committed, whatever it was; rejects when it must come again. */
  accept(message: RawMessage): Promise<void>
  /** Resolves when the database takes writes. */
  ready(): Promise<void>
  /** Forgets whose devices are whose (`ingest:invalidate`). */
  invalidateRoutes(): void
  /** Resolves when nothing is under way, neither commits nor what follows them. */
  idle(): Promise<void>
}

/** A blink is waited out; after this the connections are closed (Q-TRP-43). */
const AWAY_LIMIT_MS = 10_000
const RETRY_MS = 250
/** Signals of their own queue: what people see never waits for the workflow engine (D-31). */
const TELL_CONCURRENCY = 16

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

export function createPipeline(options: PipelineOptions): Pipeline {
  const { unitOfWork, dispatcher, publisher, log, clock } = options
  const routes = createRouteCache(() => clock.now())
  const presence = createPresence(() => clock.now())
  const alerts = createDeadLetterAlerts({ unitOfWork, publisher, log, now: () => clock.now() })
  const telling = createFollowUpQueue<ShownRow>({ settle: (shown) => dispatcher.conclude(shown), concurrency: TELL_CONCURRENCY })
  const showing = createFollowUpQueue<ToShow>({ settle: (item) => show(item) })
  const groups = createGroupCommit<BatchItem>({ commit: commitAndFollow })

  async function show({ row, since }: ToShow): Promise<void> {
    const shown = await dispatcher.show(row)
    if (shown === null) return
    measureShown(options, shown, since)
    telling.push([shown])
  }

  async function commitAndFollow(items: readonly BatchItem[]): Promise<void> {
    const results = await commitPatiently(items, options, routes)
    measure(options, items, results)
    const since = Math.min(...items.map(({ raw }) => raw.receivedAt))
    for (const result of results) {
      showing.push(result.outbox.map((row) => ({ target: row.target, row, since })))
      alerts.raise(result.deadLetters)
      const events = presence.heard(result.taken)
      publisher.publish(events).catch((error: unknown) => log.warn({ err: error }, 'sockets were not told who was heard')) // they may miss it
    }
  }

  return {
    accept: (message) => groups.add({ raw: message, parsed: parseEvent(message) }),
    async ready() {
      while (!(await isWritable(unitOfWork))) await pause(RETRY_MS)
    },
    invalidateRoutes: () => routes.clear(),
    async idle() {
      await groups.idle()
      await showing.idle()
      await telling.idle()
      await alerts.idle()
    },
  }
}

/** Tries for as long as a blink may last, then hands the messages back unacknowledged. */
async function commitPatiently(items: readonly BatchItem[], options: PipelineOptions, routes: RouteCache): Promise<BatchResult[]> {
  const { unitOfWork, log, clock, platformTenantId, awayLimitMs = AWAY_LIMIT_MS } = options
  const since = clock.now()
  for (;;) {
    try {
      return await commitBatch(items, { unitOfWork, log, routes, platformTenantId, source: 'mqtt' })
    } catch (error) {
      if (!isAway(error) || clock.now() - since >= awayLimitMs) throw error
      log.warn({ err: error, messages: items.length }, 'the database is away, the batch waits')
      await pause(RETRY_MS)
    }
  }
}

/** A committed row, and when the first message of its batch was received. */
interface ToShow {
  readonly target: string
  readonly row: OutboxRow
  readonly since: Instant
}

/** An empty batch goes through the same door. */
async function isWritable(unitOfWork: UnitOfWork): Promise<boolean> {
  try {
    await unitOfWork.withIngest(() => Promise.resolve())
    return true
  } catch {
    return false // the next look tells; whoever waits is told by the log of the batch that failed
  }
}

function measure({ metrics, clock }: PipelineOptions, items: readonly BatchItem[], results: readonly BatchResult[]): void {
  metrics.batchSize.observe(items.length)
  const newest = items.at(-1)
  for (const { raw } of items) metrics.uplinkDuration.observe(Math.max(0, clock.now() - raw.receivedAt) / 1_000)
  if (newest !== undefined) metrics.ingestLag.set(Math.max(0, clock.now() - newest.raw.receivedAt) / 1_000)
  for (const { taken, deadLetters, orphans } of results) {
    for (const frame of taken) {
      metrics.uplinks.inc({ source: 'mqtt', result: outcomeOf(frame) })
      if (frame.step.lost > 0) metrics.counterGaps.inc(frame.step.lost)
    }
    if (deadLetters.length > 0) metrics.uplinks.inc({ source: 'mqtt', result: 'dead_letter' }, deadLetters.length)
    if (orphans.stored > 0) metrics.uplinks.inc({ source: 'mqtt', result: 'orphan' }, orphans.stored)
    if (orphans.counted > 0) metrics.uplinks.inc({ source: 'mqtt', result: 'orphan_over_limit' }, orphans.counted)
  }
}

/** Transitions as their events name them; how long it took from receipt until people could see them. */
function measureShown({ metrics, clock }: PipelineOptions, { row }: ShownRow, since: Instant): void {
  const updates = row.events.filter(({ type }) => type === 'space:update')
  for (const { data } of updates) {
    metrics.transitions.inc({ from_state: String(data['previous_state']), to_state: String(data['current_state']), source: 'sensor' })
  }
  if (updates.length > 0) metrics.uplinkToState.observe(Math.max(0, clock.now() - since) / 1_000)
}

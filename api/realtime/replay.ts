/** What a client missed, read from its tenant's stream in order (API-883, DOM-1109). */
import type { Redis } from 'ioredis'
import type { Connection } from './connection'
import { cursorInstant, isAfter, isCursor } from './cursor'
import type { RealtimeDependencies } from './dependencies'
import { createEventFrame, type EventFrame } from './event-frame'
import { isFeedEvent } from './feed-subscriber'
import { resumedFrame, resyncFrame, scopeOf, type ResyncReason } from './frames'

const MAX_AGE_MS = 10 * 60_000
const MAX_EVENTS = 10_000
const CHUNK = 500

type Entry = [id: string, fields: string[]]
type ReplayDependencies = Pick<RealtimeDependencies, 'redis' | 'clock' | 'log'>

export interface ReplayRequest {
  readonly connection: Connection
  readonly cursor: string
  /** Only events of these channels. */
  readonly channels: ReadonlySet<string>
}

const streamOf = (tenantId: string): string => `events:${tenantId}`

/**
 * The newest position of the tenant's stream. An empty stream gets an entry without an event, so that every position a
 * client ever holds is one that existed: on resume, what is not found was altered, foreign, trimmed or lost.
 */
export async function newestCursor(redis: Redis, tenantId: string): Promise<string | null> {
  const [newest] = await redis.xrevrange(streamOf(tenantId), '+', '-', 'COUNT', 1)
  return newest ? newest[0] : redis.xadd(streamOf(tenantId), '*', 'opened', '1')
}

/** Sends what was missed and `resumed`, or `resync` when that cannot be told whole; also when Redis is away (OPS-161). */
export async function replay(deps: ReplayDependencies, request: ReplayRequest): Promise<void> {
  const { connection, cursor } = request
  try {
    const refusal = await findRefusal(deps, connection, cursor)
    if (refusal) connection.send(resyncFrame(refusal))
    else await sendMissed(deps.redis, request)
  } catch (error) {
    deps.log.warn({ err: error, tenant_id: connection.principal.tenantId }, 'feed: what was missed could not be read')
    connection.send(resyncFrame('feed_interrupted'))
  }
}

/** Live events wait meanwhile, and come after what was missed, once. */
async function sendMissed(redis: Redis, { connection, cursor, channels }: ReplayRequest): Promise<void> {
  connection.holdBack()
  let last = cursor
  try {
    let replayed = 0
    for await (const frame of framesAfter(redis, connection.principal.tenantId, cursor)) {
      if (!connection.isOpen) return
      last = frame.cursor
      const channel = frame.event.channels.find((name) => channels.has(name))
      if (channel === undefined) continue
      replayed += 1
      await connection.replay(frame, channel)
    }
    connection.send(resumedFrame(last, replayed))
  } finally {
    connection.letGo((frame) => !isAfter(frame.cursor, last) && frame.event.channels.some((name) => channels.has(name)))
  }
}

async function findRefusal({ redis, clock }: ReplayDependencies, connection: Connection, cursor: string): Promise<ResyncReason | null> {
  const { principal } = connection
  if (scopeOf(principal) === 'platform') return 'platform_scope'
  if (!isCursor(cursor)) return 'unknown_cursor'
  const stream = streamOf(principal.tenantId)
  const [[newest], [own], missed] = await Promise.all([
    redis.xrevrange(stream, '+', '-', 'COUNT', 1),
    redis.xrange(stream, cursor, cursor),
    redis.xlen(stream),
  ])
  if (!own) return 'unknown_cursor'
  if (newest && newest[0] === cursor) return null
  if (clock.now() - cursorInstant(cursor) > MAX_AGE_MS) return 'too_old'
  return missed > MAX_EVENTS ? await refuseTooMany(redis, stream, cursor) : null
}

/** Only asked when the stream is longer than what may be replayed. */
async function refuseTooMany(redis: Redis, stream: string, cursor: string): Promise<ResyncReason | null> {
  const entries = await redis.xrange(stream, `(${cursor}`, '+', 'COUNT', MAX_EVENTS + 1)
  return entries.length > MAX_EVENTS ? 'too_many' : null
}

/** The tenant's events after a position, read in chunks so that a long absence costs little memory. */
async function* framesAfter(redis: Redis, tenantId: string, cursor: string): AsyncGenerator<EventFrame> {
  let after = cursor
  for (;;) {
    const entries = await redis.xrange(streamOf(tenantId), `(${after}`, '+', 'COUNT', CHUNK)
    for (const entry of entries) {
      const frame = frameOf(entry, tenantId)
      if (frame) yield frame
    }
    const lastEntry = entries.at(-1)
    if (entries.length < CHUNK || !lastEntry) return
    after = lastEntry[0]
  }
}

/** The event of one stream entry; null for an entry that marks an opening. An event that names another tenant is never shown. */
function frameOf([id, fields]: Entry, tenantId: string): EventFrame | null {
  const text = fields[fields.indexOf('event') + 1]
  if (!fields.includes('event') || text === undefined) return null
  const event: unknown = JSON.parse(text)
  return isFeedEvent(event) && event.tenantId === tenantId ? createEventFrame(id, event) : null
}

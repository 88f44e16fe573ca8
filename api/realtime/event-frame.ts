/** One event as all sockets of this process share it: its data is written to JSON once (Q-DSG-04, API-863). */
import { toIso } from '#domain/shared/instant'
import type { FeedEvent } from '#domain/shared/outbox'

export interface EventFrame {
  readonly cursor: string
  readonly event: FeedEvent
  /** The bytes for sockets that know the event by `channel`; null for what is sent unasked. */
  bytesFor(channel: string | null): Buffer
}

export function createEventFrame(cursor: string, event: FeedEvent): EventFrame {
  const tail = writeTail(cursor, event)
  const written = new Map<string | null, Buffer>()
  return {
    cursor,
    event,
    bytesFor: (channel) => {
      const known = written.get(channel)
      if (known) return known
      const bytes = Buffer.from(`{"type":${JSON.stringify(event.type)},"channel":${JSON.stringify(channel)},${tail}`)
      written.set(channel, bytes)
      return bytes
    },
  }
}

/** Everything behind `type` and `channel`, the closing brace included. */
function writeTail(cursor: string, { tenantId, data, at, eventId }: FeedEvent): string {
  return JSON.stringify({ tenant_id: tenantId, data, timestamp: toIso(at), id: eventId, cursor }).slice(1)
}

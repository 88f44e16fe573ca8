/** Positions in a tenant's event stream: Redis stream ids, opaque to clients (API-863). */
import type { Instant } from '#domain/shared/instant'

const SHAPE = /^(\d{1,15})-(\d{1,15})$/

interface Position {
  readonly milliseconds: number
  readonly sequence: number
}

function positionOf(cursor: string): Position | null {
  const match = SHAPE.exec(cursor)
  return match ? { milliseconds: Number(match[1]), sequence: Number(match[2]) } : null
}

export function isCursor(text: string): boolean {
  return SHAPE.test(text)
}

/** When the entry at that position was written, by Redis' clock; 0 for what is no cursor. */
export function cursorInstant(cursor: string): Instant {
  return positionOf(cursor)?.milliseconds ?? 0
}

/** Whether `left` lies after `right` in one stream. What is no cursor lies before everything. */
export function isAfter(left: string, right: string): boolean {
  const a = positionOf(left)
  const b = positionOf(right)
  if (a === null) return false
  if (b === null || a.milliseconds !== b.milliseconds) return b === null || a.milliseconds > b.milliseconds
  return a.sequence > b.sequence
}

/** While the workflow engine is away nobody waits for it again and again: for a moment signals are refused at once and left to the relay (D-31). */
import type { OutboxMessage } from '#domain/shared/outbox'

export type Signal = (message: OutboxMessage) => Promise<void>

/** Shorter than the relay's round, so that its first row tries the engine again. */
const CLOSED_MS = 5_000
/** gRPC: deadline exceeded, unavailable. Any other refusal is about one message. */
const AWAY_CODES: readonly unknown[] = [4, 14]

export class EngineAwayError extends Error {
  override readonly name = 'EngineAwayError'
}

export function createSignalGate(signal: Signal, now: () => number = () => performance.now()): Signal {
  let closedUntil = -Infinity
  return async (message) => {
    if (now() < closedUntil) throw new EngineAwayError('the workflow engine was away a moment ago')
    try {
      await signal(message)
    } catch (error) {
      if (isEngineAway(error)) closedUntil = now() + CLOSED_MS
      throw error
    }
  }
}

/** The client wraps the transport's error; its code stands on one of the causes. */
function isEngineAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && AWAY_CODES.includes(error.code)) || isEngineAway(error.cause)
}

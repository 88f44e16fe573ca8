/** What the outbox relay needs done (H-03); `activities/outbox` does it. */

export interface DrainResult {
  /** Rows that nobody had settled in time and that are settled now. */
  readonly drained: number
}

/** Until a pass settles nothing or 8 s; a row leaves only if its version is unchanged, so a repeat does no harm. */
export interface OutboxPort {
  drainOutbox(): Promise<DrainResult>
}

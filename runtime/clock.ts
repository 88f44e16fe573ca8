/** The clock of one process; tests may set it off by `CLOCK_OFFSET_MS`, production may not (Q-FLT-H1, OPS-105). */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
}

export function createClock(offsetMs: number): Clock {
  return { now: () => Date.now() + offsetMs }
}

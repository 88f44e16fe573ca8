/** When a child that ended may start again, and when enough is enough (OPS-004). */

export type RestartDecision = { readonly restartAfterMs: number } | 'give up'

const DELAYS_MS = [1_000, 2_000, 4_000, 8_000] as const
const WINDOW_MS = 60_000
const ENDS_THAT_STOP = 5

/** `endedAt`: every end of this child so far, the last included, in epoch milliseconds and order of time. */
export function decideRestart(endedAt: readonly number[]): RestartDecision {
  const last = endedAt.at(-1) ?? 0
  const recent = endedAt.filter((instant) => last - instant < WINDOW_MS).length
  if (recent >= ENDS_THAT_STOP) return 'give up'
  return { restartAfterMs: DELAYS_MS[Math.max(0, recent - 1)] ?? DELAYS_MS[3] }
}

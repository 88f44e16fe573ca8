/** Time that passes when nothing is left to do at an instant; events of one instant happen in the order in which they were made. */
export interface VirtualClock {
  now(): number
  later(at: number, happen: () => void): void
  /** Runs everything that is due. */
  runDue(): void
  /** To the next event, or to `until` if that is earlier. */
  advance(until: number): void
  /** Time that an answer takes. */
  spend(ms: number): void
}

export function createVirtualClock(): VirtualClock {
  const agenda: { at: number; seq: number; happen: () => void }[] = []
  let now = 0
  let seq = 0
  const next = () => agenda.sort((one, other) => one.at - other.at || one.seq - other.seq)[0]
  return {
    now: () => now,
    later: (at, happen) => void agenda.push({ at, seq: seq++, happen }),
    runDue() {
      while ((next()?.at ?? Infinity) <= now) agenda.shift()?.happen()
    },
    advance: (until) => void (now = Math.max(now, Math.min(until, next()?.at ?? Infinity))),
    spend: (ms) => void (now += ms),
  }
}

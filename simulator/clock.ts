/** Time of the simulated world: real, or virtual and moved by hand. Everything that happens later is asked of it. */
import { createAgenda } from './agenda'

export type Cancel = () => void

export interface SimulationClock {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Runs the task at an instant, or at once when it has passed. */
  readonly at: (instant: number, task: () => void) => Cancel
  /** Nothing runs any more. */
  readonly stop: () => void
}

export interface VirtualClock extends SimulationClock {
  /** Runs everything due in the next `ms`, in order of time; resolves when what it published is acknowledged. */
  readonly advance: (ms: number) => Promise<void>
  /** Is waited for between two instants, so that replies of the outside belong to the instant that caused them. */
  readonly settleBy: (settle: () => Promise<void>) => void
}

export function createRealClock(): SimulationClock {
  const timers = new Set<NodeJS.Timeout>()
  return {
    now: () => Date.now(),
    at: (instant, task) => {
      const timer = setTimeout(
        () => {
          timers.delete(timer)
          task()
        },
        Math.max(0, instant - Date.now()),
      )
      timers.add(timer)
      return () => {
        clearTimeout(timer)
        timers.delete(timer)
      }
    },
    stop: () => timers.forEach((timer) => clearTimeout(timer)),
  }
}

/** Starts at `start`; tasks due at the same instant run in the order in which they were asked for. */
export function createVirtualClock(start: number): VirtualClock {
  const agenda = createAgenda()
  let now = start
  let settle = () => Promise.resolve()

  async function advance(ms: number): Promise<void> {
    const end = now + ms
    for (let due = agenda.nextInstant(); due !== null && due <= end; due = agenda.nextInstant()) {
      now = Math.max(now, due)
      for (const task of agenda.takeDue(now)) task()
      await settle()
    }
    now = end
  }

  return {
    now: () => now,
    at: (instant, task) => agenda.add(instant, task),
    stop: () => agenda.clear(),
    advance,
    settleBy: (wait) => {
      settle = wait
    },
  }
}

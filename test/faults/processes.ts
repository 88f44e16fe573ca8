/** The stack's processes by name: ends exactly the one that is meant, by the pid that its supervisor wrote down, and sees it come back. */
import { until } from '../harness/until'
import type { Stack } from '../harness/stack'

export interface StackProcesses {
  pid(name: string): number
  /** Sends a signal that ends the process; the supervisor starts it again. Resolves when the old one is gone, with how long that took. */
  end(name: string, signal: NodeJS.Signals): Promise<{ readonly endedAfterMs: number }>
  /** Resolves when another process of that name runs. */
  back(name: string, formerPid: number): Promise<number>
  /** Ends the process again and again until the time is over; four ends at most, or its supervisor gives up (OPS-004). */
  keepDown(name: string, forMs: number): Promise<void>
  readonly isAway: (name: string) => boolean
  /** Ends that the suite did not cause. */
  unexplainedEnds(): string[]
}

const GONE_MS = 20_000
const BACK_MS = 20_000
const MOST_ENDS = 4

interface RunningProcess {
  readonly name: string
  readonly pid: number
  readonly restarts?: number
}

export function createProcesses(stack: Pick<Stack, 'runState'>): StackProcesses {
  const endsByUs = new Map<string, number>()
  const all = () => stack.runState().processes as readonly RunningProcess[]
  const find = (name: string) => all().find((one) => one.name === name)

  function pid(name: string): number {
    const found = find(name)
    if (found === undefined) throw new Error(`${name} does not run`)
    return found.pid
  }

  async function end(name: string, signal: NodeJS.Signals) {
    const target = pid(name)
    endsByUs.set(name, (endsByUs.get(name) ?? 0) + 1)
    const begun = Date.now()
    process.kill(target, signal)
    await until(() => find(name)?.pid !== target, { timeoutMs: GONE_MS, everyMs: 10, what: `the end of ${name}` })
    return { endedAfterMs: Date.now() - begun }
  }

  const back = (name: string, formerPid: number) =>
    until(
      () => {
        const now = find(name)?.pid
        return now !== undefined && now !== formerPid && now
      },
      { timeoutMs: BACK_MS, what: `another ${name}` },
    )

  async function keepDown(name: string, forMs: number): Promise<void> {
    const deadline = Date.now() + forMs
    for (let ends = 0; ends < MOST_ENDS && Date.now() < deadline; ends++) {
      const former = pid(name)
      await end(name, 'SIGKILL')
      await back(name, former)
    }
  }

  return {
    pid,
    end,
    back,
    keepDown,
    isAway: (name) => find(name) === undefined,
    unexplainedEnds: () =>
      all().flatMap(({ name, restarts = 0 }) => {
        const more = restarts - (endsByUs.get(name) ?? 0)
        return more > 0 ? [`${name} ended ${more} times by itself`] : []
      }),
  }
}

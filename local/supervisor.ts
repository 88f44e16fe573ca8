/** Keeps the children of one stack running and ends them in order (OPS-004, OPS-005). */
import { decideRestart } from './back-off'
import { lastLines, startChild, type Child, type Launch, type StartChild } from './child'
import { endProcess, signalGroup } from './end-process'
import type { ProcessIdentity } from './process-identity'

export interface ChildRecord extends ProcessIdentity {
  readonly name: string
  readonly stopSignal: NodeJS.Signals
  /** ISO 8601, of this start. */
  readonly since: string
  readonly restarts: number
}

export interface GaveUp {
  readonly name: string
  readonly reason: string
  readonly lastLines: readonly string[]
}

export interface SupervisorDependencies {
  readonly say: (line: string) => void
  /** Called after every start and end with all running children, so that run.json is never behind. */
  readonly onChange: (children: readonly ChildRecord[]) => void
  readonly start?: StartChild
  readonly now?: () => number
  readonly schedule?: (afterMs: number, work: () => void) => () => void
}

export interface Supervisor {
  /** Starts a child and keeps it running from now on. */
  readonly run: (launch: Launch) => void
  /** Throws with the child's last lines if it has ended; for waits that would otherwise only time out. */
  readonly assertRunning: (name: string) => void
  readonly children: () => readonly ChildRecord[]
  /** Resolves when a child ended too often. */
  readonly gaveUp: Promise<GaveUp>
  /** Ends all for good, those named in `order` first and in that order, the rest newest first. */
  readonly stopAll: (order: readonly string[]) => Promise<void>
  /** Ends all at once, without asking (second signal). */
  readonly killAll: () => void
}

interface Entry {
  readonly launch: Launch
  child: Child | null
  since: string
  endedAt: number[]
  cancelRestart: (() => void) | null
  stopping: boolean
}

const LINES_TO_SHOW = 20
/** OPS-005 allows 20 s for all of them. */
const STOP_BUDGET_MS = 18_000

export function createSupervisor(dependencies: SupervisorDependencies): Supervisor {
  const { say, onChange, start = startChild, now = Date.now, schedule = scheduleTimer } = dependencies
  const entries = new Map<string, Entry>()
  let reportGivingUp: (reason: GaveUp) => void
  const gaveUp = new Promise<GaveUp>((resolve) => (reportGivingUp = resolve))

  const children = (): ChildRecord[] => [...entries.values()].flatMap(recordOf)

  function launchEntry(entry: Entry): void {
    entry.cancelRestart = null
    entry.since = new Date(now()).toISOString()
    const child = start(entry.launch)
    entry.child = child
    onChange(children())
    void child.ended.then((reason) => handleEnd(entry, reason))
  }

  function handleEnd(entry: Entry, reason: string): void {
    entry.child = null
    entry.endedAt.push(now())
    onChange(children())
    if (entry.stopping) return
    const decision = decideRestart(entry.endedAt)
    const { name, logFile } = entry.launch
    if (decision === 'give up') return reportGivingUp({ name, reason, lastLines: lastLines(logFile, LINES_TO_SHOW) })
    say(`${name} ended (${reason}); starting it again in ${decision.restartAfterMs / 1000} s`)
    entry.cancelRestart = schedule(decision.restartAfterMs, () => launchEntry(entry))
  }

  function run(launch: Launch): void {
    const entry: Entry = { launch, child: null, since: '', endedAt: [], cancelRestart: null, stopping: false }
    entries.set(launch.name, entry)
    launchEntry(entry)
  }

  function assertRunning(name: string): void {
    const entry = entries.get(name)
    if (!entry || entry.endedAt.length === 0) return
    const lines = lastLines(entry.launch.logFile, LINES_TO_SHOW).join('\n')
    throw new Error(`${name} ended while starting:\n${lines}`)
  }

  async function stop(name: string, longestMs: number): Promise<void> {
    const entry = entries.get(name)
    if (!entry) return
    const { stopSignal: signal, stopTimeoutMs } = entry.launch
    if (entry.child) await endProcess(entry.child.identity, { signal, timeoutMs: Math.min(stopTimeoutMs, longestMs) })
    entries.delete(name)
    onChange(children())
  }

  function restartNothing(): void {
    for (const entry of entries.values()) {
      entry.stopping = true
      entry.cancelRestart?.()
    }
  }

  async function stopAll(order: readonly string[]): Promise<void> {
    restartNothing()
    const deadline = Date.now() + STOP_BUDGET_MS
    const rest = [...entries.keys()].filter((name) => !order.includes(name)).reverse()
    for (const name of [...order, ...rest]) await stop(name, (deadline - Date.now()) / 2) // the halves never add up to more than the whole
  }

  function killAll(): void {
    restartNothing()
    for (const { child } of entries.values()) if (child) signalGroup(child.identity, 'SIGKILL')
  }

  return { run, assertRunning, children, gaveUp, stopAll, killAll }
}

function recordOf(entry: Entry): ChildRecord[] {
  if (!entry.child) return []
  const { name, stopSignal } = entry.launch
  return [{ ...entry.child.identity, name, stopSignal, since: entry.since, restarts: entry.endedAt.length }]
}

function scheduleTimer(afterMs: number, work: () => void): () => void {
  const timer = setTimeout(work, afterMs)
  return () => clearTimeout(timer)
}

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
  /** How often it has ended since the stack was started. */
  readonly ends: number
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
  /** Resolves when a child ended too often, or cannot run as it is configured. */
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
/** EX_CONFIG of sysexits(3), which our processes end with (OPS § 5): trying again changes nothing. */
const BAD_CONFIGURATION = 'exit code 78'
/** OPS-005 allows 20 s for all of them. */
const STOP_BUDGET_MS = 18_000

export function createSupervisor(dependencies: SupervisorDependencies): Supervisor {
  return new ChildSupervisor(dependencies)
}

class ChildSupervisor implements Supervisor {
  readonly gaveUp: Promise<GaveUp>
  private readonly entries = new Map<string, Entry>()
  private readonly start: StartChild
  private readonly now: () => number
  private readonly schedule: (afterMs: number, work: () => void) => () => void
  private reportGivingUp: (reason: GaveUp) => void = () => undefined

  constructor(private readonly dependencies: SupervisorDependencies) {
    this.start = dependencies.start ?? startChild
    this.now = dependencies.now ?? Date.now
    this.schedule = dependencies.schedule ?? scheduleTimer
    this.gaveUp = new Promise((resolve) => (this.reportGivingUp = resolve))
  }

  run(launch: Launch): void {
    const entry: Entry = { launch, child: null, since: '', endedAt: [], cancelRestart: null, stopping: false }
    this.entries.set(launch.name, entry)
    this.launch(entry)
  }

  assertRunning(name: string): void {
    const entry = this.entries.get(name)
    if (!entry || entry.endedAt.length === 0) return
    const lines = lastLines(entry.launch.logFile, LINES_TO_SHOW).join('\n')
    throw new Error(`${name} ended while starting:\n${lines}`)
  }

  children(): ChildRecord[] {
    return [...this.entries.values()].flatMap(recordOf)
  }

  async stopAll(order: readonly string[]): Promise<void> {
    this.restartNothing()
    const deadline = Date.now() + STOP_BUDGET_MS
    const rest = [...this.entries.keys()].filter((name) => !order.includes(name)).reverse()
    // the halves never add up to more than the whole
    for (const name of [...order, ...rest]) await this.stop(name, (deadline - Date.now()) / 2)
  }

  killAll(): void {
    this.restartNothing()
    for (const { child } of this.entries.values()) if (child) signalGroup(child.identity, 'SIGKILL')
  }

  private launch(entry: Entry): void {
    entry.cancelRestart = null
    entry.since = new Date(this.now()).toISOString()
    const child = this.start(entry.launch)
    entry.child = child
    this.tell()
    void child.ended.then((reason) => this.handleEnd(entry, reason))
  }

  private handleEnd(entry: Entry, reason: string): void {
    entry.child = null
    entry.endedAt.push(this.now())
    this.tell()
    if (entry.stopping) return
    const { name, logFile } = entry.launch
    const decision = reason === BAD_CONFIGURATION ? 'give up' : decideRestart(entry.endedAt)
    if (decision === 'give up') {
      this.reportGivingUp({ name, reason, ends: entry.endedAt.length, lastLines: lastLines(logFile, LINES_TO_SHOW) })
      return
    }
    this.dependencies.say(`${name} ended (${reason}); starting it again in ${decision.restartAfterMs / 1000} s`)
    entry.cancelRestart = this.schedule(decision.restartAfterMs, () => this.launch(entry))
  }

  private async stop(name: string, longestMs: number): Promise<void> {
    const entry = this.entries.get(name)
    if (!entry) return
    const { stopSignal: signal, stopTimeoutMs } = entry.launch
    if (entry.child) await endProcess(entry.child.identity, { signal, timeoutMs: Math.min(stopTimeoutMs, longestMs) })
    this.entries.delete(name)
    this.tell()
  }

  private restartNothing(): void {
    for (const entry of this.entries.values()) {
      entry.stopping = true
      entry.cancelRestart?.()
    }
  }

  private tell(): void {
    this.dependencies.onChange(this.children())
  }
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

/** Ends one known process: asks, waits, then insists. */
import { isAlive, type ProcessIdentity } from './process-identity'
import { waitFor } from './wait-for'

export interface EndOptions {
  readonly signal: NodeJS.Signals
  /** How long the process may take before it is killed. */
  readonly timeoutMs: number
}

const KILL_TIMEOUT_MS = 5_000

/** Resolves when the process is gone; true if it went by itself. */
export async function endProcess(identity: ProcessIdentity, options: EndOptions): Promise<boolean> {
  signalProcess(identity, options.signal)
  try {
    await waitFor(() => !isAlive(identity), { what: `process ${identity.pid}`, timeoutMs: options.timeoutMs })
    return true
  } catch {
    signalGroup(identity, 'SIGKILL') // asked in vain
    await waitFor(() => !isAlive(identity), { what: `killed process ${identity.pid}`, timeoutMs: KILL_TIMEOUT_MS })
    return false
  }
}

function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (isAlive(identity)) sendQuietly(identity.pid, signal)
}

/** Our children lead their own group (see child.ts), so their helpers end with them. */
export function signalGroup(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (isAlive(identity) && !sendQuietly(-identity.pid, signal)) sendQuietly(identity.pid, signal)
}

function sendQuietly(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false // it ended between the look and the signal
  }
}

/** Starts one child in its own process group, with its output in a log file: it outlives neither by accident nor our death by a broken pipe. */
import { spawn } from 'node:child_process'
import { closeSync, existsSync, fchownSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import type { Account } from './account'
import { identify, type ProcessIdentity } from './process-identity'

export interface Launch {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly logFile: string
  readonly account: Account | null
  readonly stopSignal: NodeJS.Signals
  readonly stopTimeoutMs: number
}

export interface Child {
  readonly identity: ProcessIdentity
  /** Resolves with a plain description of how it ended, for instance "exit code 1". */
  readonly ended: Promise<string>
}

export type StartChild = (launch: Launch) => Child

const KEEP_LOG_BYTES = 20 * 1024 * 1024

/** Throws when the command cannot be started at all. */
export function startChild(launch: Launch): Child {
  rotateLog(launch.logFile)
  const log = openSync(launch.logFile, 'a')
  if (launch.account) fchownSync(log, launch.account.uid, launch.account.gid)
  const child = spawn(launch.command, launch.args, {
    cwd: launch.cwd,
    env: launch.env,
    stdio: ['ignore', log, log],
    detached: true, // its own group: Ctrl+C reaches the supervisor only, which stops in order
    ...(launch.account ? { uid: launch.account.uid, gid: launch.account.gid } : {}),
  })
  closeSync(log)
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`))
  })
  if (child.pid === undefined) throw new Error(`${launch.name}: ${launch.command} cannot be started`)
  return { identity: identify(child.pid) ?? { pid: child.pid, startTime: 'ended' }, ended }
}

/** The last lines of a log, for the message that says why a child ended. */
export function lastLines(file: string, count: number): string[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count)
}

function rotateLog(file: string): void {
  if (existsSync(file) && statSync(file).size > KEEP_LOG_BYTES) renameSync(file, `${file}.1`)
}

/** Tells a process from a later one that was given the same pid, by its start time (OPS-005). */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

export interface ProcessIdentity {
  readonly pid: number
  /** Opaque; equal for the same process only. */
  readonly startTime: string
}

/** Field 22 of /proc/<pid>/stat, counted behind the command name in parentheses, which may hold blanks. Source: proc(5). */
const START_TIME_AFTER_NAME = 19
const STATE_AFTER_NAME = 0

/** The start time of a running process, or null when there is none. A zombie has ended. */
function processStartTime(pid: number): string | null {
  return existsSync('/proc/self/stat') ? linuxStartTime(pid) : portableStartTime(pid)
}

export function identify(pid: number): ProcessIdentity | null {
  const startTime = processStartTime(pid)
  return startTime === null ? null : { pid, startTime }
}

/** Whether exactly this process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return processStartTime(identity.pid) === identity.startTime
}

function linuxStartTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[STATE_AFTER_NAME] === 'Z') return null
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() // ticks count from boot: a reboot begins anew
    return `${bootId}/${fields[START_TIME_AFTER_NAME]}`
  } catch {
    return null // no such process
  }
}

function portableStartTime(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null
  } catch {
    return null // ps answers 1 for an unknown pid
  }
}

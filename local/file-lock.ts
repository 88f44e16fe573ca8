/** Lets one process at a time do a piece of work, across starts and users of the same cache. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { identify, isAlive, type ProcessIdentity } from './process-identity'
import { waitFor } from './wait-for'

export interface LockWait {
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

const LOCK_TIMEOUT_MS = 30 * 60_000

/** Waits for the holder, takes over from a dead one, and frees the lock whatever happens. */
export async function withFileLock<T>(file: string, wait: LockWait, work: () => Promise<T>): Promise<T> {
  if (!tryLock(file)) wait.say(`waiting for another start that holds ${file}`)
  await waitFor(() => tryLock(file), { what: `the holder of ${file}`, timeoutMs: LOCK_TIMEOUT_MS, signal: wait.signal })
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

function tryLock(file: string): boolean {
  const mine = identify(process.pid)
  const holder = readHolder(file)
  if (holder && mine && holder.pid === mine.pid && holder.startTime === mine.startTime) return true
  if (holder && !isAlive(holder)) rmSync(file, { force: true })
  try {
    writeFileSync(file, JSON.stringify(mine), { flag: 'wx' })
    return true
  } catch {
    return false // held
  }
}

function readHolder(file: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity // written above
  } catch {
    return null // absent, or just being written
  }
}

/** `run.json`: what runs on a data folder, written by its one supervisor and read by `stop`, `status` and the next start. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { writeOwnerOnly } from './secrets'
import { identify, isAlive, type ProcessIdentity } from './process-identity'
import type { Endpoints } from './stack/endpoints'
import type { ChildRecord } from './supervisor'

export interface ServiceInfo {
  readonly name: string
  /** Usable as it stands, credentials included. */
  readonly url: string
  /** Where it was obtained: `environment`, a path, a package. */
  readonly source: string
  readonly version: string
}

export interface RunRecord {
  readonly supervisor: ProcessIdentity
  readonly url: string
  readonly state: 'starting' | 'ready' | 'stopping'
  /** ISO 8601. */
  readonly since: string
  readonly services: readonly ServiceInfo[]
  readonly processes: readonly ChildRecord[]
  /** How commands of this clone reach what runs; null until the services are up. */
  readonly endpoints: Endpoints | null
}

export type Claim = { readonly claimed: true; readonly stale: RunRecord | null } | { readonly claimed: false; readonly running: RunRecord }

const OWNER_ONLY = 0o600

export function readRunFile(file: string): RunRecord | null {
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunRecord // written by us alone
  } catch {
    return null // a file that a crash left half written tells nothing
  }
}

export function writeRunFile(file: string, record: RunRecord): void {
  writeOwnerOnly(file, `${JSON.stringify(record, null, 2)}\n`)
}

/**
 * Makes this process the one supervisor of the folder. A living one wins and is returned; a dead one's record is returned for its children to
 * be ended.
 */
export function claimRunFile(file: string, url: string): Claim {
  const stale = readRunFile(file)
  if (stale && isAlive(stale.supervisor)) return { claimed: false, running: stale }
  rmSync(file, { force: true })
  const mine = firstRecord(url)
  try {
    writeFileSync(file, JSON.stringify(mine), { flag: 'wx', mode: OWNER_ONLY }) // of two starts at once, one creates it
  } catch {
    return { claimed: false, running: readRunFile(file) ?? mine }
  }
  return { claimed: true, stale }
}

function firstRecord(url: string): RunRecord {
  const supervisor = identify(process.pid)
  if (!supervisor) throw new Error('this process has no start time')
  return { supervisor, url, state: 'starting', since: new Date().toISOString(), services: [], processes: [], endpoints: null }
}

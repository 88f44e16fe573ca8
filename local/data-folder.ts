/** The folder that holds everything a stack keeps: `PARKING_DATA_DIR`, one stack per folder (OPS-006, OPS-021). */
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, lstatSync, mkdirSync, readlinkSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { canReach, giveTo, type Account } from './account'

export interface DataFolder {
  readonly path: string
  readonly redis: string
  readonly mqtt: string
  readonly temporal: string
  readonly simulator: string
  readonly mail: string
  readonly storage: string
  readonly logs: string
  readonly secretsFile: string
  readonly runFile: string
}

const FOLDERS = ['redis', 'mqtt', 'temporal', 'simulator', 'mail', 'storage', 'logs', 'backups'] as const
const OWNER_ONLY = 0o700
const OTHERS_MAY_PASS = 0o001
/** Where root's database goes when its own account cannot reach the data folder (a home of mode 0700, for instance). */
const REACHABLE_ROOT = '/var/lib/parking-v6'

export function dataFolderPath(env: NodeJS.ProcessEnv, root: string): string {
  return resolve(root, env['PARKING_DATA_DIR'] || '.data')
}

/** Makes what is missing. Throws nothing that mkdir does not throw. */
export function openDataFolder(path: string): DataFolder {
  mkdirSync(path, { recursive: true })
  for (const name of FOLDERS) mkdirSync(join(path, name), { recursive: true, mode: OWNER_ONLY })
  return describeDataFolder(path)
}

/** The paths alone; nothing is made. */
export function describeDataFolder(path: string): DataFolder {
  const inside = (name: string): string => join(path, name)
  return {
    path,
    redis: inside('redis'),
    mqtt: inside('mqtt'),
    temporal: inside('temporal'),
    simulator: inside('simulator'),
    mail: inside('mail'),
    storage: inside('storage'),
    logs: inside('logs'),
    secretsFile: inside('secrets.json'),
    runFile: inside('run.json'),
  }
}

/**
 * The folder of PostgreSQL, owned by its account, which may pass through the data folder but read nothing else in it. Where it cannot even
 * reach the data folder, `postgres` in it is a link to a folder that it can reach.
 */
export function postgresFolder(data: DataFolder, account: Account | null): string {
  const inside = join(data.path, 'postgres')
  if (account) chmodSync(data.path, statSync(data.path).mode | OTHERS_MAY_PASS)
  const folder = canReach(account, inside) && !isLink(inside) ? inside : linkElsewhere(inside)
  mkdirSync(folder, { recursive: true, mode: OWNER_ONLY })
  giveTo(account, folder)
  return folder
}

/** Deletes the folder, and the database elsewhere that was made for it; a link that someone else made loses nothing but itself. */
export function removeDataFolder(path: string): void {
  const database = join(path, 'postgres')
  const elsewhere = dirname(folderElsewhere(database))
  if (isLink(database) && dirname(readlinkSync(database)) === elsewhere) rmSync(elsewhere, { recursive: true, force: true })
  rmSync(path, { recursive: true, force: true })
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}

function folderElsewhere(inside: string): string {
  return join(REACHABLE_ROOT, createHash('sha256').update(inside).digest('hex').slice(0, 12), 'postgres')
}

function linkElsewhere(inside: string): string {
  const target = folderElsewhere(inside)
  mkdirSync(dirname(target), { recursive: true })
  if (!existsSync(target)) mkdirSync(target, { mode: OWNER_ONLY })
  if (!isLink(inside)) symlinkSync(target, inside)
  return realpathSync(inside)
}

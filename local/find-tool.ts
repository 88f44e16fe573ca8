/** Looks for programs: a named path first, then PATH. */
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** System daemons live in folders that a user's PATH often lacks. */
const ALSO = ['/usr/sbin', '/usr/local/sbin', '/sbin', '/opt/homebrew/sbin', '/opt/homebrew/bin', '/usr/local/bin', '/usr/local/go/bin']

/** The absolute path of the first of `names` that can be run, or null. */
export function findOnPath(names: readonly string[], env: NodeJS.ProcessEnv): string | null {
  const folders = [...(env['PATH'] ?? '').split(delimiter).filter(Boolean), ...ALSO]
  return findInFolders(names, folders)
}

export function findInFolders(names: readonly string[], folders: readonly string[]): string | null {
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name)).find(isExecutable)
    if (found) return found
  }
  return null
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false // absent, or not ours to run
  }
}

/** The user's cache for tools that are obtained once and shared by every data folder (OPS-001). */
import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Absolute path of the cache; it is made when missing. */
export function toolCache(env: NodeJS.ProcessEnv): string {
  const folder = join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'parking-v6')
  mkdirSync(folder, { recursive: true })
  return folder
}

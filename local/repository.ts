/** Where this repository is, from a source file as well as from `dist`. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Absolute path of the folder that holds `package.json`. */
export function repositoryRoot(from: string = __dirname): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package-lock.json')) && existsSync(join(folder, 'package.json'))) return folder
  }
  throw new Error(`no package.json above ${from}`)
}

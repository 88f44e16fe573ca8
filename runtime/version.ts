/** What this build is (OPS-321). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface BuildVersion {
  readonly version: string
  readonly buildNumber: string
  readonly commit: string
  readonly builtAt: string | null
}

/** `dist/version.json` is written by the build; without it (tests, watch mode) the package's version stands alone. */
export function readBuildVersion(): BuildVersion {
  const fallback: BuildVersion = { version: '6.0.0', buildNumber: 'development', commit: 'unknown', builtAt: null }
  try {
    return { ...fallback, ...(JSON.parse(readFileSync(join(__dirname, '..', 'version.json'), 'utf8')) as Partial<BuildVersion>) }
  } catch {
    return fallback // no file: not a build
  }
}

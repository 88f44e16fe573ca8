/** Builds pinned Go programs into the tool cache: once, whole or not at all, and by one start at a time (OPS-013). */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { withFileLock } from '../file-lock'
import { EXIT, LocalError } from '../errors'
import { findOnPath } from '../find-tool'
import { runCommand } from '../run-command'
import { execFileSync } from 'node:child_process'
import type { FindContext } from './service'

export interface GoBuild {
  /** Where the programs end up; it exists only when they are all there. */
  readonly folder: string
  readonly title: string
  readonly programs: readonly { readonly module: string; readonly name: string }[]
  readonly context: FindContext
}

const PROGRESS_MS = 10_000
/** `go install pkg@version` needs 1.16; the toolchain that the module names is fetched by Go itself from 1.21 on. */
const OLDEST_GO = { major: 1, minor: 21 } as const

export async function buildTool(build: GoBuild): Promise<void> {
  await withFileLock(`${build.folder}.lock`, build.context, async () => {
    if (existsSync(build.folder)) return // another start has built it meanwhile
    const draft = `${build.folder}.new`
    rmSync(draft, { recursive: true, force: true })
    mkdirSync(draft, { recursive: true })
    try {
      for (const program of build.programs) await installProgram(build, program, draft)
      renameSync(draft, build.folder)
    } finally {
      rmSync(draft, { recursive: true, force: true })
    }
  })
}

/** Why this Go cannot build it, or null. */
export function goVersionProblem(go: string): string | null {
  try {
    const [, major, minor] = /go(\d+)\.(\d+)/.exec(execFileSync(go, ['version'], { encoding: 'utf8' })) ?? []
    if (Number(major) > OLDEST_GO.major || Number(minor) >= OLDEST_GO.minor) return null
    return `Go ${major}.${minor} is older than ${OLDEST_GO.major}.${OLDEST_GO.minor}`
  } catch {
    return `${go} does not run`
  }
}

async function installProgram(build: GoBuild, program: GoBuild['programs'][number], draft: string): Promise<void> {
  const { say, env, signal } = build.context
  const go = findOnPath(['go'], env)
  if (!go) throw new LocalError(`${build.title}: no Go toolchain on PATH`, EXIT.notObtainable)
  const start = Date.now()
  let latest = 'downloading modules'
  const tell = (): void => say(`${build.title}: building ${program.name}, ${Math.round((Date.now() - start) / 1000)} s (${latest})`)
  tell()
  const timer = setInterval(tell, PROGRESS_MS)
  const result = await runCommand(go, ['install', '-v', '-trimpath', '-ldflags=-s -w', program.module], {
    cwd: draft, // outside any module, so that go.mod of the tool alone decides
    env: { ...env, GOBIN: draft, GOFLAGS: '-buildvcs=false', CGO_ENABLED: '0' },
    signal,
    onLine: (line) => (latest = line.slice(0, 80)),
  }).finally(() => clearInterval(timer))
  if (result.code !== 0) throw new LocalError(`${build.title} could not be built:\n${result.output.slice(-1_500)}`, EXIT.notObtainable)
  renameSync(join(draft, goProgramName(program.module)), join(draft, program.name))
}

/** `…/cmd/server@v1` is installed as `server`. */
function goProgramName(module: string): string {
  return basename(module.split('@')[0] ?? module)
}

/** Runs Jest as a child in its own process group and reads what it counted. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Interruption } from '../interruption'
import { waitFor } from '../wait-for'

export interface JestInput {
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  /** Folder for the reports of this run alone. */
  readonly reports: string
  /** Where suites put their temporary folders, so that an interrupted one leaves nothing outside this run's own. */
  readonly temporary: string
  readonly phase: JestPhase
  /** Path patterns. */
  readonly patterns: readonly string[]
  readonly coverage: boolean
  readonly interruption: Pick<Interruption, 'signal' | 'insisted'>
}

/** Projects of one Jest run, and how many of their suites run at once. */
export interface JestPhase {
  readonly name: string
  readonly projects: readonly string[]
  readonly workers: number
}

/** Integration tests wait more than they compute and share one set of services; a whole platform wants the machine to itself. */
const PHASES: readonly JestPhase[] = [
  { name: 'suites', projects: ['unit', 'int'], workers: 2 },
  { name: 'stack', projects: ['stack'], workers: 1 },
]

/** The phases with the projects asked for; all of them when none is named. */
export function phasesOf(projects: readonly string[]): JestPhase[] {
  const isAsked = (project: string) => projects.length === 0 || projects.includes(project)
  return PHASES.map((phase) => ({ ...phase, projects: phase.projects.filter(isAsked) })).filter((phase) => phase.projects.length > 0)
}

export interface JestCount {
  readonly passed: number
  /** Tests that failed, and suites that could not even be loaded. */
  readonly failed: number
  readonly skipped: number
}

interface JestResults {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numRuntimeErrorTestSuites: number
}

/** A stack stops within 20 s (OPS-005). */
const GROUP_TIMEOUT_MS = 22_000

/** A run that left no results counts as one failure. */
export async function runJest(input: JestInput): Promise<JestCount> {
  const resultsFile = join(input.reports, `jest-${input.phase.name}.json`)
  const exitCode = await spawnJest(input, resultsFile)
  if (!existsSync(resultsFile)) return { passed: 0, failed: 1, skipped: 0 }
  const results = JSON.parse(readFileSync(resultsFile, 'utf8')) as JestResults // Jest's own format
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
  return { passed: results.numPassedTests, failed: Math.max(failed, exitCode === 0 ? 0 : 1), skipped: results.numPendingTests }
}

function spawnJest(input: JestInput, resultsFile: string): Promise<number> {
  const { root, reports, temporary, phase, patterns, coverage, interruption } = input
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
      '--passWithNoTests',
      `--maxWorkers=${phase.workers}`,
      `--cacheDirectory=${join(root, 'node_modules', '.cache', 'jest')}`, // its default lies in the temporary folder
      '--reporters=default',
      '--reporters=jest-junit',
      '--json',
      `--outputFile=${resultsFile}`,
      ...(coverage ? ['--coverage', `--coverageDirectory=${join(reports, 'coverage')}`] : []),
      '--selectProjects',
      ...phase.projects,
      ...(patterns.length > 0 ? ['--', ...patterns] : []),
    ],
    {
      cwd: root,
      env: {
        ...input.env,
        JEST_JUNIT_OUTPUT_DIR: reports,
        JEST_JUNIT_OUTPUT_NAME: phase.name === 'suites' ? 'junit.xml' : `junit-${phase.name}.xml`,
        TMPDIR: temporary,
      },
      stdio: ['ignore', 2, 2], // --json repeats the results on stdout; the reporters speak on stderr
      detached: true,
    },
  )
  const exited = new Promise<number>((resolve) => {
    child.once('error', () => resolve(1))
    child.once('exit', (code) => resolve(code ?? 1))
  })
  return child.pid === undefined ? exited : endWithInterruption(child.pid, exited, interruption)
}

/** Suites may have started whole stacks, which need their time to stop in order; so the group is asked first and waited for. */
async function endWithInterruption(
  group: number,
  exited: Promise<number>,
  { signal, insisted }: JestInput['interruption'],
): Promise<number> {
  const ask = (): void => void signalGroup(group, 'SIGTERM')
  const insist = (): void => void signalGroup(group, 'SIGKILL')
  signal.addEventListener('abort', ask)
  insisted.addEventListener('abort', insist)
  const code = await exited
  signal.removeEventListener('abort', ask)
  const isEmpty = (): boolean => !signalGroup(group, 0)
  if (signal.aborted) await waitFor(isEmpty, { what: 'the end of the suites', timeoutMs: GROUP_TIMEOUT_MS }).catch(insist)
  insisted.removeEventListener('abort', insist)
  return code
}

/** False when nobody is left in the group. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal)
  } catch {
    return false // ESRCH: empty
  }
}

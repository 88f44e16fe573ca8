/** Runs Jest as a child in its own process group and reads what it counted. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface JestInput {
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  /** Folder for the reports of this run alone. */
  readonly reports: string
  /** Projects to run; all of them when empty. */
  readonly projects: readonly string[]
  /** Further arguments and path patterns. */
  readonly args: readonly string[]
  readonly signal: AbortSignal
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

/** Integration tests wait more than they compute, but share one small set of services. */
const WORKERS = 2

/** A run that left no results counts as one failure. */
export async function runJest(input: JestInput): Promise<JestCount> {
  const resultsFile = join(input.reports, 'jest.json')
  const exitCode = await spawnJest(input, resultsFile)
  if (!existsSync(resultsFile)) return { passed: 0, failed: 1, skipped: 0 }
  const results = JSON.parse(readFileSync(resultsFile, 'utf8')) as JestResults // Jest's own format
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
  return { passed: results.numPassedTests, failed: Math.max(failed, exitCode === 0 ? 0 : 1), skipped: results.numPendingTests }
}

function spawnJest(input: JestInput, resultsFile: string): Promise<number> {
  const { root, reports, projects, args, signal } = input
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
      '--passWithNoTests',
      `--maxWorkers=${WORKERS}`,
      '--reporters=default',
      '--reporters=jest-junit',
      '--json',
      `--outputFile=${resultsFile}`,
      `--coverageDirectory=${join(reports, 'coverage')}`,
      ...(projects.length > 0 ? ['--selectProjects', ...projects] : []),
      ...(args.length > 0 ? ['--', ...args] : []),
    ],
    {
      cwd: root,
      env: { ...input.env, JEST_JUNIT_OUTPUT_DIR: reports, JEST_JUNIT_OUTPUT_NAME: 'junit.xml' },
      stdio: ['ignore', 2, 2], // --json repeats the results on stdout; the reporters speak on stderr
      detached: true,
    },
  )
  const endGroup = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL') // its workers too; they hold nothing that must be saved
  }
  signal.addEventListener('abort', endGroup)
  return new Promise((resolve) => {
    child.once('error', () => resolve(1))
    child.once('exit', (code) => {
      signal.removeEventListener('abort', endGroup)
      resolve(code ?? 1)
    })
  })
}

/** `npm test`: starts what the suites need, checks, tests, stops everything, and ends with one plain line (OPS-025, Q-RUN-01). */
import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { checkSteps } from '../checks/check-steps'
import { withMigratedDatabase } from '../checks/migrated-database'
import { phasesOf, runJest, type JestCount } from '../checks/jest-run'
import { runSteps, type StepResult } from '../checks/step'
import { EXIT } from '../errors'
import { listenForInterruption, type Interruption } from '../interruption'
import { repositoryRoot } from '../repository'
import type { StackMode } from '../services/service'
import { startServiceStack, type ServiceStack } from '../stack/service-stack'
import { openTestFolder, sweepTestFolders, type TestFolder } from '../test-folder'
import { parseTestOptions, TEST_HELP, type TestOptions } from './test-options'

const MODE: StackMode = 'test'
/** Set by the caller: that service is used as it is and none is started. */
const SERVICE_VARIABLES = {
  postgres: 'TEST_DATABASE_ADMIN_URL',
  redis: 'TEST_REDIS_URL',
  mqtt: 'TEST_MQTT_URL',
  temporal: 'TEST_TEMPORAL_ADDRESS',
} as const

interface Totals {
  passed: number
  failed: number
}

/** `prepared`: what the entry script had to install and build on the way here. */
export async function main(args: readonly string[], prepared: readonly StepResult[]): Promise<void> {
  const options = parseTestOptions(args)
  if (options === 'help') return console.log(TEST_HELP)
  const totals: Totals = { passed: 0, failed: 0 }
  count(totals, prepared)
  const folder = openTestFolder()
  let stack: ServiceStack | null = null
  const interruption = listenForInterruption(() => {
    stack?.supervisor.killAll()
    folder.remove()
    process.exit(EXIT.interrupted)
  })
  try {
    await sweepTestFolders()
    stack = await startTestStack(folder, { needsServices: needsServices(options), signal: interruption.signal })
    const ownedServer = stack.services.postgres?.url ?? null
    await runSuites({ options, env: suiteEnv(stack, options), ownedServer, totals, folder, interruption })
  } catch (error) {
    if (!interruption.signal.aborted) totals.failed += 1
    console.error(error instanceof Error ? error.message : error)
  } finally {
    await stack?.stop()
    keepReports(folder)
    folder.remove()
    interruption.dispose()
  }
  finish(totals, interruption.signal.aborted)
}

interface SuiteRun {
  readonly options: TestOptions
  readonly env: NodeJS.ProcessEnv
  /** Superuser's URL of the PostgreSQL that this run started, if it did. */
  readonly ownedServer: string | null
  readonly totals: Totals
  readonly folder: TestFolder
  readonly interruption: Interruption
}

async function runSuites({ options, env, ownedServer, totals, folder, interruption }: SuiteRun): Promise<void> {
  const root = repositoryRoot()
  const { signal } = interruption
  if (options.check) {
    const checkEnv = await withMigratedDatabase(root, env, ownedServer)
    count(totals, await runSteps(checkSteps(root, checkEnv), { cwd: root, env: checkEnv, say, signal, requireAll: options.requireAll }))
  }
  const { projects, patterns, coverage } = options
  const folders = { reports: inside(folder, 'reports'), temporary: inside(folder, 'tmp') }
  for (const phase of phasesOf(projects)) {
    if (signal.aborted) return
    countJest(totals, await runJest({ root, env, ...folders, phase, patterns, coverage, interruption }), options.requireAll)
  }
}

/** Unit tests touch nothing. */
function needsServices(options: TestOptions): boolean {
  return options.projects.length === 0 || options.projects.some((project) => project !== 'unit')
}

function startTestStack(folder: TestFolder, input: { needsServices: boolean; signal: AbortSignal }): Promise<ServiceStack> {
  const isMissing = (service: keyof typeof SERVICE_VARIABLES): boolean => input.needsServices && !process.env[SERVICE_VARIABLES[service]]
  const temporal = isMissing('temporal')
  return startServiceStack({
    root: repositoryRoot(),
    dataPath: folder.path,
    mode: MODE,
    wanted: {
      postgres: isMissing('postgres') || temporal,
      redis: isMissing('redis'),
      mqtt: isMissing('mqtt'),
      temporal,
    },
    env: process.env,
    say,
    signal: input.signal,
    onChange: folder.recordChildren,
  })
}

/** What the suites read; a service from the environment keeps its value. */
function suiteEnv(stack: ServiceStack, options: TestOptions): NodeJS.ProcessEnv {
  const { postgres, redis, mqtt, temporal } = stack.services
  const started = {
    [SERVICE_VARIABLES.postgres]: postgres?.url,
    [SERVICE_VARIABLES.redis]: redis?.url,
    [SERVICE_VARIABLES.mqtt]: mqtt?.url,
    [SERVICE_VARIABLES.temporal]: temporal?.url,
  }
  const seed = options.seed === null ? {} : { TEST_SEED: options.seed }
  const given = Object.fromEntries(
    Object.values(SERVICE_VARIABLES).flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  )
  return {
    ...process.env,
    NODE_ENV: 'test',
    PARKING_PREPARED: 'true',
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent',
    ...started,
    ...given,
    ...seed,
  }
}

function count(totals: Totals, results: readonly StepResult[]): void {
  for (const result of results) totals[result.passed ? 'passed' : 'failed'] += 1
}

function countJest(totals: Totals, jest: JestCount, requireAll: boolean): void {
  totals.passed += jest.passed
  totals.failed += jest.failed + (requireAll ? jest.skipped : 0)
  if (jest.skipped > 0) say(`${jest.skipped} tests skipped, each with its reason in reports/junit.xml`)
}

function inside(folder: TestFolder, name: string): string {
  const path = join(folder.path, name)
  mkdirSync(path, { recursive: true })
  return path
}

/** Reports of two runs at once never mix: each is written apart and copied whole. */
function keepReports(folder: TestFolder): void {
  const from = join(folder.path, 'reports')
  if (existsSync(from)) cpSync(from, join(repositoryRoot(), 'reports'), { recursive: true })
}

/** The plain line is the very last; whoever reads only that knows. */
function finish(totals: Totals, isInterrupted: boolean): void {
  if (isInterrupted) say('interrupted')
  console.log(`${totals.passed} passed, ${totals.failed} failed`)
  if (isInterrupted) process.exitCode = EXIT.interrupted
  else process.exitCode = totals.failed > 0 || totals.passed === 0 ? EXIT.failed : EXIT.ok
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

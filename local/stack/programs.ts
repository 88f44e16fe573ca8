/** The product's own processes, as children of the local stack (D-02, OPS-014). */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Launch } from '../child'
import { LocalError } from '../errors'
import type { StartContext } from '../services/service'
import { isEnabled } from '../variables'
import { apiEnvironment, listenerEnvironment, simulatorEnvironment, workerEnvironment, type ProductInput } from './product-environment'

interface Program {
  readonly name: string
  /** Below the repository. */
  readonly entry: string
  readonly environment: (input: ProductInput) => NodeJS.ProcessEnv
  readonly stopTimeoutMs: number
}

/** In the order of their start: the api last, so that *ready* means that all are on their way. */
const SERVING: readonly Program[] = [
  { name: 'worker', entry: 'dist/temporal/worker.js', environment: workerEnvironment, stopTimeoutMs: 7_000 },
  { name: 'listener', entry: 'dist/api/listener.js', environment: listenerEnvironment, stopTimeoutMs: 6_000 },
  { name: 'api', entry: 'dist/api/main.js', environment: apiEnvironment, stopTimeoutMs: 6_000 },
]

const SIMULATOR_ENTRY = 'dist/simulator/network-server/main.js'

export interface ProgramOptions {
  /** Restart a program whenever one of its files was built anew. */
  readonly watch: boolean
}

/** Throws LocalError when a program is not built. */
export function programLaunches(input: ProductInput, context: StartContext, options: ProgramOptions): Launch[] {
  const simulator: Program = {
    name: 'simulator',
    entry: SIMULATOR_ENTRY,
    environment: (product) => simulatorEnvironment(product, worldFile(context)),
    stopTimeoutMs: 3_000,
  }
  const simulated = input.endpoints.simulatorControlPort !== null && isEnabled(context.env, 'SIMULATOR_ENABLED')
  const programs = simulated ? [simulator, ...SERVING] : SERVING
  return programs.map((program) => launchOf(program, { input, context, options }))
}

/** Who exists on the simulated network server before the first call. */
export function worldFile(context: StartContext): string {
  return join(context.data.simulator, 'world.json')
}

function launchOf(program: Program, given: { input: ProductInput; context: StartContext; options: ProgramOptions }): Launch {
  const { input, context, options } = given
  const entry = join(context.root, program.entry)
  if (!existsSync(entry)) throw new LocalError(`${program.entry} is not built; run \`npm run build\``)
  return {
    name: program.name,
    command: process.execPath,
    args: [...(options.watch ? ['--watch', '--watch-preserve-output'] : []), '--enable-source-maps', entry],
    cwd: context.root,
    env: program.environment(input),
    logFile: join(context.data.logs, `${program.name}.log`),
    account: null,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: program.stopTimeoutMs,
  }
}

/** What must be done once between the services and the programs: schema, Temporal's namespace, demo data, the simulated world. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LocalError } from '../errors'
import { runCommand } from '../run-command'
import type { StartContext } from '../services/service'
import { isEnabled, readVariable, withVariables } from '../variables'
import { commandEnvironment, type ProductInput } from './product-environment'
import { worldFile } from './programs'

interface SetUpStep {
  readonly title: string
  /** Below the repository; each is safe to run again. */
  readonly entry: string
  readonly isWanted: (env: NodeJS.ProcessEnv) => boolean
}

const always = (): boolean => true
const wantsDemo = (env: NodeJS.ProcessEnv): boolean => isEnabled(env, 'DEMO_DATA')

const STEPS: readonly SetUpStep[] = [
  { title: 'database schema', entry: 'dist/scripts/db-migrate.js', isWanted: always },
  { title: 'Temporal namespace and search attributes', entry: 'dist/scripts/temporal-setup.js', isWanted: always },
  { title: 'demo data', entry: 'dist/scripts/db-seed.js', isWanted: wantsDemo },
  { title: 'simulated world', entry: 'dist/scripts/sim-world.js', isWanted: (env) => !readVariable(env, 'CHIRPSTACK_URL') },
]

/** Throws LocalError with the last words of the step that failed. */
export async function setUp(input: ProductInput, context: StartContext): Promise<void> {
  const env = withVariables(commandEnvironment(input), { SIM_WORLD: worldFile(context) })
  for (const step of STEPS) {
    const entry = join(context.root, step.entry)
    if (!step.isWanted(context.env) || !existsSync(entry)) continue
    const start = Date.now()
    const { code, output } = await runCommand(process.execPath, [entry], { cwd: context.root, env, signal: context.signal })
    writeFileSync(join(context.data.logs, 'set-up.log'), `# ${step.title}\n${output}\n`, { flag: 'a' })
    if (code !== 0) throw new LocalError(`${step.title} failed:\n${output.trim().slice(-2_000)}`)
    context.say(`${step.title} done after ${((Date.now() - start) / 1000).toFixed(1)} s`)
  }
}

/** The options of `npm test`. */

export interface TestOptions {
  /** Whether the steps of `npm run check` run first. */
  readonly check: boolean
  /** Jest projects; all when empty. */
  readonly projects: readonly string[]
  readonly requireAll: boolean
  readonly seed: string | null
  /** Passed on: path patterns. */
  readonly jestArgs: readonly string[]
}

export const TEST_HELP = `npm test -- [options] [path patterns]

Starts PostgreSQL, Redis, the MQTT broker and Temporal on free ports and in a temporary folder, runs the checks and every
suite, and removes everything again. A service whose TEST_… variable is set is used as it is.

  --no-check        leave out the steps of \`npm run check\`
  --project <name>  run one Jest project only (may be repeated)
  --require-all     count what cannot run here as a failure
  --seed <n>        the seed of random tests
  --help            this text`

export function parseTestOptions(args: readonly string[]): TestOptions | 'help' {
  const rest = [...args]
  const projects: string[] = []
  const jestArgs: string[] = []
  const options = { check: true, requireAll: false, seed: null as string | null }
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--help') return 'help'
    else if (word === '--no-check') options.check = false
    else if (word === '--require-all') options.requireAll = true
    else if (word === '--project') projects.push(rest.shift() ?? '')
    else if (word === '--seed') options.seed = rest.shift() ?? null
    else jestArgs.push(word)
  }
  return { ...options, projects, jestArgs }
}

/** The options of `npm test`. */

export interface TestOptions {
  /** Whether the steps of `npm run check` run first. */
  readonly check: boolean
  /** Jest projects; all when empty. */
  readonly projects: readonly string[]
  readonly requireAll: boolean
  readonly seed: string | null
  readonly coverage: boolean
  /** Only test files whose path matches one of them. */
  readonly patterns: readonly string[]
}

export const TEST_HELP = `npm test -- [options] [path patterns]

Starts PostgreSQL, Redis, the MQTT broker and Temporal on free ports and in a temporary folder, runs the checks and every
suite, and removes everything again. A service whose TEST_… variable is set is used as it is.

  --no-check        leave out the steps of \`npm run check\`
  --project <name>  run one Jest project only (may be repeated)
  --require-all     count what cannot run here as a failure
  --seed <n>        the seed of random tests
  --coverage        write reports/coverage/ (slower)
  --help            this text`

export function parseTestOptions(args: readonly string[]): TestOptions | 'help' {
  const rest = [...args]
  const projects: string[] = []
  const patterns: string[] = []
  const options = { check: true, requireAll: false, seed: null as string | null, coverage: false }
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--help') return 'help'
    else if (word === '--no-check') options.check = false
    else if (word === '--coverage') options.coverage = true
    else if (word === '--require-all') options.requireAll = true
    else if (word === '--project') projects.push(rest.shift() ?? '')
    else if (word === '--seed') options.seed = rest.shift() ?? null
    else patterns.push(word)
  }
  return { ...options, projects, patterns }
}

/** What `npm run check` looks at: types, lint, boundaries, format, generated files, ids in the documents. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Step } from './step'

interface CheckRow {
  readonly name: string
  /** Path below the repository of the script that Node runs. */
  readonly script: string
  readonly args: readonly string[]
  /** The file that says how; without it the step is skipped. */
  readonly needs: string
  /** Environment variable without which it cannot run. */
  readonly variable?: string
}

const CHECKS: readonly CheckRow[] = [
  { name: 'types', script: 'node_modules/typescript/bin/tsc', args: ['-p', 'tsconfig.json', '--noEmit'], needs: 'tsconfig.json' },
  {
    name: 'types of the console',
    script: 'node_modules/vue-tsc/bin/vue-tsc.js',
    args: ['--noEmit', '-p', 'web'],
    needs: 'web/tsconfig.json',
  },
  { name: 'lint', script: 'node_modules/eslint/bin/eslint.js', args: ['.', '--max-warnings', '0'], needs: 'eslint.config.mjs' },
  {
    name: 'boundaries',
    script: 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    args: ['--config', '.dependency-cruiser.cjs', '.'],
    needs: '.dependency-cruiser.cjs',
  },
  {
    name: 'format',
    script: 'node_modules/prettier/bin/prettier.cjs',
    args: ['--check', '--log-level', 'warn', '.'],
    needs: '.prettierrc.json',
  },
  { name: 'openapi.json is current', script: 'dist/scripts/openapi.js', args: ['--check'], needs: 'dist/scripts/openapi.js' },
  {
    name: 'schema.sql is current',
    script: 'dist/scripts/db-dump.js',
    args: ['--check'],
    needs: 'dist/scripts/db-dump.js',
    variable: 'DATABASE_OWNER_URL',
  },
  { name: 'ids in the documents', script: 'dist/scripts/check-ids.js', args: [], needs: 'dist/scripts/check-ids.js' },
]

export function checkSteps(root: string, env: NodeJS.ProcessEnv): Step[] {
  return CHECKS.map((row) => ({
    name: row.name,
    command: process.execPath,
    args: [join(root, row.script), ...row.args],
    skip: reasonToSkip(row, root, env),
  }))
}

function reasonToSkip(row: CheckRow, root: string, env: NodeJS.ProcessEnv): string | null {
  if (!existsSync(join(root, row.needs))) return `${row.needs} is not there`
  if (row.variable && !env[row.variable]) return `${row.variable} is not set (npm test sets it, and so does a running stack)`
  return null
}

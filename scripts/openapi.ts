/** Writes openapi.json from the contract; with `--check` compares instead (H-82). */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createOpenApi } from '#contract/openapi'
import { OPERATIONS } from '#contract/operations'
import { readBuildVersion } from '#runtime/version'

const FILE = join(process.cwd(), 'openapi.json')
const made = `${JSON.stringify(createOpenApi(OPERATIONS, { version: readBuildVersion().version }), null, 1)}\n`

if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') !== made) {
    process.stderr.write('openapi.json differs from the contract: run `npm run openapi`\n')
    process.exitCode = 1
  }
} else {
  writeFileSync(FILE, made)
  process.stdout.write(`${FILE}\n`)
}

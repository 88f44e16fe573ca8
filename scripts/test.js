/** `npm test`: every suite, with all that it needs (OPS-025, Q-RUN-01). */
'use strict'

const { existsSync } = require('node:fs')
const { join } = require('node:path')
const { ROOT, prepare } = require('./lib/prepare')

const prepared = prepare()
const command = join(ROOT, 'dist', 'local', 'commands', 'test.js')
if (prepared.some((step) => step.name === 'install' && !step.passed) || !existsSync(command)) {
  console.log(`0 passed, ${prepared.filter((step) => !step.passed).length} failed`)
  process.exit(1)
}
require(command).main(process.argv.slice(2), prepared)

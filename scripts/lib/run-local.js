/** Runs a command of the room `local`. */
'use strict'

const { existsSync } = require('node:fs')
const { join } = require('node:path')
const { ROOT, prepare } = require('./prepare')

/**
 * Builds only when the command itself is not there: a stop or a look must not change the files of what runs.
 * `current`: the command is about the tree, so the build must be the tree's; a failed build is one of its results.
 */
function runLocal(name, { current = false } = {}) {
  const file = join(ROOT, 'dist', 'local', 'commands', `${name}.js`)
  const prepared = current || !existsSync(file) ? prepare() : []
  if (prepared.some((step) => step.name === 'install' && !step.passed) || !existsSync(file)) {
    console.error(`npm run ${name} could not be prepared; see above.`)
    process.exit(1)
  }
  require(file).main(process.argv.slice(2), prepared)
}

module.exports = { runLocal }

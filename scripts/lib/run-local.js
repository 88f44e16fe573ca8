/** Runs a command of the room `local`, built when it is stale; a failed build elsewhere does not keep it from working. */
'use strict'

const { existsSync } = require('node:fs')
const { join } = require('node:path')
const { ROOT, prepare } = require('./prepare')

function runLocal(name) {
  const prepared = prepare()
  const file = join(ROOT, 'dist', 'local', 'commands', `${name}.js`)
  if (prepared.some((step) => step.name === 'install' && !step.passed) || !existsSync(file)) {
    console.error(`npm run ${name} could not be prepared; see above.`)
    process.exit(1)
  }
  require(file).main(process.argv.slice(2), prepared)
}

module.exports = { runLocal }

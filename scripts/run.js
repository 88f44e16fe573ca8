/** `npm run <command>` of a room: `run.js <name> …` runs the built `scripts/<name>.ts` against the running stack. */
'use strict'

const { join } = require('node:path')
const { ROOT, prepareOrExit } = require('./lib/prepare')

const [name, ...args] = process.argv.slice(2)
prepareOrExit()
require(join(ROOT, 'dist', 'local', 'commands', 'room-command.js')).main(name, args)

/** `npm start`: the whole platform on this machine (OPS-001). */
'use strict'

const startedAt = Date.now()
const { join } = require('node:path')
const { ROOT, prepareOrExit } = require('./lib/prepare')

prepareOrExit()
require(join(ROOT, 'dist', 'local', 'commands', 'start.js')).main(process.argv.slice(2), startedAt)

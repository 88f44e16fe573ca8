/** `npm run dev`: like `npm start`, but builds on every change and restarts the process whose files changed. */
'use strict'

const { spawn } = require('node:child_process')
const { join } = require('node:path')
const { ROOT, prepareOrExit } = require('./lib/prepare')

const startedAt = Date.now()
const args = process.argv.slice(2)
prepareOrExit()
if (!args.includes('--help')) watchCompiler()
require(join(ROOT, 'dist', 'local', 'commands', 'start.js')).main(['--watch', ...args], startedAt)

/** Ends with this process: it shares its terminal and is told to stop when we are. */
function watchCompiler() {
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
  const compiler = spawn(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
  })
  process.on('exit', () => compiler.kill())
}

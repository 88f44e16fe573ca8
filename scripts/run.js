/** `npm run <command>` of a room: runs the built script of `lib/room-commands.js` against the running stack. */
'use strict'

const { join } = require('node:path')
const { ROOT, prepareOrExit } = require('./lib/prepare')
const { ROOM_COMMANDS } = require('./lib/room-commands')

const [name, ...args] = process.argv.slice(2)
const command = ROOM_COMMANDS[name]
if (!command) {
  console.error(`unknown command ${name}; there are ${Object.keys(ROOM_COMMANDS).join(', ')}`)
  process.exitCode = 1
} else if (args.includes('--help')) {
  console.log(command.help)
} else {
  prepareOrExit()
  require(join(ROOT, 'dist', 'local', 'commands', 'room-command.js')).main(command.script, args)
}

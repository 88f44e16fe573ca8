/** `npm run check`: see `--help` (house § 11). */
'use strict'

require('./lib/run-local').runLocal('check', { current: true })

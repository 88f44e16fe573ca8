/** `npm run status`: see `--help` (OPS-002). */
'use strict'

require('./lib/run-local').runLocal('status')

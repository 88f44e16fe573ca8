/** `npm run build`: everything anew (dist, workflow bundle, console). */
'use strict'

if (process.argv.includes('--help'))
  console.log('npm run build\n\nBuilds dist/, the workflow bundle and the console, whether or not they are stale.')
else require('./lib/prepare').prepareOrExit({ force: true })

/** `histories:record`: plays every scenario on the running workflow service and keeps the histories that are new (Q-WFE-01). */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const HELP = `npm run histories:record [-- --release 6.1.0]

Plays every scenario of every workflow type on the Temporal server at TEMPORAL_ADDRESS and writes
workflows/<type>/histories/<release>/<scenario>.json. Files that exist are never changed.`

const ROOT = join(__dirname, '..', '..')

function releaseOf(args: readonly string[]): string {
  const given = args[args.indexOf('--release') + 1]
  if (args.includes('--release') && given !== undefined) return given
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string } // our own file
  return version
}

function main(args: readonly string[], environment: NodeJS.ProcessEnv): number {
  const address = environment['TEMPORAL_ADDRESS']
  if (!address) throw new Error('TEMPORAL_ADDRESS is not set')
  const unused = 'none://scenarios-touch-workflows-alone'
  const { status } = spawnSync('npx', ['jest', '--selectProjects', 'int', '--', 'test/temporal/scenarios'], {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      TEST_DATABASE_ADMIN_URL: unused,
      TEST_REDIS_URL: unused,
      TEST_MQTT_URL: unused,
      ...environment,
      TEST_TEMPORAL_ADDRESS: address,
      RECORD_HISTORIES: releaseOf(args),
    },
  })
  return status ?? 1
}

if (process.argv.includes('--help')) console.log(HELP)
else process.exitCode = main(process.argv.slice(2), process.env)

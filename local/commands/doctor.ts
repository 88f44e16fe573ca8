/** `npm run doctor`: each tool and service, found where and in which version, or what to do (OPS-002). */
import { dataFolderPath } from '../data-folder'
import { EXIT } from '../errors'
import { findOnPath } from '../find-tool'
import { isPortFree } from '../ports'
import { repositoryRoot } from '../repository'
import { runCommand } from '../run-command'
import { findMosquitto } from '../services/mosquitto'
import { findPostgres } from '../services/postgres-binaries'
import { findRedis } from '../services/redis'
import type { FindContext, Search } from '../services/service'
import { findTemporal } from '../services/temporal-binaries'
import { findContext } from '../stack/service-stack'
import { readVariable } from '../variables'
import { runAsCommand } from './command'

const HELP = `npm run doctor

Looks for everything that npm start and npm test need, and says where it was found or what to do. Changes nothing. Exits 1
when something is missing.`

type Verdict = { readonly ok: boolean; readonly text: string }
interface Row {
  readonly name: string
  readonly look: (context: FindContext) => Verdict | Promise<Verdict>
}

const ROWS: readonly Row[] = [
  { name: 'Node', look: () => ({ ok: true, text: process.versions.node }) },
  { name: 'PostgreSQL', look: (context) => service(context, 'DATABASE_URL', findPostgres) },
  { name: 'Redis', look: (context) => service(context, 'REDIS_URL', findRedis) },
  { name: 'MQTT broker', look: (context) => service(context, 'MQTT_URL', findMosquitto) },
  { name: 'Temporal', look: (context) => service(context, 'TEMPORAL_ADDRESS', findTemporal) },
  { name: 'Go', look: goVersion },
  { name: 'Chromium', look: chromium },
  { name: 'front port', look: frontPort },
  { name: 'data folder', look: (context) => ({ ok: true, text: dataFolderPath(context.env, context.root) }) },
  { name: 'tool cache', look: (context) => ({ ok: true, text: context.cache }) },
]

const NAME_WIDTH = 12

export function main(args: readonly string[]): Promise<void> {
  return runAsCommand({ help: HELP, run: doctor }, args)
}

async function doctor(): Promise<number> {
  const signal = new AbortController().signal
  const context = findContext({ root: repositoryRoot(), env: process.env, say: console.log, signal })
  let healthy = true
  for (const { name, look } of ROWS) {
    const { ok, text } = await look(context)
    healthy &&= ok
    console.log(`${ok ? 'ok  ' : 'MISS'} ${name.padEnd(NAME_WIDTH)} ${text}`)
  }
  return healthy ? EXIT.ok : EXIT.failed
}

function service(
  context: FindContext,
  variable: string,
  find: (context: FindContext) => Search<{ readonly version: string }>,
): Promise<Verdict> {
  if (readVariable(context.env, variable)) return Promise.resolve({ ok: true, text: `${variable} of the environment` })
  return describe(find(context))
}

/** Only what is already there is asked for its version; what would be installed or built is named. */
async function describe(search: Search<{ readonly version: string }>): Promise<Verdict> {
  if ('missing' in search) return { ok: false, text: search.missing }
  const { source, obtain, isThere } = search.found
  return { ok: true, text: isThere ? `${(await obtain()).version} (${source})` : `will be obtained once: ${source}` }
}

async function goVersion({ env }: FindContext): Promise<Verdict> {
  const go = findOnPath(['go'], env)
  if (!go) return { ok: true, text: 'not found; needed only to build Temporal once' }
  return { ok: true, text: `${(await runCommand(go, ['version'])).output.trim()} (${go})` }
}

function chromium({ env }: FindContext): Verdict {
  const path = env['CHROMIUM_PATH'] ?? findOnPath(['chromium', 'chromium-browser', 'google-chrome'], env)
  return { ok: true, text: path ?? 'not found; tests in a browser are skipped without it' }
}

async function frontPort({ env }: FindContext): Promise<Verdict> {
  const port = Number(env['PORT'] ?? 8_000)
  const free = await isPortFree(port)
  return { ok: true, text: free ? `${port} is free` : `${port} is taken (by the running stack?); set PORT to use another` }
}

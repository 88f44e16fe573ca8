/** `npm start`: the whole platform with all that it needs, until Ctrl+C (OPS-001 to OPS-006). */
import { rmSync } from 'node:fs'
import { dataFolderPath, openDataFolder, type DataFolder } from '../data-folder'
import { EXIT, LocalError } from '../errors'
import { listenForInterruption, type Interruption } from '../interruption'
import { isAlive } from '../process-identity'
import { repositoryRoot } from '../repository'
import { claimRunFile, readRunFile, writeRunFile, type RunRecord } from '../run-file'
import { banner, readyLine, type Ready } from '../stack/banner'
import { findTools } from '../stack/obtain'
import { clearTheWay, failWhenGivenUp, startPrograms, wantedServices } from '../stack/platform'
import type { Front } from '../stack/product-environment'
import { findContext, startServiceStack, type ServiceStack } from '../stack/service-stack'
import type { ChildRecord } from '../supervisor'
import { isEnabled } from '../variables'
import { runAsCommand } from './command'

const HELP = `npm start -- [options]

Starts PostgreSQL, Redis, the MQTT broker, Temporal, the simulated network server and the platform, each unless the
environment names another (DATABASE_URL, REDIS_URL, MQTT_URL, TEMPORAL_ADDRESS, CHIRPSTACK_URL). Data in PARKING_DATA_DIR
(.data), everything on PORT (8000).

  --json            one JSON line on stdout when ready, everything else on stderr
  --services-only   the services and the database, but none of the platform's processes
  --watch           restart a process when its files are built anew (npm run dev)
  --help            this text

Exit codes: 0 stopped in order · 1 failed · 2 front port taken · 3 already running · 4 a service cannot be obtained`

const DEFAULT_PORT = 8_000
const DEFAULT_DEMO_PASSWORD = 'Parking-demo-1'

interface StartOptions {
  readonly json: boolean
  readonly servicesOnly: boolean
  readonly watch: boolean
}

export function main(args: readonly string[], startedAt: number): Promise<void> {
  return runAsCommand({ help: HELP, run: () => start(parse(args), startedAt) }, args)
}

function parse(args: readonly string[]): StartOptions {
  return { json: args.includes('--json'), servicesOnly: args.includes('--services-only'), watch: args.includes('--watch') }
}

async function start(options: StartOptions, startedAt: number): Promise<number> {
  const root = repositoryRoot()
  const front = frontOf(process.env)
  const data = dataFolderPath(process.env, root)
  let stack: ServiceStack | null = null
  const interruption = listenForInterruption(() => {
    stack?.supervisor.killAll()
    process.exit(EXIT.interrupted)
  })
  const folder = await takeFolder({ path: data, root, front, interruption })
  const keep = recordKeeper(folder)
  try {
    const wanted = wantedServices(process.env)
    const { signal } = interruption
    stack = await startServiceStack({ root, dataPath: data, mode: 'local', wanted, env: process.env, say, signal, onChange: keep })
    const record = await startPrograms({ stack, front, interruption, options, record: currentRecord(folder) })
    announce({ record, dataPath: data, readyMs: Date.now() - startedAt, demoPassword: demoPassword() }, options)
    await Promise.race([interruption.interrupted, failWhenGivenUp(stack)])
  } catch (error) {
    if (!interruption.signal.aborted) throw error // an interrupted start is a stop, not a failure
  } finally {
    await stopEverything(stack, folder)
    interruption.dispose()
  }
  return EXIT.ok
}

/** Refuses before anything is touched: a stack already runs, or something cannot be had. */
async function takeFolder(input: { path: string; root: string; front: Front; interruption: Interruption }): Promise<DataFolder> {
  const running = readRunFile(`${input.path}/run.json`)
  if (running && isAlive(running.supervisor)) throw alreadyRunning(running)
  findTools(wantedServices(process.env), findContext({ root: input.root, env: process.env, say, signal: input.interruption.signal }))
  const folder = openDataFolder(input.path)
  const claim = claimRunFile(folder.runFile, input.front.url)
  if (!claim.claimed) throw alreadyRunning(claim.running)
  try {
    await clearTheWay(claim, input.front, say)
  } catch (error) {
    rmSync(folder.runFile, { force: true })
    throw error
  }
  return folder
}

function alreadyRunning(record: RunRecord): LocalError {
  return new LocalError(
    `already running at ${record.url} (process ${record.supervisor.pid}); \`npm run stop\` ends it`,
    EXIT.alreadyRunning,
  )
}

async function stopEverything(stack: ServiceStack | null, folder: DataFolder): Promise<void> {
  const start = Date.now()
  const record = readRunFile(folder.runFile)
  if (record) writeRunFile(folder.runFile, { ...record, state: 'stopping' })
  await stack?.stop()
  rmSync(folder.runFile, { force: true })
  if (stack) say(`stopped after ${((Date.now() - start) / 1000).toFixed(1)} s`)
}

/** After each start and end of a child `run.json` says which run. */
function recordKeeper(folder: DataFolder): (processes: readonly ChildRecord[]) => void {
  return (processes) => {
    const record = readRunFile(folder.runFile)
    if (record) writeRunFile(folder.runFile, { ...record, processes })
  }
}

function currentRecord(folder: DataFolder): RunRecord {
  const record = readRunFile(folder.runFile)
  if (!record) throw new LocalError(`${folder.runFile} was deleted while starting`)
  return record
}

function announce(ready: Ready, options: StartOptions): void {
  if (options.json) console.log(readyLine(ready))
  else console.log(banner(ready))
}

function demoPassword(): string | null {
  return isEnabled(process.env, 'DEMO_DATA') ? (process.env['DEMO_PASSWORD'] ?? DEFAULT_DEMO_PASSWORD) : null
}

function frontOf(env: NodeJS.ProcessEnv): Front {
  const port = Number(env['PORT'] ?? DEFAULT_PORT)
  if (!Number.isInteger(port) || port < 1) throw new LocalError(`PORT=${env['PORT']} is no port number`)
  const host = env['HOST'] ?? '127.0.0.1'
  return { host, port, url: env['PUBLIC_URL'] ?? `http://localhost:${port}` }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Starts the whole platform as a user does, on ports and folders of its own, for suites that cross every room (OPS-025). */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const ROOT = join(__dirname, '..', '..')
const READY_LIMIT_MS = 180_000
const STOP_LIMIT_MS = 30_000
const SHARED = new Set([
  'DATABASE_URL',
  'DATABASE_OWNER_URL',
  'REDIS_URL',
  'MQTT_URL',
  'TEMPORAL_ADDRESS',
  'CHIRPSTACK_URL',
  'NODE_OPTIONS',
])

export interface Stack {
  readonly url: string
  readonly dataDir: string
  readonly readyMs: number
  /** URL of a backing service by its name in the ready line (`postgresql`, `redis`, `mqtt`, `temporal`, …), credentials included. */
  service(name: string): string
  /** What `run.json` says now: services, programs and their pids. */
  runState(): RunState
  stop(): Promise<number | null>
}

export interface RunState {
  readonly processes: readonly { readonly name: string; readonly pid: number }[]
  readonly [key: string]: unknown
}

interface ReadyLine {
  readonly url: string
  readonly services: readonly { readonly name: string; readonly url: string }[]
  readonly ready_ms: number
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

/** The test's own environment without the variables of the suite's shared services, and `environment` laid over it. */
export async function startStack(environment: Readonly<Record<string, string>> = {}): Promise<Stack> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parking-stack-'))
  const port = await freePort()
  const inherited = Object.entries(process.env).filter(([name]) => !SHARED.has(name))
  const env = {
    ...Object.fromEntries(inherited),
    NODE_ENV: 'test',
    PORT: String(port),
    PUBLIC_URL: `http://localhost:${port}`,
    PARKING_DATA_DIR: dataDir,
    ...environment,
  }
  const child = spawn(process.execPath, [join(ROOT, 'scripts', 'start.js'), '--json'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ready = await waitUntilReady(child).catch((error: unknown) => {
    rmSync(dataDir, { recursive: true, force: true })
    throw error
  })
  return {
    url: ready.url,
    dataDir,
    readyMs: ready.ready_ms,
    service: (name) => findService(ready, name),
    runState: () => JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as RunState,
    stop: () => stopStack(child, dataDir),
  }
}

function findService(ready: ReadyLine, name: string): string {
  const found = ready.services.find((service) => service.name === name)
  if (found === undefined) throw new Error(`no service ${name} among ${ready.services.map((service) => service.name).join(', ')}`)
  return found.url
}

/** Keeps what the start says, so that a failure shows it. */
function waitUntilReady(child: ChildProcess): Promise<ReadyLine> {
  return new Promise((resolve, reject) => {
    const said: string[] = []
    const fail = (reason: string) => reject(new Error(`${reason}\n${said.slice(-40).join('\n')}`))
    const limit = setTimeout(() => {
      child.kill('SIGKILL')
      fail(`the stack was not ready in ${READY_LIMIT_MS / 1000} s`)
    }, READY_LIMIT_MS)
    child.once('exit', (code) => fail(`the stack ended with ${code}`))
    const hear = (line: string) => {
      said.push(line)
      if (!line.startsWith('{"url"')) return
      clearTimeout(limit)
      child.removeAllListeners('exit')
      resolve(JSON.parse(line) as ReadyLine)
    }
    if (child.stdout) createInterface({ input: child.stdout }).on('line', hear)
    if (child.stderr) createInterface({ input: child.stderr }).on('line', (line) => said.push(line))
  })
}

/** Exit code of the supervisor; its folder goes with it. */
async function stopStack(child: ChildProcess, dataDir: string): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  if (child.exitCode === null) child.kill('SIGTERM')
  else return child.exitCode
  const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
  const code = await ended
  clearTimeout(limit)
  rmSync(dataDir, { recursive: true, force: true })
  return code
}

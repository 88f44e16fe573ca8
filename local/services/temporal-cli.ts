/** Temporal without its own server program: the command-line tool's `server start-dev` with a database file (OPS-013, where there is no Go). */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { findOnPath, isExecutable } from '../find-tool'
import type { ServiceInfo } from '../run-file'
import { waitFor } from '../wait-for'
import { isServing, WORKFLOW_SERVICE } from './grpc-health'
import { LOOPBACK, type FindContext, type Search, type StartContext } from './service'

export interface TemporalCli {
  readonly kind: 'cli'
  readonly cli: string
  readonly source: string
  /** Of the server inside. */
  readonly version: string
}

const OLDEST_SERVER = { major: 1, minor: 32 } as const
const READY_TIMEOUT_MS = 60_000

/** `TEMPORAL_CLI_PATH`, else `temporal` on PATH; its server must be able to skip workflow time. */
export function findTemporalCli(context: FindContext): Search<TemporalCli> {
  const named = context.env['TEMPORAL_CLI_PATH']
  const cli = named ? (isExecutable(named) ? named : null) : findOnPath(['temporal'], context.env)
  if (!cli) return { missing: named ? `TEMPORAL_CLI_PATH=${named} cannot be run` : 'no `temporal` on PATH' }
  const version = serverVersion(tellVersion(cli))
  if (!version) return { missing: `${cli} does not tell its server's version` }
  if (!isNewEnough(version)) return { missing: `${cli} has server ${version}, ${OLDEST_SERVER.major}.${OLDEST_SERVER.minor} is needed` }
  const tool = { kind: 'cli', cli, version, source: `${named ? 'TEMPORAL_CLI_PATH' : cli}, server start-dev` } as const
  return { found: { source: tool.source, isThere: true, obtain: () => Promise.resolve(tool) } }
}

/** Out of `temporal version 1.9.1 (Server 1.32.0, UI 2.55.0)`. */
export function serverVersion(output: string): string | null {
  return /Server (\d+\.\d+\.\d+)/i.exec(output)?.[1] ?? null
}

export interface TemporalServices {
  readonly temporal: ServiceInfo
  readonly temporalUi: ServiceInfo
}

/** Server and UI in one process. Resolves with both when the frontend serves. */
export async function startTemporalCli(tool: TemporalCli, context: StartContext): Promise<TemporalServices> {
  const { data, ports, supervisor, signal } = context
  supervisor.run({
    name: 'temporal',
    command: tool.cli,
    args: startArgs(context),
    cwd: data.temporal,
    env: { PATH: context.env['PATH'], HOME: data.temporal, TZ: 'UTC' }, // no configuration of the user's own
    logFile: join(data.logs, 'temporal.log'),
    account: null,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 6_000,
  })
  const address = `${LOOPBACK}:${ports.temporal}`
  const giveUpIf = (): void => supervisor.assertRunning('temporal')
  await waitFor(() => isServing(address, WORKFLOW_SERVICE), { what: 'Temporal', timeoutMs: READY_TIMEOUT_MS, signal, giveUpIf })
  const { source, version } = tool
  const uiUrl = `http://${LOOPBACK}:${ports.temporalUi}/temporal/`
  return {
    temporal: { name: 'temporal', url: address, source, version },
    temporalUi: { name: 'temporal-ui', url: uiUrl, source, version },
  }
}

function startArgs({ data, ports }: StartContext): string[] {
  return [
    ...['server', 'start-dev', '--log-level', 'warn', '--ip', LOOPBACK, '--port', String(ports.temporal)],
    ...['--ui-port', String(ports.temporalUi), '--ui-public-path', '/temporal'],
    ...['--db-filename', join(data.temporal, 'temporal.db')],
    ...['--dynamic-config-value', 'frontend.WorkflowTimeSkippingEnabled=true'],
    ...['--dynamic-config-value', 'system.forceSearchAttributesCacheRefreshOnRead=true'],
  ]
}

function tellVersion(cli: string): string {
  try {
    return execFileSync(cli, ['--version'], { encoding: 'utf8' })
  } catch {
    return '' // no version is no usable tool; the caller says so
  }
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > OLDEST_SERVER.major || (major === OLDEST_SERVER.major && minor >= OLDEST_SERVER.minor)
}

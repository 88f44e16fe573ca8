/** PostgreSQL of the local stack: made once, started as a child, ended with `fast` (OPS-010). */
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { giveTo } from '../account'
import { postgresFolder } from '../data-folder'
import { LocalError } from '../errors'
import { runCommand } from '../run-command'
import type { ServiceInfo } from '../run-file'
import { writeOwnerOnly } from '../secrets'
import { waitFor } from '../wait-for'
import type { PostgresTool } from './postgres-binaries'
import { LOOPBACK, type StackMode, type StartContext } from './service'

const READY_TIMEOUT_MS = 60_000 // recovery after a crash may take a while
const CONNECT_TIMEOUT_MS = 2_000

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: LOOPBACK,
  unix_socket_directories: '', // loopback only, and no folder to clean up
  shared_buffers: '128MB',
  max_connections: '200',
  max_wal_size: '1GB',
  wal_level: 'replica',
  idle_in_transaction_session_timeout: '30s',
  log_min_duration_statement: '500',
  log_timezone: 'UTC',
  timezone: 'UTC',
  shared_preload_libraries: 'pg_stat_statements',
}
/** A test's database need not survive a power cut, and many are open at once. */
const TEST_SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '400',
  log_min_duration_statement: '-1',
}

/** Resolves when it takes connections. Its URL is the superuser's, on database `postgres`. */
export async function startPostgres(tool: PostgresTool, context: StartContext): Promise<ServiceInfo> {
  const { data, ports, secrets, supervisor, signal, account, mode } = context
  const folder = join(postgresFolder(data, account), 'data')
  if (!existsSync(join(folder, 'PG_VERSION'))) await initialise(tool, folder, context)
  assertSameMajor(tool, folder)
  supervisor.run({
    name: 'postgres',
    command: join(tool.home, 'bin', 'postgres'),
    args: ['-D', folder, '-p', String(ports.postgres), ...settingArgs(mode)],
    cwd: folder,
    env: postgresEnv(context.env),
    logFile: join(data.logs, 'postgres.log'),
    account,
    stopSignal: 'SIGINT', // "fast": ends sessions, writes a checkpoint
    stopTimeoutMs: 8_000,
  })
  const url = adminUrl(ports.postgres, secrets.postgresPassword)
  const giveUpIf = (): void => supervisor.assertRunning('postgres')
  await waitFor(() => answersQueries(url), { what: 'PostgreSQL', timeoutMs: READY_TIMEOUT_MS, signal, giveUpIf })
  return { name: 'postgresql', url, source: tool.source, version: tool.version }
}

/** Runs statements one by one on one connection, outside a transaction (`create database` wants that). */
export async function runStatements(url: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Rows of one query, untyped as the driver gives them. */
export async function queryRows(url: string, text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text, [...values])).rows
  } finally {
    await client.end()
  }
}

async function answersQueries(url: string): Promise<boolean> {
  await queryRows(url, 'select 1')
  return true
}

function adminUrl(port: number, password: string): string {
  return `postgres://postgres:${password}@${LOOPBACK}:${port}/postgres`
}

/** Under another name first: a folder that carries the right name is complete. */
async function initialise(tool: PostgresTool, folder: string, context: StartContext): Promise<void> {
  const draft = `${folder}.new`
  const passwordFile = `${folder}.password`
  rmSync(draft, { recursive: true, force: true })
  writeOwnerOnly(passwordFile, context.secrets.postgresPassword)
  giveTo(context.account, passwordFile)
  const args = ['-D', draft, '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '-E', 'UTF8', '--no-instructions']
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'] // the same order and case rules on every machine
  const result = await runCommand(join(tool.home, 'bin', 'initdb'), [...args, ...locale], {
    cwd: join(folder, '..'),
    env: postgresEnv(context.env),
    account: context.account,
    signal: context.signal,
  })
  rmSync(passwordFile, { force: true })
  if (result.code !== 0) throw new LocalError(`PostgreSQL: initdb failed:\n${result.output.slice(-1_000)}`)
  renameSync(draft, folder)
}

/** A folder of another major is refused with words, never converted silently (OPS-021). */
function assertSameMajor(tool: PostgresTool, folder: string): void {
  const found = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim()
  const wanted = tool.version.split('.')[0]
  if (found === wanted) return
  throw new LocalError(
    `${folder} was made by PostgreSQL ${found}, this is ${wanted}. Dump it with the old version, or delete the data folder with \`npm run reset\`.`,
  )
}

function settingArgs(mode: StackMode): string[] {
  const settings = mode === 'test' ? { ...SETTINGS, ...TEST_SETTINGS } : SETTINGS
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** Nothing of the caller's PG… variables may reach the server. */
function postgresEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { PATH: env['PATH'], LC_ALL: 'C', TZ: 'UTC' }
}

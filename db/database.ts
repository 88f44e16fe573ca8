/** The connection pool of one process: time-outs of DB-111, bounded wait, value types of the wire (Q-TRP-28, Q-TRP-32). */
import type { Logger } from '#runtime/logger'
import { Pool, types } from 'pg'

export interface DatabaseOptions {
  readonly url: string
  readonly poolMax: number
  /** How long a caller waits for a connection before `server.busy` (API-061). */
  readonly poolWaitMs: number
  readonly statementTimeoutMs: number
  readonly lockTimeoutMs: number
  readonly applicationName: string
  /** Called for errors of idle connections: the pool replaces them by itself. */
  readonly onIdleError: (error: Error) => void
}

export interface Database {
  readonly pool: Pool
  close(): Promise<void>
}

const INT8 = 20
const NUMERIC = 1700

/** bigint and numeric become numbers: every one of ours is far below 2^53 (sequence, frame counter, volts, money of 12 digits). */
const parsers = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === INT8 || oid === NUMERIC) return Number
    return types.getTypeParser(oid, format ?? 'text')
  },
}

/** A connection that breaks in use fails its query, which tells; without a listener the same error would end the process (Q-FLT-05). */
const leaveToQuery = (): void => undefined

export function createDatabase(options: DatabaseOptions): Database {
  const pool = new Pool({
    connectionString: options.url,
    max: options.poolMax,
    connectionTimeoutMillis: options.poolWaitMs,
    statement_timeout: options.statementTimeoutMs,
    lock_timeout: options.lockTimeoutMs,
    idle_in_transaction_session_timeout: 30_000,
    application_name: options.applicationName,
    keepAlive: true,
    types: parsers as never, // pg's own type wants every overload of getTypeParser
  })
  pool.on('error', options.onIdleError)
  pool.on('connect', (client) => client.on('error', leaveToQuery))
  return { pool, close: () => pool.end() }
}

/** What every process sets of its pool, by the names of its configuration (OPS § 5). */
export interface ProcessDatabaseConfig {
  readonly databaseUrl: string
  readonly databasePoolMax: number
  readonly databasePoolWaitMs: number
  readonly databaseStatementTimeoutMs: number
  readonly databaseLockTimeoutMs: number
}

/** The pool of a serving process; `process` is how the server's activity list names it. */
export function openProcessDatabase(config: ProcessDatabaseConfig, process: string, log: Pick<Logger, 'warn'>): Database {
  return createDatabase({
    url: config.databaseUrl,
    poolMax: config.databasePoolMax,
    poolWaitMs: config.databasePoolWaitMs,
    statementTimeoutMs: config.databaseStatementTimeoutMs,
    lockTimeoutMs: config.databaseLockTimeoutMs,
    applicationName: process,
    onIdleError: (error) => log.warn({ err: error }, 'idle database connection'),
  })
}

/** Makes and updates Temporal's two databases with the server's own schema tool (OPS-013, OPS-072). */
import { LocalError } from '../errors'
import { runCommand } from '../run-command'
import { queryRows, runStatements } from './postgres'
import { TEMPORAL_DATABASES, TEMPORAL_ROLE } from './temporal-config'
import type { TemporalPrograms } from './temporal-binaries'
import { LOOPBACK, type StartContext } from './service'

/** The schemas that the tool carries inside. Source: server 1.32, schema/embed.go. */
const SCHEMAS = { default: 'postgresql/v12/temporal', visibility: 'postgresql/v12/visibility' } as const
const FIRST_VERSION = '0.0'

/** Safe to repeat: an up-to-date database is left alone. The two are independent, so they are made side by side. */
export async function prepareTemporalDatabases(tool: TemporalPrograms, adminUrl: string, context: StartContext): Promise<void> {
  await ensureRole(adminUrl, context.secrets.temporalPassword)
  const present = (await queryRows(adminUrl, 'select datname from pg_database')).map((row) => row['datname'])
  for (const name of Object.values(TEMPORAL_DATABASES)) {
    if (!present.includes(name)) await runStatements(adminUrl, [`create database ${name} owner ${TEMPORAL_ROLE}`])
  }
  const kinds = ['default', 'visibility'] as const
  await Promise.all(kinds.map((kind) => updateSchema(tool, kind, { context, adminUrl })))
}

async function ensureRole(adminUrl: string, password: string): Promise<void> {
  const known = await queryRows(adminUrl, 'select 1 from pg_roles where rolname = $1', [TEMPORAL_ROLE])
  const verb = known.length > 0 ? 'alter' : 'create'
  await runStatements(adminUrl, [`${verb} role ${TEMPORAL_ROLE} login password '${password}'`]) // hex, made by us: nothing to escape
}

async function updateSchema(
  tool: TemporalPrograms,
  kind: keyof typeof SCHEMAS,
  { context, adminUrl }: { context: StartContext; adminUrl: string },
): Promise<void> {
  const database = TEMPORAL_DATABASES[kind]
  const databaseUrl = Object.assign(new URL(adminUrl), { pathname: `/${database}` }).href
  const versioned = await queryRows(databaseUrl, `select to_regclass('schema_version') as found`)
  if (versioned[0]?.['found'] === null) await runTool(tool, ['--db', database, 'setup-schema', '-v', FIRST_VERSION], context)
  await runTool(tool, ['--db', database, 'update-schema', '--schema-name', SCHEMAS[kind]], context)
}

async function runTool(tool: TemporalPrograms, args: readonly string[], context: StartContext): Promise<void> {
  const env = {
    PATH: context.env['PATH'],
    SQL_PLUGIN: 'postgres12',
    SQL_HOST: LOOPBACK,
    SQL_PORT: String(context.ports.postgres),
    SQL_USER: TEMPORAL_ROLE,
    SQL_PASSWORD: context.secrets.temporalPassword,
  }
  const result = await runCommand(tool.schema, args, { env, cwd: context.data.temporal, signal: context.signal })
  if (result.code !== 0) throw new LocalError(`Temporal's schema tool failed (${args.join(' ')}):\n${result.output.slice(-1_000)}`)
}

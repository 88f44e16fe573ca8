/** `npm run status`: what runs on this data folder, since when, with how many connections (OPS-002). */
import { dataFolderPath, describeDataFolder } from '../data-folder'
import { EXIT } from '../errors'
import { isAlive } from '../process-identity'
import { repositoryRoot } from '../repository'
import { readRunFile, type RunRecord } from '../run-file'
import { queryRows } from '../services/postgres'
import { runAsCommand } from './command'

const HELP = `npm run status

Tells each service (version, source, URL), each process (pid, since, restarts) and the database's connections of the stack
that runs on PARKING_DATA_DIR (.data). Exits 1 when none runs.`

const ANSWER_TIMEOUT_MS = 2_000

export function main(args: readonly string[]): Promise<void> {
  return runAsCommand({ help: HELP, run: status }, args)
}

async function status(): Promise<number> {
  const record = readRunFile(describeDataFolder(dataFolderPath(process.env, repositoryRoot())).runFile)
  if (!record || !isAlive(record.supervisor)) {
    console.log('nothing runs here')
    return EXIT.failed
  }
  console.log(
    `${record.state} at ${record.url}, process ${record.supervisor.pid}, since ${record.since}, health: ${await healthOf(record.url)}`,
  )
  console.log(
    table(
      ['service', 'version', 'source', 'url'],
      record.services.map(({ name, version, source, url }) => [name, version, source, url]),
    ),
  )
  console.log(table(['process', 'pid', 'state', 'since', 'restarts'], record.processes.map(processRow)))
  console.log(await connectionTable(record))
  return EXIT.ok
}

function processRow(child: RunRecord['processes'][number]): string[] {
  return [child.name, String(child.pid), isAlive(child) ? 'running' : 'ended', child.since, String(child.restarts)]
}

async function healthOf(url: string): Promise<string> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) })
    return response.ok ? 'ready' : `not ready (${response.status})`
  } catch {
    return 'no answer' // the api may be starting; the table says whether its process runs
  }
}

async function connectionTable(record: RunRecord): Promise<string> {
  const url = record.endpoints?.database.adminUrl
  if (!url) return 'connections: unknown (the database is not ours)'
  const rows = await queryRows(
    url,
    `select datname as database, usename as role, coalesce(nullif(application_name, ''), '-') as program, count(*) as open
     from pg_stat_activity where datname is not null group by 1, 2, 3 order by 1, 2, 3`,
  )
  return table(
    ['database', 'role', 'program', 'open'],
    rows.map((row) => ['database', 'role', 'program', 'open'].map((key) => String(row[key]))),
  )
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const print = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return ['', print(head), ...rows.map(print)].join('\n')
}

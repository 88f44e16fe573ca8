/** What people and programs are told when the stack is ready (OPS-003). */
import type { RunRecord } from '../run-file'

export interface Ready {
  readonly record: RunRecord
  readonly dataPath: string
  readonly readyMs: number
  readonly demoPassword: string | null
}

const DEMO_USERS = [
  'owner@acme.test',
  'admin@acme.test',
  'operator@acme.test',
  'viewer@acme.test',
  'operator@blue.test',
  'admin@platform.test',
]
const LABEL_WIDTH = 12

/** One line, `{url, pid, services:[{name,url,source}], ready_ms}`. */
export function readyLine({ record, readyMs }: Ready): string {
  const services = record.services.map(({ name, url, source }) => ({ name, url, source }))
  return JSON.stringify({ url: record.url, pid: record.supervisor.pid, services, ready_ms: readyMs })
}

export function banner(ready: Ready): string {
  const { record, dataPath, readyMs, demoPassword } = ready
  const rows: [string, string][] = [
    ...(demoPassword === null
      ? []
      : ([
          ['sign in', DEMO_USERS.join(', ')],
          ['password', demoPassword],
        ] as [string, string][])),
    ['API', `${record.url}/docs`],
    ['health', `${record.url}/health`],
    ['Temporal', `${record.url}/temporal/`],
    ['simulator', `${record.url}/dev/sim/state`],
    ['data', dataPath],
    ...record.services.map(({ name, url, source, version }): [string, string] => [name, `${url}  (${version}, ${source})`]),
  ]
  const lines = rows.map(([label, value]) => `  ${label.padEnd(LABEL_WIDTH)} ${value}`)
  return ['', `Parking is ready after ${(readyMs / 1000).toFixed(1)} s.`, ...lines, '', 'Ctrl+C stops everything.', ''].join('\n')
}

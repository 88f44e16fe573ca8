/** Recorded histories on disk: `workflows/<type>/histories/<release>/<scenario>.json`, append-only (Q-WFE-01). */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { historyFromJSON, historyToJSON, type History } from '@temporalio/common/lib/proto-utils'

const WORKFLOWS = join(__dirname, '..', '..', 'workflows')

export interface RecordedHistory {
  readonly workflow: string
  readonly release: string
  readonly scenario: string
  readonly history: History
}

export function readHistories(): RecordedHistory[] {
  return readdirSync(WORKFLOWS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(WORKFLOWS, entry.name, 'histories')))
    .flatMap(({ name: workflow }) =>
      readdirSync(join(WORKFLOWS, workflow, 'histories')).flatMap((release) => readRelease(workflow, release)),
    )
}

function readRelease(workflow: string, release: string): RecordedHistory[] {
  const folder = join(WORKFLOWS, workflow, 'histories', release)
  return readdirSync(folder).map((file) => ({
    workflow,
    release,
    scenario: file.replace(/\.json$/, ''),
    history: historyFromJSON(JSON.parse(readFileSync(join(folder, file), 'utf8'))),
  }))
}

/** Whose machine recorded it is nobody's business; what replays must stay, ids made from the run's own seed included. */
function normalise(text: string): string {
  return text.replace(/"identity": ?"[^"]*"/g, '"identity": "recorder"').replace(/test-[0-9a-f-]{36}/g, 'recorded')
}

/** False when the file is there: a recorded history is never changed. */
export function writeHistory(at: Omit<RecordedHistory, 'history'>, history: History): boolean {
  const folder = join(WORKFLOWS, at.workflow, 'histories', at.release)
  const file = join(folder, `${at.scenario}.json`)
  if (existsSync(file)) return false
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, `${normalise(historyToJSON(history))}\n`)
  return true
}

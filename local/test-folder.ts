/** The temporary folder of one test run, and the removal of those that killed runs left (OPS-025). */
import { existsSync, mkdtempSync, readdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeDataFolder, removeDataFolder } from './data-folder'
import { isAlive } from './process-identity'
import { claimRunFile, readRunFile, writeRunFile, type RunRecord } from './run-file'
import { endStaleChildren } from './stale-children'
import type { ChildRecord } from './supervisor'

export interface TestFolder {
  readonly path: string
  readonly recordChildren: (children: readonly ChildRecord[]) => void
  readonly remove: () => void
}

/** Of whole runs, and of stacks that single suites start (test/harness). */
const PREFIXES = { run: 'parking-test-', suite: 'parking-stack-' } as const

export function openTestFolder(): TestFolder {
  const path = mkdtempSync(join(realpathSync(tmpdir()), PREFIXES.run))
  const { runFile } = describeDataFolder(path)
  claimRunFile(runFile, '')
  const recordChildren = (children: readonly ChildRecord[]): void => {
    const record = readRunFile(runFile)
    if (record) writeRunFile(runFile, { ...record, processes: children })
  }
  return { path, recordChildren, remove: () => removeDataFolder(path) }
}

/** Ends the children of runs whose own process is gone, and deletes their folders. Runs that live are left alone. */
export async function sweepTestFolders(parent: string = realpathSync(tmpdir())): Promise<void> {
  const isOurs = (name: string): boolean => Object.values(PREFIXES).some((prefix) => name.startsWith(prefix))
  for (const name of readdirSync(parent).filter(isOurs)) {
    const path = join(parent, name)
    const record = readRunFile(describeDataFolder(path).runFile)
    if (record && !isAlive(record.supervisor)) await sweep(path, record)
  }
}

async function sweep(path: string, record: RunRecord): Promise<void> {
  const ofSuites = join(path, 'tmp')
  if (existsSync(ofSuites)) await sweepTestFolders(ofSuites)
  await endStaleChildren(record.processes)
  removeDataFolder(path)
}

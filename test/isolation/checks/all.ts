/** Every isolation check over the planted world. */
import { readForeignKeys, readTables } from '../catalogue'
import type { Session } from '../session'
import type { TestDatabase } from '#test/harness/test-database'
import { plantWorld } from '../world'
import { keyChecks } from './key-checks'
import { partitionChecks } from './partition-checks'
import { roleChecks } from './role-checks'
import { rowChecks } from './row-checks'
import { viewChecks } from './view-checks'
import type { Check, Subjects } from './check'

export async function readSubjects(database: TestDatabase, session: Session): Promise<Subjects> {
  const tables = await readTables(session)
  return { tables, foreignKeys: await readForeignKeys(session), world: await plantWorld(database, tables) }
}

export const allChecks = (subjects: Subjects): Check[] => [
  ...rowChecks(subjects),
  ...roleChecks(subjects),
  ...keyChecks(subjects),
  ...viewChecks(subjects),
  ...partitionChecks(subjects),
]

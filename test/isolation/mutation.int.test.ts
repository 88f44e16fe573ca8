/** Tests of the tests: a wall that is down and not noticed fails the run (Q-MUT-01, DB-915). */
import { Client } from 'pg'
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import { allChecks, readSubjects } from './checks/all'
import type { Check } from './checks/check'
import { apply, readMutants, type Mutant } from './mutants'
import { openSession, sessionInside, type Session } from './session'

let database: TestDatabase
let superuser: Client
let byTable: Map<string, Check[]>
let mutants: Mutant[]

beforeAll(async () => {
  database = await createTestDatabase()
  const live = await openSession(database)
  const subjects = await readSubjects(database, live)
  mutants = await readMutants(live, subjects.tables)
  await live.close()
  byTable = new Map()
  for (const check of allChecks(subjects)) byTable.set(check.table, [...(byTable.get(check.table) ?? []), check])
  superuser = new Client({ connectionString: database.adminUrl })
  await superuser.connect()
})
afterAll(async () => {
  await superuser.end()
  await database.close()
})

async function isNoticed(session: Session, checks: readonly Check[]): Promise<boolean> {
  const threw = () => 'threw' // a check that cannot even run is a red one
  for (const check of checks) if ((await check.run(session).catch(threw)) !== null) return true
  return false
}

/** In a transaction that is rolled back, so that each mutant stands alone in a database of its own making. */
async function survives(mutant: Mutant): Promise<boolean> {
  await superuser.query('begin')
  try {
    await apply((text) => superuser.query(text).then(({ rows, rowCount }) => ({ rows, rowCount: rowCount ?? 0 })), mutant)
    return !(await isNoticed(sessionInside(superuser), byTable.get(mutant.table) ?? []))
  } finally {
    await superuser.query('rollback')
  }
}

test('Q-MUT-01: without a mutation, every check is green inside the transaction too', async () => {
  await superuser.query('begin')
  const red: string[] = []
  for (const check of [...byTable.values()].flat()) {
    const complaint = await check.run(sessionInside(superuser))
    if (complaint !== null) red.push(`${check.id} ${check.table}: ${complaint}`)
  }
  await superuser.query('rollback')
  expect(red).toEqual([])
})

test('Q-MUT-01: each policy, FORCE, key and function that guards a tenant is noticed when it is gone', async () => {
  expect(mutants.length).toBeGreaterThan(300)
  const survivors: string[] = []
  for (const mutant of mutants) if (await survives(mutant)) survivors.push(mutant.name)
  expect(survivors).toEqual([])
}, 120_000)

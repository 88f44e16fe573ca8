/** The bypass list over every table: each *sees nothing* has its control, all as `parking_app` (Q-RLS-01 to 03, 05 to 07, 09, 11). */
import { createTestDatabase, type TestDatabase } from '#test/harness/test-database'
import { allChecks, readSubjects } from './checks/all'
import { runChecks, type Check } from './checks/check'
import { openSession, type LiveSession } from './session'

let database: TestDatabase
let session: LiveSession
let checks: Check[]
beforeAll(async () => {
  database = await createTestDatabase()
  session = await openSession(database)
  checks = allChecks(await readSubjects(database, session))
})
afterAll(async () => {
  await session.close()
  await database.close()
})

test.each([
  ['Q-RLS-01', 'select, update, delete, insert and move reach only own rows'],
  ['Q-RLS-02', 'the owner of the tables is bound by the same policies'],
  ['Q-RLS-03', 'no context means no rows and no error'],
  ['Q-RLS-05', 'views show what their reader may see'],
  ['Q-RLS-06', 'no foreign key reaches a row of another tenant'],
  ['Q-RLS-07', 'no unique key tells of a row of another tenant'],
  ['Q-RLS-09', 'other roles have other policies, and membership is not inheritance'],
  ['Q-RLS-11', 'no shape of query and no partition by name shows more'],
  ['Q-CAT-08', 'partitions carry row security, policies, grants and triggers of their parent'],
  ['DB-133', 'people are seen by themselves and by their tenant'],
  ['DB-134', 'tables without tenant are open to whom they are meant'],
])('%s: %s', async (id) => {
  const ofId = checks.filter((check) => check.id === id)
  expect(ofId.length).toBeGreaterThan(0)
  expect(await runChecks(session, ofId)).toEqual([])
})

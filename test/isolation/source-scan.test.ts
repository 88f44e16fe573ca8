/** What no source may do, since row security trusts it: enter a role or a tenant anywhere but in the doors (Q-RLS-04, 09, 13). */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const ROOT = join(__dirname, '../..')
const ROOMS = ['domain', 'api', 'workflows', 'activities', 'db', 'temporal', 'local', 'runtime', 'simulator', 'scripts']

const sources = ROOMS.flatMap((room) => {
  try {
    return readdirSync(join(ROOT, room), { recursive: true, withFileTypes: true })
  } catch {
    return [] // a room that is not there yet
  }
})
  .filter((entry) => entry.isFile() && /(?<!\.test)\.(ts|js)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ path: relative(ROOT, path), text: readFileSync(path, 'utf8') }))

const filesWith = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path)

test('Q-RLS-09: `set local role` stands in the unit of work alone', () => {
  expect(filesWith(/\bset\s+(local\s+)?role\b/i)).toEqual(['db/unit-of-work.ts'])
})

test('Q-RLS-04: the tenant is entered in the unit of work; migrations and the seed, which are no server, enter it for one transaction', () => {
  const found = filesWith(/set_config\s*\(/i)
  const allowed = ['db/migrations/1795500002000-tenants-and-people.ts', 'db/seed/seed-demo.ts', 'db/unit-of-work.ts']
  expect(found.filter((path) => !allowed.includes(path))).toEqual([])
  expect(filesWith(/set_config\s*\([^)]*,\s*false\s*\)/i)).toEqual([])
})

test('Q-RLS-04: no session-level SET', () => {
  expect(filesWith(/query\(\s*['"`]\s*set\s+(?!local\b)/i)).toEqual([])
  expect(filesWith(/\bset\s+(session\s+authorization|session\s+characteristics)\b/i)).toEqual([])
})

test('Q-RLS-13: nothing is announced by NOTIFY, which every role of the database can hear', () => {
  expect(filesWith(/\bpg_notify\s*\(|['"`]\s*notify\s+\w/i)).toEqual([])
})

/** `.env.example` and the schema name the same variables, and the file holds no secret (H-60, OPS-061). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONFIG_SCHEMAS, SECRET_VARIABLES } from './config-schema'

const LINES = readFileSync(join(__dirname, '..', '.env.example'), 'utf8').split('\n')
const entries = new Map(
  LINES.filter((line) => /^[A-Z0-9_]+=/.test(line)).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
)
const inSchema = new Set(Object.values(CONFIG_SCHEMAS).flatMap((schema) => Object.keys(schema.shape)))

/** Read by migrations, not by a serving process. */
const ELSEWHERE = ['DATABASE_OWNER_URL']

describe('.env.example', () => {
  test('H-60: names exactly the variables that processes read', () => {
    expect([...entries.keys()].filter((name) => !ELSEWHERE.includes(name)).sort()).toEqual([...inSchema].sort())
  })

  test('OPS-061: holds no secret and no usable default of one', () => {
    for (const name of SECRET_VARIABLES) expect(entries.get(name)).toBe('')
  })

  test('H-60: explains what it lists: no more than four variables follow one comment', () => {
    let sinceComment = 0
    for (const line of LINES) {
      if (line.startsWith('#')) sinceComment = 0
      else if (entries.has(line.split('=')[0] ?? '')) sinceComment++
      expect(sinceComment).toBeLessThanOrEqual(4)
    }
  })
})

/** The contract against the specification, the vocabulary, the error pages and the committed document. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { findPermission } from '#domain/authorization/vocabulary'
import { ERROR_CODES } from '#domain/shared/error-codes'
import notBuiltYet from './not-built-yet.json'
import { createOpenApi } from './openapi'
import { OPERATIONS } from './operations'

const ROOT = join(__dirname, '..', '..')
/** May only go down. */
const MOST_NOT_BUILT = 173
const OPERATION_ROW = /^\| (API-\d+) \| (?:GET|POST|PUT|PATCH|DELETE)\b/gm

const specified = () =>
  new Set([...readFileSync(join(ROOT, 'docs/spec/api-v6.md'), 'utf8').matchAll(OPERATION_ROW)].map(([, id = '']) => id))
const built: ReadonlySet<string> = new Set(OPERATIONS.map(({ id }) => id))

test('every row of the specification is built or on the list, never both, and the list only shrinks', () => {
  expect([...built, ...notBuiltYet.operations].sort()).toEqual([...specified()].sort())
  expect(notBuiltYet.operations.length).toBeLessThanOrEqual(MOST_NOT_BUILT)
  for (const id of Object.keys(notBuiltYet.parts)) expect(built).toContain(id)
})

test('API-149: permission and scope of each operation are those of the vocabulary', () => {
  for (const { name, permission, scope } of OPERATIONS) {
    if (permission !== null) expect([name, scope]).toEqual([name, findPermission(permission)?.scope])
  }
})

test('names and paths are unique, ids, summaries and descriptions are there, changes are audited', () => {
  const spellings = OPERATIONS.flatMap((operation) => [operation, ...operation.aliases])
  expect(new Set(spellings.map(({ name }) => name)).size).toBe(spellings.length)
  expect(new Set(spellings.map(({ method, path }) => `${method} ${path}`)).size).toBe(spellings.length)
  for (const { name, path, summary, description, method, audit } of OPERATIONS) {
    expect([name, path.endsWith('/'), summary.length > 5, description.length > 5]).toEqual([name, false, true, true])
    if (method !== 'get' && !['refresh', 'createSocketTicket'].includes(name))
      expect([name, audit]).toEqual([name, expect.stringMatching(/^[a-z_]+\.[a-z_]+$/)])
  }
})

test('H-40: every error code has its page and no page is left over', () => {
  const pages = readdirSync(join(ROOT, 'docs/problems')).map((file) => file.replace(/\.md$/, ''))
  expect(pages.sort()).toEqual(Object.keys(ERROR_CODES).sort())
})

test('H-82: openapi.json is what the contract makes', () => {
  const made = `${JSON.stringify(createOpenApi(OPERATIONS, { version: '6.0.0' }), null, 1)}\n`
  expect(readFileSync(join(ROOT, 'openapi.json'), 'utf8') === made).toBe(true)
})

test('path templates and their parameters agree; documented bodies are valid', () => {
  for (const { name, path, params, aliases, examples, body } of OPERATIONS) {
    const shape = Object.keys((z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }) as { properties?: object }).properties ?? {})
    for (const spelling of [path, ...aliases.map((alias) => alias.path)]) {
      expect([name, [...spelling.matchAll(/\{([a-z_]+)\}/g)].map(([, parameter]) => parameter)]).toEqual([name, shape])
    }
    for (const example of examples)
      if (example.body !== undefined) expect([name, body.safeParse(example.body).success]).toEqual([name, true])
  }
})

/** Validation at once, with every issue named (API-007, API-060, API-071, Q-HOS-04, Q-HOS-10). */
import { z } from 'zod'
import { listQuery } from '#contract/list'
import { defineOperation } from '#contract/operation'
import { eui, idParams, several, text, time } from '#contract/values'
import { isDomainError, type Issue } from '#domain/shared/domain-error'
import { validate, type RawRequest } from './guard'
import { parseJson } from './parse-json'

const operation = defineOperation({
  id: 'API-320',
  name: 'probe',
  method: 'post',
  path: '/probe/{id}',
  tag: 'Probe',
  summary: 'A probe',
  description: 'For this test alone.',
  params: idParams,
  query: listQuery(['name', 'age'], { colour: several(z.enum(['red', 'blue'])).optional() }),
  body: z.strictObject({
    name: text({ max: 5 }),
    count: z.number().int().min(1).max(9),
    dev_eui: eui.optional(),
    at: time.optional(),
    note: text({ max: 9, multiline: true }).nullable().optional(),
    inner: z.strictObject({ deep: z.boolean() }).optional(),
  }),
  takesBody: 'json',
  answers: {},
  permission: null,
  scope: 'none',
  budget: 'none',
})
const ID = '01977a3e-7c10-7b2e-9f00-3f6f1d2a9b01'
const good: RawRequest = { params: { id: ID }, querystring: '', body: { name: 'Ann', count: 3 } }

function refusalsOf(request: Partial<RawRequest>): readonly Issue[] {
  try {
    validate(operation, { ...good, ...request })
    return []
  } catch (error) {
    if (!isDomainError(error)) throw error
    return error.details.issues ?? []
  }
}

const issuesOf = (request: Partial<RawRequest>): string[] =>
  refusalsOf(request)
    .map(({ in: place, pointer, code }) => `${place} ${pointer} ${code}`)
    .sort()

test('what is valid comes typed: trimmed, NFC, canonical EUI, instants, several values, sort keys', () => {
  const body = { name: ' e\u0301 ', count: 1, dev_eui: '58:A0:CB:00:00:11:5B:4E', at: '2026-07-01T11:34:15.7759+02:00' }
  const input = validate(operation, {
    params: { id: ID.toUpperCase() },
    querystring: 'colour=red&colour=blue&sort=-age,name&_trace=1&page_size=7',
    body,
  })
  expect(input).toEqual({
    params: { id: ID },
    query: {
      colour: ['red', 'blue'],
      sort: [
        { key: 'age', descending: true },
        { key: 'name', descending: false },
      ],
      page_size: 7,
    },
    body: {
      name: 'é',
      count: 1,
      dev_eui: '58a0cb0000115b4e',
      at: { instant: Date.UTC(2026, 6, 1, 9, 34, 15, 775), wallClock: Date.UTC(2026, 6, 1, 11, 34, 15, 775) },
    },
  })
})

test('API-071: all issues of path, query and body together', () => {
  expect(
    issuesOf({
      params: { id: 'x' },
      querystring: 'page=0&page_size=501&sort=size&colour=green&bogus=1&q=',
      body: { name: 'too long a name', count: 2.5, dev_eui: '12', at: '2026-02-30', extra: 1, inner: { deep: 'no', more: 1 } },
    }),
  ).toEqual([
    'body /at invalid_time',
    'body /count wrong_type',
    'body /dev_eui invalid_eui',
    'body /extra unknown_field',
    'body /inner/deep wrong_type',
    'body /inner/more unknown_field',
    'body /name too_long',
    'path /id invalid_format',
    'query /bogus unknown_parameter',
    'query /colour/0 invalid_enum',
    'query /page too_small',
    'query /page_size too_big',
    'query /q too_short',
    'query /sort invalid_enum',
  ])
})

test.each<[string, unknown, string[]]>([
  ['absent', {}, ['body /count required', 'body /name required']],
  ['null', { name: null, count: null, note: null }, ['body /count not_nullable', 'body /name not_nullable']],
  ['array for object', [], ['body  wrong_type']],
  ['null body', null, ['body  not_nullable']],
  ['limits', { name: '', count: 10 }, ['body /count too_big', 'body /name too_short']],
  ['control characters', { name: 'a\u0007', count: 1 }, ['body /name invalid_format']],
])('API-071: %s', (_what, body, issues) => expect(issuesOf({ body })).toEqual(issues))

test('length is counted in code points', () => {
  expect(issuesOf({ body: { name: '🚗🚗🚗🚗🚗', count: 1 } })).toEqual([])
  expect(issuesOf({ body: { name: '🚗🚗🚗🚗🚗🚗', count: 1 } })).toEqual(['body /name too_long'])
})

test('API-942: keys that could reach a prototype are refused at any depth, and nothing is changed', () => {
  const body = parseJson(
    Buffer.from('{"name":"Ann","count":1,"__proto__":{"polluted":true},"inner":{"deep":true,"constructor":{"prototype":1}}}'),
  )
  expect(issuesOf({ body })).toEqual([
    'body /__proto__ unknown_field',
    'body /inner/constructor unknown_field',
    'body /inner/constructor/prototype unknown_field',
  ])
  expect(issuesOf({ querystring: '__proto__=1' })).toEqual(['query /__proto__ unknown_parameter'])
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test('API-021: deep pages need a cursor, and a cursor no page', () => {
  expect(issuesOf({ querystring: 'page=201&page_size=500' })).toEqual(['query /page page_too_deep'])
  expect(issuesOf({ querystring: 'page=1&cursor=abc' })).toEqual(['query /cursor conflict_with_field'])
})

test.each([
  ['page_size=abc', ['query /page_size invalid_format']],
  ['page_size=501', ['query /page_size too_big']],
  ['page_size=600000', ['query /page_size too_big']],
  ['page=abc', ['query /page invalid_format']],
  ['page=abc&page_size=600000', ['query /page invalid_format', 'query /page_size too_big']],
])('API-021: %s is not also called deep', (querystring, issues) => expect(issuesOf({ querystring })).toEqual(issues))

test.each<[string, Partial<RawRequest>, string]>([
  ['a number too big', { querystring: 'page_size=501' }, 'must be at most 500'],
  ['a number too small', { querystring: 'page=0' }, 'must be at least 1'],
  ['too many values', { querystring: `colour=${Array(101).fill('red').join()}` }, 'must have at most 100 values'],
  ['a value of a list', { querystring: 'colour=green' }, 'must be one of red, blue'],
  ['text too long', { body: { name: 'too long', count: 1 } }, 'must have at most 5 characters'],
  ['a wrong type', { body: { name: 'Ann', count: 'x' } }, 'has the wrong type'],
  ['absent', { body: { name: 'Ann' } }, 'is required'],
])('API-071: %s is told in our own words', (_what, request, message) =>
  expect(refusalsOf(request).map((issue) => issue.message)).toEqual([message]),
)

describe('API-060: JSON', () => {
  const codeOf = (text: string | Buffer) => {
    try {
      return parseJson(Buffer.from(text))
    } catch (error) {
      return isDomainError(error) ? error.code : error
    }
  }
  test.each<[string, string | Buffer]>([
    ['no JSON', '{'],
    ['BOM', '\ufeff{}'],
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['NUL', '{"a":"\\u0000"}'],
    ['half a pair', '{"a":"\\ud800"}'],
    ['half a pair in a key', '{"\\udc00":1}'],
    ['beyond double', '[1e400]'],
    ['too deep', '['.repeat(65) + ']'.repeat(65)],
  ])('%s is malformed', (_what, text) => expect(codeOf(text)).toBe('request.malformed'))

  test('64 levels are read, brackets in strings do not count, of duplicate keys the last counts', () => {
    expect(codeOf('['.repeat(64) + ']'.repeat(64))).toBeInstanceOf(Array)
    expect(codeOf(JSON.stringify({ a: `\\"${'['.repeat(100)}` }))).toEqual({ a: `\\"${'['.repeat(100)}` })
    expect(codeOf('{"a":1,"a":2}')).toEqual({ a: 2 })
  })

  test('Q-HOS-10: ten thousand levels are refused before the parser sees them', () => {
    const parser = jest.spyOn(JSON, 'parse')
    const code = codeOf('['.repeat(10_000))
    const { calls } = parser.mock
    parser.mockRestore()
    expect(code).toBe('request.malformed')
    expect(calls).toEqual([])
  })
})

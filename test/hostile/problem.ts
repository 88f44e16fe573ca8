/** What every refusal looks like, whatever was sent: problem+json with a code of the closed list and nothing of our insides (§4.1). */
import { ERROR_CODES, isErrorCode } from '#domain/shared/error-codes'
import type { HttpAnswer } from './http'

/** Driver text, SQL, stacks, host names and file paths. */
const INSIDES = [
  /\bat [\w.<>]+ \(/,
  /node_modules/,
  /\b(select|insert|update|delete)\s.+\s(from|into|set|where)\b/i,
  /postgres(ql)?:\/\//,
  /relation "/,
  /syntax error/i,
  /ECONNREFUSED/,
  /\/work\//,
  /parking_(app|owner|ingest|platform)/,
]

export function expectProblem(answer: HttpAnswer, statuses: readonly number[]): void {
  if (!statuses.includes(answer.status))
    throw new Error(`expected ${statuses.join(' or ')}, got ${answer.status}: ${answer.text.slice(0, 300)}`)
  expectHonest(answer)
}

/** Below 500; a refusal is a problem in the agreed shape; nothing of the inside is told. */
export function expectHonest(answer: HttpAnswer): void {
  expect(answer.status).not.toBe(500)
  if (answer.status < 400) return
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  const code = answer.json?.['code']
  if (typeof code !== 'string' || !isErrorCode(code)) throw new Error(`not a code of the closed list: ${answer.text.slice(0, 200)}`)
  expect(answer.json).toMatchObject({
    type: `/problems/${code}`,
    title: ERROR_CODES[code].title,
    status: answer.status,
    instance: answer.headers['x-request-id'],
  })
  for (const pattern of INSIDES) expect(answer.text).not.toMatch(pattern)
}

const INSTANT = /"\d{4}-\d{2}-\d{2}T[\d:.]+Z"/g
/** Headers that tell of the connection or of the moment, not of the answer. */
const MOMENTARY = new Set(['date', 'x-request-id', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'connection', 'keep-alive', 'etag'])

/** What must be equal between two answers that may differ in nothing a caller could learn from: all but request id and times (API-019). */
export function comparable({ status, headers, json, text }: HttpAnswer): unknown {
  const { instance: _instance, ...body } = json ?? { text }
  const kept = Object.entries(headers).filter(([name]) => !MOMENTARY.has(name))
  return { status, headers: Object.fromEntries(kept), body: JSON.stringify(body).replace(INSTANT, '"<time>"') }
}

/** One error, one shape; nothing of ours leaves (API-070, API-072, API-073, D-24). */
import { DomainError } from '#domain/shared/domain-error'
import { toProblem } from './to-problem'

const REQUEST = 'req_test'

test('API-070: type, title, status, detail, instance, code, errors, and only listed extra members', () => {
  const { status, body } = toProblem(new DomainError('permission.role', { extra: { required_role: 'admin', secret: 'x' } }), REQUEST)
  expect(status).toBe(403)
  expect(body).toEqual({
    type: '/problems/permission.role',
    title: 'The role does not allow this',
    status: 403,
    detail: 'The role does not allow this.',
    instance: REQUEST,
    code: 'permission.role',
    errors: [],
    required_role: 'admin',
  })
})

test('API-071: at most fifty issues', () => {
  const issues = Array.from(
    { length: 60 },
    (_, row) => ({ in: 'row', pointer: '', code: 'required', message: 'is required', row }) as const,
  )
  expect(toProblem(new DomainError('validation.failed', { issues }), REQUEST).body['errors']).toHaveLength(50)
})

test.each([
  ['a bug', new TypeError('secret path /srv/app'), 500, 'server.internal'],
  ['something thrown that is no error', 'text', 500, 'server.internal'],
  ['a driver error without meaning', Object.assign(new Error('relation "x" does not exist'), { code: '42P01' }), 500, 'server.internal'],
  [
    'row security refused: our bug',
    Object.assign(new Error('new row violates row-level security'), { code: '42501' }),
    500,
    'server.internal',
  ],
  [
    'unique',
    Object.assign(new Error('duplicate key (email)=(ann@example.com)'), { code: '23505', constraint: 'sites__name_unique' }),
    409,
    'resource.duplicate',
  ],
  ['check', Object.assign(new Error('violates check'), { code: '23514' }), 422, 'validation.failed'],
  ['invalid text', Object.assign(new Error('invalid input syntax'), { code: '22P02' }), 422, 'validation.failed'],
  ['statement time-out', Object.assign(new Error('canceling statement'), { code: '57014' }), 503, 'server.busy'],
  ['database away', Object.assign(new Error('connect ECONNREFUSED 10.0.0.3:5432'), { code: 'ECONNREFUSED' }), 503, 'server.unavailable'],
  ['Temporal away', Object.assign(new Error('14 UNAVAILABLE: dns'), { code: 14 }), 503, 'server.unavailable'],
])('%s → %i', (...[, error, status, code]) => {
  const problem = toProblem(error, REQUEST)
  expect([problem.status, problem.body['code']]).toEqual([status, code])
  expect(JSON.stringify(problem.body)).not.toMatch(/srv|relation|ann@|10\.0\.0\.3|violates|dns/)
  if (status === 503) expect(Number(problem.headers['Retry-After'])).toBeGreaterThan(0)
})

test('401 says which scheme, 429 when to come again', () => {
  expect(toProblem(new DomainError('auth.required'), REQUEST).headers).toEqual({ 'WWW-Authenticate': 'Bearer' })
  expect(toProblem(new DomainError('rate.limited', { retryAfterSeconds: 0.2 }), REQUEST).headers).toEqual({ 'Retry-After': '1' })
})

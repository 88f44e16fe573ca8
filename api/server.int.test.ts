/** Transport, routing, headers, budgets, documents: what holds for every route (API-001 to API-018, API-055 to API-062, API-830 to 836). */
import { connect } from 'node:net'
import { OPERATIONS } from '#contract/operations'
import { ERROR_CODES } from '#domain/shared/error-codes'
import { readProblemPages } from './routes/documents/problem-pages'
import { asAdmin } from '#test/harness/rows'
import { startTestApi, type TestApi, type TestPerson } from '#test/harness/test-api'

let api: TestApi
let person: TestPerson
let tenantId: string

const health = {
  live: () => ({ status: 200, body: { status: 'alive' } }),
  ready: () => ({ status: 503, body: { status: 'not_ready' }, retryAfterSeconds: 5 }),
  summary: () => ({ status: 200, body: { status: 'healthy' } }),
}

beforeAll(async () => {
  const problemPages = readProblemPages(`${__dirname}/../docs/problems`)
  api = await startTestApi({
    documents: {
      health,
      healthExtra: () => ({}),
      metricsText: async () => 'up 1\n',
      metricsToken: 'scrape',
      isProduction: false,
      problemPages,
    },
  })
  tenantId = (await api.make.tenant()).tenantId
  person = await api.person(tenantId, 'admin')
})
afterAll(() => api.close())

/** Sent as written; `fetch` would tidy it up. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port, hostname } = new URL(api.url)
    const socket = connect(Number(port), hostname, () => socket.write(text))
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}
const get = (path: string, headers: Record<string, string> = {}) =>
  raw(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`,
  )
const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  fetch(api.url + path, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(body)),
    headers: { 'content-type': 'application/json', ...headers },
  })

test('API-017: everything but the public list answers 401 without credentials', async () => {
  for (const { permission, method, path, name, aliases } of OPERATIONS) {
    for (const spelling of [{ method, path }, ...aliases]) {
      const { status } = await fetch(api.url + spelling.path.replace(/\{[a-z_]+\}/g, 'x'), { method: spelling.method.toUpperCase() })
      expect([name, status === 401]).toEqual([name, permission !== null || name === 'getMetrics'])
    }
  }
})

test('API-002: no path is normalised and none redirects; both spellings are answered', async () => {
  for (const path of [
    '//api/v6/sites',
    '/api//v6/sites',
    '/api/v6/../v6/sites',
    '/api/v6/sites/%2F',
    '/api/v6/sites/a%2fb',
    '/api/v6/./sites',
    '/API/v6/sites',
    '/nope',
  ])
    expect([path, await get(path)]).toEqual([path, expect.stringMatching(/^HTTP\/1\.1 404 [\s\S]*"request.route_not_found"/)])
  for (const path of ['/api/v6/sites', '/api/v6/sites/', '/health/', '/docs/']) expect(await get(path)).toMatch(/^HTTP\/1\.1 (401|200) /)
  expect(await get('/api/v6/sites/%zz')).toMatch(/^HTTP\/1\.1 400 /)
  expect(await get('http://evil.example/api/v6/sites')).toMatch(/^HTTP\/1\.1 400 /)
})

test('API-003, API-004: 405 with Allow, OPTIONS 204, HEAD as GET; a literal segment wins', async () => {
  const wrong = await fetch(`${api.url}/api/v6/spaces/stats`, { method: 'DELETE' })
  expect([wrong.status, wrong.headers.get('allow'), ((await wrong.json()) as { code: string }).code]).toEqual([
    405,
    'GET, HEAD, OPTIONS',
    'request.method_not_allowed',
  ])
  const options = await fetch(`${api.url}/api/v6/spaces/x/state`, { method: 'OPTIONS' })
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'OPTIONS, POST, PUT'])
  const head = await fetch(`${api.url}/api/v6/sites`, { method: 'HEAD', headers: { authorization: `Bearer ${person.client.token}` } })
  expect([head.status, await head.text()]).toEqual([200, ''])
})

test('API-008, API-009, OPS-260: headers of every answer, errors included', async () => {
  for (const path of ['/api/v6/sites', '/nope', '/health', '/docs']) {
    const { headers } = await fetch(api.url + path)
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
    })
    expect(headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/)
    expect(headers.get('server') ?? headers.get('x-powered-by')).toBeNull()
    expect(headers.get('cache-control')).toBe(path.startsWith('/api') ? 'no-store' : null)
  }
  expect((await fetch(`${api.url}/nope`, { headers: { 'x-request-id': 'mine-0001' } })).headers.get('x-request-id')).toBe('mine-0001')
  expect((await fetch(`${api.url}/nope`, { headers: { 'x-request-id': 'no spaces' } })).headers.get('x-request-id')).toMatch(/^req_/)
})

test('API-005, API-059: media types, encodings and sizes', async () => {
  const codeOf = async (answer: Promise<Response>) => ((await (await answer).json()) as { code: string }).code
  expect(await codeOf(post('/api/auth/refresh', 'x', { 'content-type': 'text/plain' }))).toBe('request.unsupported_media_type')
  expect(await codeOf(post('/api/auth/refresh', '{}', { 'content-type': 'application/json; charset=latin1' }))).toBe(
    'request.unsupported_media_type',
  )
  expect(await codeOf(post('/api/auth/refresh', '{}', { 'content-encoding': 'gzip' }))).toBe('request.unsupported_media_type')
  expect(await codeOf(post('/api/auth/refresh', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }))).toBe(
    'request.unsupported_media_type',
  )
  expect(await codeOf(post('/api/auth/refresh', '{"refresh_token":"x"}', { 'content-type': 'application/merge-patch+json' }))).toBe(
    'auth.invalid_refresh_token',
  )
  expect(await codeOf(post('/api/auth/refresh', ' '.repeat(17 * 1024)))).toBe('request.too_large')
  expect(await codeOf(post('/api/auth/refresh', '{'))).toBe('request.malformed')
  expect(
    await raw(
      `POST /api/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${`4000\r\n${'a'.repeat(0x4000)}\r\n`.repeat(3)}0\r\n\r\n`,
    ),
  ).toMatch(/^HTTP\/1\.1 413 [\s\S]*connection: close/i)
})

test('Q-HOS-12: URL, headers, framing', async () => {
  expect(await get(`/${'a'.repeat(9_000)}`)).toMatch(/^HTTP\/1\.1 414 /)
  expect(await get('/health', { 'X-Big': 'a'.repeat(17 * 1024) })).toMatch(/^HTTP\/1\.1 431 /)
  expect(await get('/health', Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`X-${i}`, '1'])))).toMatch(/^HTTP\/1\.1 431 /)
  expect(await get('/health', { 'X-Huge': 'a'.repeat(64 * 1024) })).toMatch(/^HTTP\/1\.1 431 [\s\S]*"request.headers_too_large"/)
  expect(await raw('GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 400 [\s\S]*"request.malformed"/,
  )
  expect(await raw('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
})

test('API-062, Q-HOS-15: CORS answers exact origins alone', async () => {
  const preflight = (origin: string) =>
    fetch(`${api.url}/api/v6/sites`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET' } })
  const good = await preflight('https://console.example')
  expect([good.status, good.headers.get('access-control-allow-origin'), good.headers.get('access-control-allow-credentials')]).toEqual([
    204,
    'https://console.example',
    'true',
  ])
  for (const origin of ['null', 'https://console.example.evil.example', 'https://evilconsole.example', 'http://console.example']) {
    const bad = await preflight(origin)
    expect([origin, bad.status, bad.headers.get('access-control-allow-origin')]).toEqual([origin, 403, null])
    const plain = await fetch(`${api.url}/api/v6/sites`, { headers: { origin } })
    expect([plain.status, plain.headers.get('access-control-allow-origin'), plain.headers.get('vary')]).toEqual([401, null, 'Origin'])
  }
})

test('API-055, API-056, API-063: the 101st read is refused with words; writes and other tenants pass', async () => {
  const limited = await api.make.tenant({ columns: { limits: { requests_per_minute: 100 } } })
  const reader = await api.person(limited.tenantId, 'operator')
  const answers = await Promise.all(Array.from({ length: 100 }, () => reader.client.get('/api/v6/sites')))
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  const refused = await reader.client.get('/api/v6/sites')
  expect(refused).toMatchObject({ status: 429, body: { code: 'rate.limited' } })
  expect(Object.fromEntries(refused.headers)).toMatchObject({
    'x-ratelimit-budget': 'read',
    'x-ratelimit-limit': '100',
    'x-ratelimit-remaining': '0',
    'retry-after': expect.stringMatching(/^\d+$/),
  })
  expect((await reader.client.send('PUT /api/v6/spaces/00000000-0000-7000-8000-000000000000/state', { state: 'free' })).status).toBe(404)
  expect((await reader.client.get('/api/auth/me')).status).toBe(200)
  expect((await person.client.get('/api/v6/sites')).status).toBe(200)
})

test('API-830 to API-836: health, metrics with the token, the contract, its page, problem pages', async () => {
  expect((await fetch(`${api.url}/api/health`)).status).toBe(200)
  const ready = await fetch(`${api.url}/health/ready`)
  expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '5'])
  expect((await fetch(`${api.url}/metrics`, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401)
  expect(await (await fetch(`${api.url}/metrics`, { headers: { authorization: 'Bearer scrape' } })).text()).toBe('up 1\n')
  expect(await (await fetch(`${api.url}/openapi.json`)).json()).toMatchObject({ openapi: '3.1.0' })
  const docs = await fetch(`${api.url}/docs`)
  expect(docs.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'/)
  expect(await docs.text()).not.toMatch(/<script>|<style>| on[a-z]+=|https?:\/\//)
  for (const code of Object.keys(ERROR_CODES)) expect([code, (await fetch(`${api.url}/problems/${code}`)).status]).toEqual([code, 200])
  expect((await fetch(`${api.url}/problems/no.such`)).status).toBe(404)
})

test('API-048: an answer of 400 and above leaves no audit row', async () => {
  await person.client.send('PUT /api/v6/spaces/00000000-0000-7000-8000-000000000000/state', { state: 'free' })
  const rows = await asAdmin(api.database.adminUrl, `select 1 from audit_log where tenant_id = $1 and action like 'space.%'`, [tenantId])
  expect(rows).toHaveLength(0)
})

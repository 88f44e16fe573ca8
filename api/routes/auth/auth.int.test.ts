/** Signing in, staying signed in, signing out (API-201 to API-222, D-14). */
import { PASSWORD, startTestApi, type TestApi, type TestPerson } from '#test/harness/test-api'
import { until } from '#test/harness/until'

let api: TestApi
let tenantId: string

beforeAll(async () => {
  api = await startTestApi()
  tenantId = (await api.make.tenant()).tenantId
})
afterAll(() => api.close())

interface Tokens {
  access_token: string
  refresh_token: string
  user: Record<string, unknown>
}

async function post<T = Record<string, unknown>>(path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(api.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as T }
}
const login = (person: Pick<TestPerson, 'email'>, password = PASSWORD, headers = {}) =>
  post<Tokens>('/api/auth/login', { email: person.email, password }, headers)
const refresh = (token: string, headers = {}) => post<Tokens>('/api/auth/refresh', { refresh_token: token }, headers)
const me = (token: string) => fetch(`${api.url}/api/auth/me`, { headers: { authorization: `Bearer ${token}` } })
const auditOf = (action: string, userId: string) =>
  api.database.unitOfWork
    .withTenant({ tenantId }, ({ audit: _ }) => Promise.resolve())
    .then(async () => {
      const client = await api.database.pool.connect()
      try {
        await client.query('begin')
        await client.query(`select set_config('app.tenant_id', $1, true)`, [tenantId])
        return (await client.query('select action from audit_log where action = $1 and actor_id = $2', [action, userId])).rowCount
      } finally {
        await client.query('rollback')
        client.release()
      }
    })

test('API-201: unknown person, wrong password, disabled person and no membership are answered alike', async () => {
  const disabled = await api.person(tenantId, 'viewer')
  await asOwnerOfRows('update users set is_active = false where id = $1', disabled.userId)
  const alone = await api.make.user()
  const answers = await Promise.all([
    login({ email: 'nobody@example.com' }),
    login(await api.person(tenantId, 'viewer'), 'wrong'),
    login(disabled),
    login(alone),
  ])
  const bodies = answers.map(({ status, body }) => ({ status, rest: { ...body, instance: null } }))
  expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1)
  expect(bodies[0]).toMatchObject({ status: 401, rest: { code: 'auth.invalid_credentials' } })
})

test('API-201: JSON and form answer tokens and the user; audited', async () => {
  const person = await api.person(tenantId, 'operator')
  const { status, body } = await login(person)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    token_type: 'bearer',
    expires_in: 900,
    user: { id: person.userId, tenant_id: tenantId, role: 'operator', scope: 'tenant', is_platform_admin: false },
  })
  const form = await fetch(`${api.url}/api/auth/login`, {
    method: 'POST',
    body: new URLSearchParams({ username: person.email, password: PASSWORD, grant_type: 'password' }),
  })
  expect(form.status).toBe(200)
  expect(await auditOf('auth.login', person.userId)).toBe(3)
})

test('API-057: five wrong passwords, then 429 before the password is looked at, for known and unknown accounts alike', async () => {
  const person = await api.person(tenantId, 'viewer')
  for (const email of [person.email, 'unknown-throttled@example.com']) {
    for (let i = 0; i < 5; i++) expect((await login({ email }, 'wrong')).status).toBe(401)
    const refused = await login({ email })
    expect(refused.status).toBe(429)
    expect(refused.body).toMatchObject({ code: 'auth.throttled' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(20)
  }
})

test('API-057: of twenty parallel wrong passwords five are looked at', async () => {
  const person = await api.person(tenantId, 'viewer')
  const answers = await Promise.all(Array.from({ length: 20 }, () => login(person, 'wrong')))
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(5)
})

test('API-202: rotation; the earlier access token stays valid; within the grace the same successor', async () => {
  const { body: first } = await login(await api.person(tenantId, 'viewer'))
  const second = await refresh(first.refresh_token)
  const again = await refresh(first.refresh_token)
  expect(second.status).toBe(200)
  expect(again.body.refresh_token).toBe(second.body.refresh_token)
  expect(second.body.refresh_token).not.toBe(first.refresh_token)
  expect((await me(first.access_token)).status).toBe(200)
})

test('API-202: twenty parallel refreshes of one token yield one successor', async () => {
  const { body } = await login(await api.person(tenantId, 'viewer'))
  const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(body.refresh_token)))
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
  expect(new Set(answers.map((answer) => answer.body.refresh_token)).size).toBe(1)
})

test('API-202, Q-HOS-06: reuse after the grace ends the family within a second, audited', async () => {
  const person = await api.person(tenantId, 'viewer')
  const { body } = await login(person)
  const { body: next } = await refresh(body.refresh_token)
  await asOwnerOfRows(
    `update refresh_tokens set rotated_at = rotated_at - interval '11 seconds' where user_id = $1 and rotated_at is not null`,
    person.userId,
  )
  expect((await refresh(body.refresh_token)).body).toMatchObject({ code: 'auth.invalid_refresh_token' })
  expect((await refresh(next.refresh_token)).status).toBe(401)
  await until(async () => (await me(next.access_token)).status === 401, { timeoutMs: 1_000 })
  expect(await auditOf('auth.refresh_reuse', person.userId)).toBe(1)
})

test('API-202: unknown tokens and access tokens are refused alike', async () => {
  const { body } = await login(await api.person(tenantId, 'viewer'))
  for (const token of ['rt_unknown', body.access_token])
    expect((await refresh(token)).body).toMatchObject({ status: 401, code: 'auth.invalid_refresh_token' })
})

test('API-222: in cookie mode the token travels in the cookie only, and only for pages of a known origin', async () => {
  const person = await api.person(tenantId, 'viewer')
  const cookieMode = { 'x-refresh-mode': 'cookie', origin: 'https://console.example' }
  expect((await login(person, PASSWORD, { ...cookieMode, origin: 'https://evil.example' })).body).toMatchObject({ code: 'auth.cross_site' })
  const { body, headers } = await login(person, PASSWORD, cookieMode)
  const cookie = headers.get('set-cookie') ?? ''
  expect(body.refresh_token).toBeUndefined()
  expect(cookie).toMatch(/^parking_refresh=rt_[^;]+; Max-Age=\d+; HttpOnly; SameSite=Strict; Path=\/api\/auth$/)
  const pair = cookie.split(';')[0] ?? ''
  expect((await post('/api/auth/refresh', {}, { ...cookieMode, cookie: pair })).status).toBe(200)
  expect((await post('/api/auth/refresh', {}, { cookie: pair })).body).toMatchObject({
    status: 422,
    errors: [{ pointer: '/refresh_token', code: 'required' }],
  })
})

test('API-203, Q-HOS-07: after logout the access token is refused within a second, the refresh token at once', async () => {
  const person = await api.person(tenantId, 'viewer')
  const { body } = await login(person)
  expect((await me(body.access_token)).status).toBe(200)
  const out = await post('/api/auth/logout', {}, { authorization: `Bearer ${body.access_token}` })
  expect(out.body).toMatchObject({ success: true })
  await until(async () => (await me(body.access_token)).status === 401, { timeoutMs: 1_000 })
  expect((await refresh(body.refresh_token)).status).toBe(401)
  expect(await auditOf('auth.logout', person.userId)).toBe(1)
})

test('API-015: a disabled person is out within a second', async () => {
  const person = await api.person(tenantId, 'owner')
  expect((await person.client.get('/api/auth/me')).status).toBe(200)
  await asOwnerOfRows('update users set is_active = false where id = $1', person.userId)
  await until(async () => (await person.client.get('/api/auth/me')).status === 401, { timeoutMs: 1_000 })
})

test('API-211 to API-213: own sessions only; another one is not found', async () => {
  const person = await api.person(tenantId, 'viewer')
  const other = await api.person(tenantId, 'viewer')
  await login(person)
  await login(person)
  const { body } = await person.client.get<{ sessions: { id: string; current: boolean }[]; total: number }>('/api/auth/sessions')
  expect(body.total).toBe(3)
  expect(body.sessions.filter(({ current }) => current)).toHaveLength(1)
  const ended = body.sessions.find(({ current }) => !current)?.id ?? ''
  expect((await other.client.send(`DELETE /api/auth/sessions/${ended}`)).status).toBe(404)
  expect((await person.client.send(`DELETE /api/auth/sessions/${ended}`)).body).toMatchObject({ success: true, session_id: ended })
  expect((await person.client.send(`DELETE /api/auth/sessions/${ended}`)).status).toBe(404)
  expect((await person.client.send('DELETE /api/auth/sessions')).body).toEqual({ success: true, revoked: 1 })
  expect((await person.client.get<{ total: number }>('/api/auth/sessions')).body.total).toBe(1)
})

test('API-217, API-218: packed rules; a ticket is good once', async () => {
  const person = await api.person(tenantId, 'operator')
  const rules = await person.client.get<{ rules: unknown[]; version: string }>('/api/auth/permissions')
  expect(rules.body).toMatchObject({ role: 'operator', scope: 'tenant' })
  expect(JSON.stringify(rules.body.rules)).toContain('["override","Space"]')
  const { body } = await person.client.send<{ ticket: string; expires_in: number }>('POST /api/auth/ws-ticket')
  expect(body).toMatchObject({ expires_in: 30 })
  expect(await api.api.sockets.authenticateTicket(body.ticket)).toMatchObject({
    principal: { userId: person.userId, tenantId },
    maxSockets: 50,
  })
  expect(await api.api.sockets.authenticateTicket(body.ticket)).toBeNull()
})

test('API-013, API-016: nothing sent, forged, doubled or a key: 401, the bad one never falls back', async () => {
  const person = await api.person(tenantId, 'viewer')
  expect(await (await fetch(`${api.url}/api/auth/me`)).json()).toMatchObject({ status: 401, code: 'auth.required' })
  const forged = person.client.token.slice(0, -2) + 'xx'
  const refused: Record<string, string>[] = [
    { authorization: `Bearer ${forged}` },
    { authorization: `Bearer ${forged}`, 'x-api-key': 'pk_live_abcdefgh_secret' },
    { 'x-api-key': 'pk_live_abcdefgh_secret' },
    { authorization: 'Bearer pk_live_abcdefgh_secret' },
    { authorization: 'Basic abc' },
  ]
  for (const headers of refused) {
    const response = await fetch(`${api.url}/api/auth/me`, { headers })
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.json()).toMatchObject({ status: 401, code: 'auth.invalid_token' })
  }
  expect((await fetch(`${api.url}/api/auth/me`, { headers: { authorization: `bearer ${person.client.token}` } })).status).toBe(200)
})

/** What only an operator of the database could do; the effect is what the test is about. */
async function asOwnerOfRows(text: string, id: string): Promise<void> {
  const { Client } = await import('pg')
  const client = new Client({ connectionString: api.database.adminUrl })
  await client.connect()
  await client.query(text, [id])
  await client.end()
}

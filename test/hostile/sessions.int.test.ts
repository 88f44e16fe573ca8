/** Refresh tokens, access tokens after their end, the refresh cookie, and who can be told apart (Q-HOS-06, 07, 22, 31). */
import { createHash } from 'node:crypto'
import { inTenant } from '#test/factories/insert'
import { PASSWORD } from '#test/harness/test-api'
import { until } from '#test/harness/until'
import { signIn } from './credentials'
import { endConnections, send, type HttpAnswer } from './http'
import { comparable, expectProblem } from './problem'
import { createHostileWorld, ORIGIN, type HostileWorld } from './world'

jest.setTimeout(60_000)

let world: HostileWorld
beforeAll(async () => {
  world = await createHostileWorld()
})
afterAll(async () => {
  endConnections()
  await world.close()
})

const post = (target: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> =>
  send(world.port, { method: 'POST', target, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
const refresh = (token: string) => post('/api/auth/refresh', { refresh_token: token })
const me = (token: string) =>
  send(world.port, { method: 'GET', target: '/api/auth/me', headers: { authorization: `Bearer ${token}` }, body: null })
const newcomer = async () => {
  const person = await world.api.person(world.own.tenantId, 'operator')
  return { ...person, ...(await signIn(world.port, person.email)) }
}
const sql = (text: string, values: readonly unknown[]) =>
  inTenant(world.api.database.pool, world.own.tenantId, (client) => client.query(text, [...values]))
const hashOf = (token: string) => createHash('sha256').update(token).digest()

describe('Q-HOS-06: a refresh token is used once', () => {
  test('twenty at once: one successor for all', async () => {
    const { refreshToken } = await newcomer()
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ json }) => json?.['refresh_token'])).size).toBe(1)
  })

  test('again after the grace: the family ends, also its newest member', async () => {
    const { refreshToken, userId } = await newcomer()
    const second = await refresh(refreshToken)
    const successor = String(second.json?.['refresh_token'])
    await sql(`update refresh_tokens set rotated_at = rotated_at - interval '11 seconds' where token_hash = $1`, [hashOf(refreshToken)])
    expectProblem(await refresh(refreshToken), [401])
    expectProblem(await refresh(successor), [401])
    expectProblem(await me(String(second.json?.['access_token'])), [401])
    const { rowCount } = await sql(
      `select from audit_log where action = 'auth.refresh_reuse' and (actor_id = $1 or resource_id = $1::text)`,
      [userId],
    )
    expect(rowCount).toBeGreaterThan(0)
  })

  test.each(['', 'rt_unknown', 'x'.repeat(200), "rt_' or 1=1 --"])('%j is no refresh token', async (token) => {
    expectProblem(await refresh(token), [401, 422])
  })
})

describe('Q-HOS-07: an access token ends within a second of its cause', () => {
  const ends = async (accessToken: string) => {
    const started = Date.now()
    await until(async () => (await me(accessToken)).status === 401, { timeoutMs: 3000, everyMs: 20, what: 'the end of the token' })
    expect(Date.now() - started).toBeLessThan(1000)
  }

  test('logout', async () => {
    const { accessToken } = await newcomer()
    expect((await me(accessToken)).status).toBe(200)
    expect((await post('/api/auth/logout', {}, { authorization: `Bearer ${accessToken}` })).status).toBe(200)
    await ends(accessToken)
  })

  test('a session ended from another one', async () => {
    const { accessToken, email } = await newcomer()
    const other = await signIn(world.port, email)
    await send(world.port, {
      method: 'DELETE',
      target: '/api/auth/sessions',
      headers: { authorization: `Bearer ${other.accessToken}` },
      body: null,
    })
    await ends(accessToken)
    expect((await me(other.accessToken)).status).toBe(200)
  })
})

describe('Q-HOS-05, Q-HOS-07: standing is looked at, not what the token once said', () => {
  const revoke = (kind: 'user' | 'tenant', id: string) => world.api.redis.publish('auth:revoked', JSON.stringify({ kind, id }))

  test('a disabled user: access and refresh end, as if the token were any bad one', async () => {
    const { accessToken, refreshToken, userId } = await newcomer()
    expect((await me(accessToken)).status).toBe(200)
    await world.asAdmin('update users set is_active = false where id = $1', [userId])
    await revoke('user', userId)
    await until(async () => (await me(accessToken)).status === 401, { timeoutMs: 1000, everyMs: 20, what: 'the end of the token' })
    expect((await me(accessToken)).json?.['code']).toBe('auth.invalid_token')
    expectProblem(await refresh(refreshToken), [401])
  })

  test('a suspended tenant: the same for everybody in it, nobody elsewhere', async () => {
    const { tenantId } = await world.api.make.tenant()
    const { email } = await world.api.person(tenantId, 'owner')
    const [inside, outside] = [await signIn(world.port, email), await newcomer()]
    expect((await me(inside.accessToken)).status).toBe(200)
    await world.asAdmin(`update tenants set is_active = false, suspended_at = now(), suspension_reason = 'test' where id = $1`, [tenantId])
    await revoke('tenant', tenantId)
    await until(async () => (await me(inside.accessToken)).status === 401, { timeoutMs: 1000, everyMs: 20, what: 'the end of the token' })
    expectProblem(await refresh(inside.refreshToken), [401])
    expect((await me(outside.accessToken)).status).toBe(200)
  })

  test('a lower role counts at once', async () => {
    const { accessToken, userId } = await newcomer()
    const command = () =>
      post(
        `/api/v6/spaces/${world.own.ids['spaces']}/overrides`,
        { kind: 'blocked', reason: 'test' },
        { authorization: `Bearer ${accessToken}` },
      )
    expect((await command()).status).toBe(201)
    await world.asAdmin(`update user_memberships set role = 'viewer' where user_id = $1`, [userId])
    await revoke('user', userId)
    await until(async () => (await command()).status === 403, { timeoutMs: 1000, everyMs: 20, what: 'the smaller role' })
  })
})

describe('Q-HOS-22: nobody can be told from nobody', () => {
  const login = (email: string) => post('/api/auth/login', { email, password: 'wrong password' })

  test('an unknown account and a wrong password: same status, headers and body', async () => {
    const { email } = await newcomer()
    const [known, unknown] = [await login(email), await login('nobody@example.com')]
    expectProblem(known, [401])
    expect(comparable(known)).toEqual(comparable(unknown))
  })

  test('and the same work: times of both overlap', async () => {
    const times = { known: [] as number[], unknown: [] as number[] }
    for (let index = 0; index < 8; index += 1) {
      const { email } = await newcomer()
      times.known.push(await timed(() => login(email)))
      times.unknown.push(await timed(() => login(`nobody-${index}@example.com`)))
    }
    const ratio = median(times.known) / median(times.unknown)
    expect(ratio).toBeGreaterThan(0.5)
    expect(ratio).toBeLessThan(2)
  })
})

describe('Q-HOS-31: the refresh cookie serves the console alone', () => {
  const COOKIE_MODE = { 'x-refresh-mode': 'cookie', origin: ORIGIN }

  async function signInByCookie(): Promise<{ cookie: string; email: string }> {
    const { email } = await newcomer()
    const answer = await post('/api/auth/login', { email, password: PASSWORD }, COOKIE_MODE)
    const [header = ''] = answer.headers['set-cookie'] ?? []
    expect(header).toMatch(/HttpOnly/i)
    expect(header).toMatch(/SameSite=Strict/i)
    expect(answer.json).not.toHaveProperty('refresh_token')
    return { cookie: header.split(';', 1)[0] ?? '', email }
  }

  test.each([
    ['foreign Origin', { 'x-refresh-mode': 'cookie', origin: 'https://evil.example.com' }, {}],
    ['look-alike Origin', { 'x-refresh-mode': 'cookie', origin: `${ORIGIN}.evil.org` }, {}],
    ['null Origin', { 'x-refresh-mode': 'cookie', origin: 'null' }, {}],
    ['no Origin', { 'x-refresh-mode': 'cookie' }, {}],
    ['no header of the console', { origin: ORIGIN }, {}],
    ['a form post', { origin: 'https://evil.example.com', 'content-type': 'application/x-www-form-urlencoded' }, {}],
    ['a plain-text post', { origin: 'https://evil.example.com', 'content-type': 'text/plain' }, {}],
  ])('%s: refused, nothing rotates', async (_name, headers, body) => {
    const { cookie } = await signInByCookie()
    const answer = await post('/api/auth/refresh', body, { ...headers, cookie })
    expectProblem(answer, [401, 403, 415, 422])
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect((await post('/api/auth/refresh', {}, { ...COOKIE_MODE, cookie })).status).toBe(200) // positive control: it is still good
  })

  test('no operation but refresh and logout reads it', async () => {
    const { cookie } = await signInByCookie()
    for (const target of ['/api/auth/me', '/api/v6/spaces', '/api/auth/sessions']) {
      const answer = await send(world.port, { method: 'GET', target, headers: { cookie, ...COOKIE_MODE }, body: null })
      expectProblem(answer, [401])
    }
  })
})

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

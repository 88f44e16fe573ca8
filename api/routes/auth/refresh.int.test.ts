/** Refreshes at the worst moment: while their session ends, and when there were too many of them (API-202, D-14). */
import { PASSWORD, startTestApi, type TestApi } from '#test/harness/test-api'
import { asAdmin } from '#test/harness/rows'
import { until } from '#test/harness/until'
import { uuidV7 } from '#runtime/uuid'
import { hashRefreshToken, newRefreshToken } from './refresh-token'

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
  code?: string
}

async function send(method: string, path: string, { body, token }: { body?: unknown; token?: string }) {
  const response = await fetch(api.url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Tokens }
}
const login = async (email: string) => (await send('POST', '/api/auth/login', { body: { email, password: PASSWORD } })).body
const refresh = (refreshToken: string) => send('POST', '/api/auth/refresh', { body: { refresh_token: refreshToken } })
const me = (token: string) => send('GET', '/api/auth/me', { token })

const rows = <R extends object>(text: string, values: readonly unknown[] = []) => asAdmin<R>(api.database.adminUrl, text, values)
const outliveGrace = (refreshToken: string) =>
  rows(`update refresh_tokens set rotated_at = rotated_at - interval '11 seconds' where token_hash = $1`, [hashRefreshToken(refreshToken)])
const rowOf = async (refreshToken: string) => {
  const [row] = await rows<{ tokenId: string; sessionId: string; userId: string }>(
    `select id as "tokenId", session_id as "sessionId", user_id as "userId" from refresh_tokens where token_hash = $1`,
    [hashRefreshToken(refreshToken)],
  )
  if (row === undefined) throw new Error('no such token')
  return row
}

/** A refresh that has written its successor and not committed yet. */
async function halfRefreshed(refreshToken: string) {
  const { tokenId, sessionId, userId } = await rowOf(refreshToken)
  const successor = newRefreshToken()
  const [gate, written] = [createGate(), createGate()]
  const committed = api.database.unitOfWork.withTenant({ tenantId, userId }, async ({ sessions }) => {
    const held = await sessions.lock(tokenId)
    const successorId = uuidV7()
    await sessions.insert({
      tokenId: successorId,
      userId,
      sessionId,
      tokenHash: hashRefreshToken(successor),
      parentId: tokenId,
      expiresAt: (held?.now ?? 0) + 3_600_000,
      userAgent: null,
      ipAddress: null,
    })
    await sessions.rotate(tokenId, successorId, Buffer.from('sealed'))
    written.open()
    await gate.opened
  })
  await written.opened
  const commit = () => {
    gate.open()
    return committed
  }
  return { successor, commit }
}

function createGate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open: () => open(), opened }
}

const isSomebodyWaiting = async () =>
  (await rows(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length > 0

describe('D-14: what ends a session waits for a refresh of it, and ends its successor too', () => {
  test.each([
    ['logout', ({ access }: Meeting) => send('POST', '/api/auth/logout', { body: {}, token: access }), 200],
    ['the end of all other sessions', async ({ other }: Meeting) => send('DELETE', '/api/auth/sessions', { token: other }), 200],
    ['a token used again after its grace', ({ used }: Meeting) => refresh(used), 401],
  ])('%s', async (_what, end, status) => {
    const { email } = await api.person(tenantId, 'operator')
    const first = await login(email)
    const { access_token: other } = await login(email)
    const { body: second } = await refresh(first.refresh_token)
    await outliveGrace(first.refresh_token)
    const { successor, commit } = await halfRefreshed(second.refresh_token)
    const ending = end({ access: second.access_token, used: first.refresh_token, other })
    await until(isSomebodyWaiting, { what: 'the end that waits for the refresh' })
    await commit()
    expect((await ending).status).toBe(status)
    expect((await refresh(successor)).body).toMatchObject({ code: 'auth.invalid_refresh_token' })
    await until(async () => (await me(second.access_token)).status === 401, { timeoutMs: 1_000 })
  })
})

interface Meeting {
  readonly access: string
  /** Exchanged longer ago than the grace. */
  readonly used: string
  /** The access token of another session of the same person. */
  readonly other: string
}

test('API-202: a refresh that is one too many keeps its token, so that the obedient retry is no reuse', async () => {
  const { email } = await api.person(tenantId, 'operator')
  const { refresh_token: token } = await login(email)
  const { sessionId } = await rowOf(token)
  const counter = `rl:refresh:${sessionId}`
  await api.redis.hset(counter, Math.floor(Date.now() / 1000), 60)
  const refused = await refresh(token)
  expect(refused).toMatchObject({ status: 429, body: { code: 'rate.limited' } })
  expect(refused.headers.get('retry-after')).toBe('60')
  await outliveGrace(token)
  await api.redis.del(counter) // a minute later
  expect((await refresh(token)).status).toBe(200)
})

/** Access tokens and sealed successors (API-014, Q-HOS-05, DB-107). */
import { createHmac } from 'node:crypto'
import { createAccessTokens } from './access-token'
import { createSealer, hashRefreshToken, newRefreshToken } from './refresh-token'

const SECRET = 'a secret of thirty-two bytes or more'
const NOW = Date.parse('2026-07-01T12:00:00Z')
const claims = { userId: 'u', tenantId: 't', sessionId: 's', role: 'viewer', email: 'a@example.com', switchId: null }
const at = (now: number, secret = SECRET, previousSecret?: string) =>
  createAccessTokens({ secret, previousSecret, ttlSeconds: 900, now: () => now })

const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
function forge(header: object, payload: object, secret = SECRET): string {
  const text = `${b64(header)}.${b64(payload)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}
const payload = {
  sub: 'u',
  tenant_id: 't',
  sid: 's',
  role: 'viewer',
  email: 'a@example.com',
  typ: 'access',
  iat: NOW / 1000,
  exp: NOW / 1000 + 900,
}
const HS256 = { alg: 'HS256', typ: 'JWT' }

test('what was issued is read until it ends, five seconds of leeway included', () => {
  const { token, expiresAt } = at(NOW).issue(claims)
  expect(at(NOW).read(token)).toEqual({ ...claims, issuedAt: NOW, expiresAt })
  expect(at(expiresAt + 4_000).read(token)).not.toBeNull()
  expect(at(expiresAt + 5_000).read(token)).toBeNull()
})

test('a token of the previous secret is read during rotation only', () => {
  const { token } = at(NOW, 'the former secret of 32 bytes or so').issue(claims)
  expect(at(NOW, SECRET, 'the former secret of 32 bytes or so').read(token)).not.toBeNull()
  expect(at(NOW).read(token)).toBeNull()
})

test.each<[string, string]>([
  ['the control: a genuine one would pass', ''],
  ['alg none', `${b64({ alg: 'none' })}.${b64(payload)}.`],
  ['alg none with a signature', forge({ alg: 'none' }, payload)],
  ['another algorithm', forge({ alg: 'HS512' }, payload)],
  ['RS256 confusion', forge({ alg: 'RS256' }, payload)],
  ['wrong key', forge(HS256, payload, 'another secret of thirty-two bytes')],
  ['expired', forge(HS256, { ...payload, exp: NOW / 1000 - 6 })],
  ['not before later', forge(HS256, { ...payload, nbf: NOW / 1000 + 60 })],
  ['issued in the future', forge(HS256, { ...payload, iat: NOW / 1000 + 60 })],
  ['a refresh token as access', forge(HS256, { ...payload, typ: 'refresh' })],
  ['no session', forge(HS256, { ...payload, sid: undefined })],
  ['numbers for texts', forge(HS256, { ...payload, sub: 1 })],
  ['payload swapped', forge(HS256, payload).replace(/\.[^.]+\./, `.${b64({ ...payload, tenant_id: 'other' })}.`)],
  ['no JSON', 'a.b.c'],
  ['four parts', `${forge(HS256, payload)}.x`],
  ['endless', 'x'.repeat(5_000)],
])('Q-HOS-05: %s', (what, token) => {
  if (token === '') expect(at(NOW).read(forge({ ...HS256, kid: '../../etc/passwd', jku: 'https://evil.example' }, payload))).not.toBeNull()
  else expect([what, at(NOW).read(token)]).toEqual([what, null])
})

test('DB-107: a successor opens with its key alone, and not when altered', () => {
  const sealer = createSealer('an encryption key of the server')
  const token = newRefreshToken()
  const sealed = sealer.seal(token)
  expect(sealed[0]).toBe(1)
  expect(sealed.includes(Buffer.from(token))).toBe(false)
  expect(sealer.open(sealed)).toBe(token)
  expect(createSealer('another key').open(sealed)).toBeNull()
  sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1
  expect(sealer.open(sealed)).toBeNull()
  expect(hashRefreshToken(token)).toHaveLength(32)
})

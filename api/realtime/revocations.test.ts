/** What ends a socket from outside. */
import type { Principal, UserPrincipal } from '#domain/authorization/principal'
import { closeFor, parseRevocation } from './revocations'

const user: UserPrincipal = {
  kind: 'user',
  tenantId: 't',
  userId: 'u',
  sessionId: 's',
  role: 'viewer',
  membershipRole: 'viewer',
  scope: 'tenant',
  switchId: 'w',
}
const key: Principal = { kind: 'api_key', tenantId: 't', apiKeyId: 'k', scopes: [] }

it.each([
  { revocation: { kind: 'session', id: 's' }, user: 'signIn', key: null },
  { revocation: { kind: 'user', id: 'u' }, user: 'signIn', key: null },
  { revocation: { kind: 'api_key', id: 'k' }, user: null, key: 'signIn' },
  { revocation: { kind: 'tenant', id: 't' }, user: 'forbidden', key: 'forbidden' },
  { revocation: { kind: 'switch', id: 'w' }, user: 'forbidden', key: null },
  { revocation: { kind: 'session', id: 'other' }, user: null, key: null },
] as const)('API-896: $revocation.kind $revocation.id', ({ revocation, ...expected }) => {
  expect({ user: closeFor(user, revocation), key: closeFor(key, revocation) }).toEqual(expected)
})

it('API-896: what is no revocation is none', () => {
  expect(parseRevocation('{"kind":"user","id":"u"}')).toEqual({ kind: 'user', id: 'u' })
  expect(['{"kind":"toString","id":"u"}', '{"kind":"user"}', '[]', 'null', '{"kind":"user","id":1}'].map(parseRevocation)).toEqual([
    null,
    null,
    null,
    null,
    null,
  ])
})

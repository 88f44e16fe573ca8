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
  ['session', 's', 'signIn', null],
  ['user', 'u', 'signIn', null],
  ['api_key', 'k', null, 'signIn'],
  ['tenant', 't', 'forbidden', 'forbidden'],
  ['switch', 'w', 'forbidden', null],
  ['session', 'other', null, null],
] as const)('API-896: %s %s', (kind, id, ofUser, ofKey) => {
  expect(closeFor(user, { kind, id })).toBe(ofUser)
  expect(closeFor(key, { kind, id })).toBe(ofKey)
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

import fc from 'fast-check'
import { PROPERTY_RUNS } from '#test/factories/arbitrary-facts'
import { apiKey, HOME_TENANT, member, OTHER_TENANT, platformAdmin, switchedAdmin } from '#test/factories/principals'
import { createAbility } from './abilities'
import { abilityOf, aboutRow, allow, allowWhere, packAbility, unpackAbility, type AppRule } from './ability'
import { assertAllowed } from './assert-allowed'
import type { Principal } from './principal'
import { expandScopes, SCOPES, unknownScopes } from './scopes'
import { PERMISSIONS } from './vocabulary'

const arbitraryPermission = fc.constantFrom(...PERMISSIONS)
const arbitraryScopes = fc.uniqueArray(fc.constantFrom(...SCOPES))
const arbitraryRow = fc.record({
  tenant_id: fc.constantFrom(HOME_TENANT, OTHER_TENANT),
  user_id: fc.constantFrom('user-me', 'user-other'),
  created_by: fc.constantFrom('user-me', 'key-me', 'user-other'),
})
const arbitraryPrincipal: fc.Arbitrary<Principal> = fc.oneof(
  fc.constantFrom('viewer' as const, 'operator' as const, 'admin' as const, 'owner' as const).map((role) => member(role)),
  fc.constantFrom(platformAdmin(), switchedAdmin()),
  arbitraryScopes.map((scopes) => apiKey(...scopes)),
)
const arbitraryRule: fc.Arbitrary<AppRule> = fc
  .tuple(arbitraryPermission, fc.constantFrom('user-me', 'user-other'), fc.boolean())
  .map(([{ action, subject }, user, isLimited]) => (isLimited ? allowWhere(action, subject, { user_id: user }) : allow(action, subject)))

describe('abilities (Q-PRP-32)', () => {
  it('adding a rule never removes a permission', () => {
    const property = fc.property(
      fc.array(arbitraryRule, { maxLength: 20 }),
      arbitraryRule,
      arbitraryPermission,
      arbitraryRow,
      (...drawn) => {
        const [rules, added, { action, subject }, row] = drawn
        const before = abilityOf(rules)
        const after = abilityOf([...rules, added])
        if (before.can(action, subject)) expect(after.can(action, subject)).toBe(true)
        if (before.can(action, aboutRow(subject, row))) expect(after.can(action, aboutRow(subject, row))).toBe(true)
      },
    )
    fc.assert(property, PROPERTY_RUNS)
  })

  it('a key has no power beyond its scopes: fewer scopes never allow more', () => {
    const property = fc.property(arbitraryScopes, fc.constantFrom(...SCOPES), arbitraryPermission, arbitraryRow, (...drawn) => {
      const [scopes, dropped, entry, row] = drawn
      const more = createAbility(apiKey(...scopes))
      const fewer = createAbility(apiKey(...scopes.filter((scope) => scope !== dropped)))
      const about = aboutRow(entry.subject, row)
      if (fewer.can(entry.action, about)) expect(more.can(entry.action, about)).toBe(true)
      if (more.can(entry.action, about)) expect(entry.scope).not.toBe('none')
    })
    fc.assert(property, PROPERTY_RUNS)
  })

  it("the console's packed rules answer as the server's", () => {
    const property = fc.property(arbitraryPrincipal, arbitraryPermission, arbitraryRow, (principal, { action, subject }, row) => {
      const server = createAbility(principal)
      const console_ = unpackAbility(JSON.parse(JSON.stringify(packAbility(server))) as ReturnType<typeof packAbility>)
      expect(console_.can(action, subject)).toBe(server.can(action, subject))
      expect(console_.can(action, aboutRow(subject, row))).toBe(server.can(action, aboutRow(subject, row)))
    })
    fc.assert(property, PROPERTY_RUNS)
  })

  it('API-152: rules are additive and no condition matches everything', () => {
    for (const principal of [member('viewer'), member('owner'), platformAdmin(), switchedAdmin(), apiKey(...SCOPES)]) {
      for (const { inverted, conditions } of createAbility(principal).rules) {
        expect(inverted ?? false).toBe(false)
        if (conditions !== undefined) expect(Object.values(conditions)).not.toHaveLength(0)
      }
    }
    expect(() => allowWhere('change', 'Reservation', {})).toThrow('empty condition')
    expect(() => allowWhere('change', 'Reservation', { user_id: undefined as unknown as string })).toThrow('empty condition')
  })

  it('manage is one action, not every action: an admin manages the network server and may not map it', () => {
    const admin = createAbility(member('admin'))
    expect(admin.can('manage', 'NetworkServer')).toBe(true)
    expect(admin.can('map', 'NetworkServer')).toBe(false)
  })
})

describe('refusals', () => {
  const refusal = (principal: Principal, permission: { subject: string; action: string }, row?: Record<string, string>) => {
    try {
      assertAllowed({ principal, ability: createAbility(principal) }, permission, row)
      return 'allowed'
    } catch (error) {
      const { code, details } = error as { code: string; details: { extra?: Record<string, unknown> } }
      return [code, ...Object.values(details.extra ?? {})].join(' ')
    }
  }
  const foreign = { tenant_id: OTHER_TENANT, user_id: 'user-other' }

  it.each([
    ['a viewer who would make a site', member('viewer'), { subject: 'Site', action: 'create' }, undefined, 'permission.role admin'],
    [
      'an owner who would read all tenants',
      member('owner'),
      { subject: 'Tenant', action: 'manage' },
      undefined,
      'permission.role platform_admin',
    ],
    ['a key without the scope', apiKey('sites:read'), { subject: 'Site', action: 'update' }, undefined, 'permission.scope sites:write'],
    ['a platform route in a switched session', switchedAdmin(), { subject: 'Tenant', action: 'manage' }, undefined, 'tenant.switch_active'],
    ['a credential in a switched session', switchedAdmin(), { subject: 'ApiKey', action: 'manage' }, undefined, 'tenant.switch_active'],
    [
      "API-959: a platform admin on a customer's row",
      platformAdmin(),
      { subject: 'Space', action: 'override' },
      foreign,
      'tenant.switch_required',
    ],
    ["a viewer and another's booking", member('viewer'), { subject: 'Reservation', action: 'change' }, foreign, 'permission.not_yours'],
    ['an operator and any booking', member('operator'), { subject: 'Reservation', action: 'change' }, foreign, 'allowed'],
  ])('%s', (...refused) => {
    const [, principal, permission, row, expected] = refused
    expect(refusal(principal, permission, row)).toBe(expected)
  })

  it('a pair outside the vocabulary is a mistake of ours, not a refusal', () => {
    const access = { principal: member('owner'), ability: createAbility(member('owner')) }
    expect(() => assertAllowed(access, { subject: 'Site', action: 'paint' })).toThrow('not in the vocabulary')
  })
})

describe('scopes (D-15)', () => {
  it('write implies read, and nothing implies admin:*', () => {
    expect([...expandScopes(['spaces:write'])]).toEqual(['spaces:write', 'spaces:read'])
    expect(expandScopes(SCOPES.filter((scope) => scope !== 'admin:*')).has('admin:*')).toBe(false)
  })

  it('an unknown scope is named, so that it can be refused', () => {
    expect(unknownScopes(['spaces:read', 'spaces:admin', 'analytics:write', '*'])).toEqual(['spaces:admin', 'analytics:write', '*'])
  })
})

/** From a principal to what it may do: each row of the vocabulary gives a rule, a rule on own rows, or none (D-10, API § 3). */
import { assertNever } from '../shared/assert-never'
import { abilityOf, allow, allowWhere, type AppAbility, type AppRule } from './ability'
import type { ApiKeyPrincipal, MembershipRole, Principal, UserPrincipal } from './principal'
import { expandScopes, type Scope } from './scopes'
import { OWNER_MEMBER, PERMISSIONS, type PermissionEntry } from './vocabulary'

/** How far one principal's grant of one permission reaches. */
type Grant = 'all' | 'home' | 'own' | 'none'

const RANK: Readonly<Record<MembershipRole, number>> = { viewer: 0, operator: 1, admin: 2, owner: 3 }

export function createAbility(principal: Principal): AppAbility {
  return abilityOf(PERMISSIONS.flatMap((entry) => ruleOf(entry, principal)))
}

function ruleOf(entry: PermissionEntry, principal: Principal): readonly AppRule[] {
  const grant = principal.kind === 'user' ? grantOfUser(entry, principal) : grantOfKey(entry, principal)
  switch (grant) {
    case 'none':
      return []
    case 'all':
      return [allow(entry.action, entry.subject)]
    case 'home':
      return [allowWhere(entry.action, entry.subject, { tenant_id: principal.tenantId })]
    case 'own':
      return [allowWhere(entry.action, entry.subject, ownConditions(entry, principal))]
    default:
      return assertNever(grant)
  }
}

function ownConditions({ subject, action }: PermissionEntry, principal: Principal): Readonly<Record<string, string>> {
  const member = OWNER_MEMBER[subject]
  if (member === undefined) throw new Error(`${subject}.${action} has no member that says whose it is`)
  return { [member]: principal.kind === 'user' ? principal.userId : principal.apiKeyId }
}

function grantOfUser(entry: PermissionEntry, { scope, switchId, membershipRole }: UserPrincipal): Grant {
  if (scope === 'platform') return entry.platform
  if (switchId !== null) return outlivesSwitch(entry) ? 'none' : grantOfRole(entry, 'owner')
  return grantOfRole(entry, membershipRole)
}

function grantOfRole({ from, own }: PermissionEntry, role: MembershipRole): Grant {
  if (from !== null && RANK[role] >= RANK[from]) return 'all'
  return own !== undefined && RANK[role] >= RANK[own] ? 'own' : 'none'
}

/** No credential may outlive the switch: in a switched session none can be made. */
export function outlivesSwitch({ subject }: PermissionEntry): boolean {
  return subject === 'ApiKey' || subject === 'WebhookSecret'
}

/** A key can never do more than the scopes it lists (D-15); `admin:*` is what an admin may and a key can. */
function grantOfKey(entry: PermissionEntry, { scopes }: ApiKeyPrincipal): Grant {
  const held = expandScopes(scopes)
  if (entry.scope === 'none') return 'none'
  if (held.has('admin:*') && grantOfRole(entry, 'admin') === 'all') return 'all'
  return grantOfScope(entry.scope, held)
}

function grantOfScope(need: Exclude<PermissionEntry['scope'], 'none'>, held: ReadonlySet<Scope>): Grant {
  const ends = (suffix: string) => [...held].some((scope) => scope.endsWith(suffix))
  switch (need) {
    case 'any:read':
      return ends(':read') ? 'all' : 'none'
    case 'own:any':
      return held.size > 0 ? 'own' : 'none'
    case 'own:write':
      return ends(':write') ? 'own' : 'none'
    default:
      return held.has(need) ? 'all' : 'none'
  }
}

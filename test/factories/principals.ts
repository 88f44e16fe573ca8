/** Principals of every standing, for tests of who may do what. */
import type { ApiKeyPrincipal, MembershipRole, UserPrincipal } from '#domain/authorization/principal'

export const HOME_TENANT = 'tenant-home'
export const OTHER_TENANT = 'tenant-other'

/** A member of the home tenant. */
export function member(role: MembershipRole, changes: Partial<UserPrincipal> = {}): UserPrincipal {
  const session = { userId: 'user-me', sessionId: 'session-1', switchId: null }
  return { kind: 'user', tenantId: HOME_TENANT, ...session, role, membershipRole: role, scope: 'tenant', ...changes }
}

/** A platform admin on the platform tenant, which is the home tenant here. */
export function platformAdmin(changes: Partial<UserPrincipal> = {}): UserPrincipal {
  return member('admin', { role: 'platform_admin', scope: 'platform', ...changes })
}

/** A platform admin who switched to the home tenant. */
export function switchedAdmin(): UserPrincipal {
  return member('admin', { role: 'platform_admin', switchId: 'switch-1' })
}

export function apiKey(...scopes: readonly string[]): ApiKeyPrincipal {
  return { kind: 'api_key', tenantId: HOME_TENANT, apiKeyId: 'key-me', scopes }
}

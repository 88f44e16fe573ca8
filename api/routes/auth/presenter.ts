/** People, tokens and sessions as answers show them (api-v6 § 4). */
import { toIso } from '#domain/shared/instant'
import type { Role, UserPrincipal } from '#domain/authorization/principal'
import type { Row } from '../shared/repositories'
import type { Membership } from './lookups'
import type { RefreshMode } from './refresh-cookie'
import type { SignedIn, TokenPair } from './token-pairs'

const isoOrNull = (instant: number | null): string | null => (instant === null ? null : toIso(instant))

const presentMembership = ({ tenantId, name, slug, role }: Membership) => ({ id: tenantId, name, slug, role })

/** `switch` is null until entering another tenant is offered (API-215). */
function presentUser({ user, tenant, role }: SignedIn) {
  const isPlatformAdmin = isPlatform(role)
  return {
    id: user.userId,
    email: user.email,
    username: user.name,
    name: user.name,
    tenant_id: tenant.tenantId,
    tenant_name: tenant.name,
    tenant_slug: tenant.slug,
    role,
    membership_role: user.membershipRole,
    is_platform_admin: isPlatformAdmin,
    scope: isPlatformAdmin ? 'platform' : 'tenant',
    email_verified: user.isEmailVerified,
    language: user.language,
    last_login_at: isoOrNull(user.lastLoginAt),
    created_at: toIso(user.createdAt),
    switch: null,
  }
}

const isPlatform = (role: Role): boolean => role === 'platform_admin'

export function presentMe(signedIn: SignedIn) {
  return { ...presentUser(signedIn), tenants: signedIn.memberships.map(presentMembership) }
}

/** In cookie mode the refresh token is not in the body. */
export function presentTokens(pair: TokenPair, mode: RefreshMode) {
  return {
    access_token: pair.accessToken,
    ...(mode === 'body' ? { refresh_token: pair.refreshToken } : {}),
    token_type: 'bearer',
    expires_in: pair.expiresInSeconds,
    refresh_expires_in: pair.refreshExpiresInSeconds,
    user: presentUser(pair),
    tenants: pair.memberships.map(presentMembership),
  }
}

export function presentSession(session: Row<'sessions', 'listOpen'>, principal: UserPrincipal) {
  return {
    id: session.sessionId,
    created_at: toIso(session.createdAt),
    last_used_at: isoOrNull(session.lastUsedAt),
    expires_at: toIso(session.expiresAt),
    ip: session.ipAddress,
    user_agent: session.userAgent,
    tenant_id: principal.tenantId,
    current: session.sessionId === principal.sessionId,
  }
}

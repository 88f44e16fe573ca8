/** Makes what a sign-in or refresh hands out: an access token, a refresh token, and who they are for. */
import type { Row } from '../shared/repositories'
import type { Role } from '#domain/authorization/principal'
import type { AccessTokens } from './access-token'
import type { Membership } from './lookups'
import { roleOf } from './standings'

/** Who is signed in where; `memberships` are all tenants they may choose. */
export interface SignedIn {
  readonly user: Row<'users', 'get'>
  readonly tenant: Pick<Row<'tenant', 'get'>, 'tenantId' | 'name' | 'slug'>
  readonly role: Role
  readonly memberships: readonly Membership[]
}

export interface TokenPair extends SignedIn {
  readonly accessToken: string
  readonly expiresInSeconds: number
  readonly refreshToken: string
  /** Milliseconds since the epoch. */
  readonly refreshExpiresAt: number
  readonly refreshExpiresInSeconds: number
}

export interface PairParts extends Omit<SignedIn, 'role'> {
  readonly sessionId: string
  readonly refreshToken: string
  readonly refreshExpiresAt: number
}

export interface TokenPairs {
  make(parts: PairParts): TokenPair
}

export function createTokenPairs({
  tokens,
  platformTenantId,
  now,
}: {
  tokens: AccessTokens
  platformTenantId: string
  now: () => number
}): TokenPairs {
  return {
    make({ sessionId, refreshToken, refreshExpiresAt, ...who }) {
      const role = roleOf(who.user.membershipRole, who.tenant.tenantId === platformTenantId)
      const { token } = tokens.issue({
        userId: who.user.userId,
        tenantId: who.tenant.tenantId,
        sessionId,
        role,
        email: who.user.email,
        switchId: null,
      })
      return {
        ...who,
        role,
        accessToken: token,
        expiresInSeconds: tokens.ttlSeconds,
        refreshToken,
        refreshExpiresAt,
        refreshExpiresInSeconds: Math.max(0, Math.floor((refreshExpiresAt - now()) / 1000)),
      }
    },
  }
}

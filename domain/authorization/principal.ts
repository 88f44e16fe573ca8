/** Who asks, and on whose rows; made by authentication, passed down, never re-derived (D-10, D-12, Q-TRP-12). */

export type MembershipRole = 'viewer' | 'operator' | 'admin' | 'owner'
export type Role = MembershipRole | 'platform_admin'

/** A signed-in person. `scope: 'platform'` = a platform admin on the platform tenant: sees every tenant's rows (D-12). */
export interface UserPrincipal {
  readonly kind: 'user'
  readonly tenantId: string
  readonly userId: string
  readonly sessionId: string
  readonly role: Role
  readonly membershipRole: MembershipRole
  readonly scope: 'tenant' | 'platform'
  readonly switchId: string | null
}

/** Reserved for keys (API-012); declared so that guards already speak of scopes. */
export interface ApiKeyPrincipal {
  readonly kind: 'api_key'
  readonly tenantId: string
  readonly apiKeyId: string
  readonly scopes: readonly string[]
}

export type Principal = UserPrincipal | ApiKeyPrincipal

/** Who did it, for audit rows, transitions and commands (D-16). `name` is never written into Temporal. */
export interface Actor {
  readonly type: 'user' | 'api_key' | 'system' | 'webhook' | 'workflow'
  readonly id: string | null
  readonly name?: string | null
}

/** Where a mutation comes from; every audit row carries it. */
export interface Origin {
  readonly actor: Actor
  readonly requestId: string | null
  readonly ipAddress?: string | null
  readonly userAgent?: string | null
  readonly workflowId?: string | null
  readonly runId?: string | null
  readonly switchId?: string | null
}

/** Signs a person in: the same answer and the same work for everyone who may not (API-201). */
import type { UnitOfWork } from '#db/unit-of-work'
import { DomainError } from '#domain/shared/domain-error'
import { uuidV7 } from '#runtime/uuid'
import type { LoginThrottle } from './login-throttle'
import type { AuthLookups, Membership } from './lookups'
import type { PasswordCheck } from './passwords'
import { hashRefreshToken, newRefreshToken } from './refresh-token'
import type { TokenPair, TokenPairs } from './token-pairs'

export interface LoginRequest {
  readonly email: string
  readonly password: string
  readonly tenantId?: string | undefined
  readonly tenantSlug?: string | undefined
}

/** Where a request comes from, for the session list and the audit row. */
export interface Client {
  readonly address: string
  readonly userAgent: string | null
  readonly requestId: string
}

export interface LoginService {
  login(request: LoginRequest, client: Client): Promise<TokenPair>
}

export interface LoginDeps {
  readonly unitOfWork: UnitOfWork
  readonly lookups: AuthLookups
  readonly passwords: PasswordCheck
  readonly throttle: LoginThrottle
  readonly pairs: TokenPairs
  readonly refreshTtlMs: number
  readonly now: () => number
}

export function createLoginService(deps: LoginDeps): LoginService {
  return {
    async login(request, client) {
      const account = request.email.toLowerCase()
      await deps.throttle.begin(account, client.address)
      const found = await deps.lookups.findLogin(account)
      const isRight = await deps.passwords.verify(found?.passwordHash ?? null, request.password)
      if (found === null || !isRight || !found.isActive) throw new DomainError('auth.invalid_credentials')
      const memberships = await deps.lookups.memberships(found.userId)
      const membership = choose(memberships, request)
      await deps.throttle.succeed(account, client.address)
      return openSession(deps, { userId: found.userId, membership, memberships, client })
    },
  }
}

/** The tenant asked for, else the first active one; a suspended one is told only to those whose password was right. */
function choose(memberships: readonly Membership[], { tenantId, tenantSlug }: LoginRequest): Membership {
  const wanted = memberships.filter(
    (one) => (tenantId === undefined || one.tenantId === tenantId) && (tenantSlug === undefined || one.slug === tenantSlug),
  )
  const active = wanted.find((one) => one.isTenantActive)
  if (active !== undefined) return active
  throw new DomainError(wanted.length > 0 ? 'tenant.suspended' : 'auth.invalid_credentials')
}

interface Opening {
  readonly userId: string
  readonly membership: Membership
  readonly memberships: readonly Membership[]
  readonly client: Client
}

async function openSession(
  { unitOfWork, pairs, refreshTtlMs, now }: LoginDeps,
  { userId, membership, memberships, client }: Opening,
): Promise<TokenPair> {
  const sessionId = uuidV7()
  const refreshToken = newRefreshToken()
  const refreshExpiresAt = now() + refreshTtlMs
  const { tenantId } = membership
  const user = await unitOfWork.withTenant({ tenantId, userId }, async ({ sessions, users, audit }) => {
    await sessions.insert({
      tokenId: uuidV7(),
      userId,
      sessionId,
      tokenHash: hashRefreshToken(refreshToken),
      parentId: null,
      expiresAt: refreshExpiresAt,
      userAgent: client.userAgent,
      ipAddress: client.address,
    })
    await users.touchLogin(userId)
    const origin = {
      actor: { type: 'user', id: userId },
      requestId: client.requestId,
      ipAddress: client.address,
      userAgent: client.userAgent,
    } as const
    await audit.write({ action: 'auth.login', resourceType: 'session', resourceId: sessionId }, origin)
    return users.get(userId)
  })
  if (user === null) throw new DomainError('auth.invalid_credentials')
  return pairs.make({ user, tenant: membership, memberships, sessionId, refreshToken, refreshExpiresAt })
}

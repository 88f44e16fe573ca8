/** Exchanges a refresh token: once, with ten seconds of grace; a later second use ends the whole family (API-202, D-14). */
import type { UnitOfWork } from '#db/unit-of-work'
import { DomainError } from '#domain/shared/domain-error'
import { uuidV7 } from '#runtime/uuid'
import type { RateLimiter } from '../../middleware/rate-limiter'
import type { Repositories, Row } from '../shared/repositories'
import type { Client } from './login.service'
import type { AuthLookups } from './lookups'
import { hashRefreshToken, newRefreshToken, type Sealer } from './refresh-token'
import type { Standings } from './standings'
import type { TokenPair, TokenPairs } from './token-pairs'

export interface RefreshService {
  refresh(token: string, client: Client): Promise<TokenPair>
}

export interface RefreshDeps {
  readonly unitOfWork: UnitOfWork
  readonly lookups: AuthLookups
  readonly standings: Standings
  readonly pairs: TokenPairs
  readonly sealer: Sealer
  readonly limiter: RateLimiter
  readonly refreshTtlMs: number
}

type LockedToken = Row<'sessions', 'lock'>

/** What became of the token, decided under its lock. */
type Exchange =
  | {
      readonly kind: 'rotated' | 'grace'
      readonly sessionId: string
      readonly refreshToken: string
      readonly expiresAt: number
      readonly user: Row<'users', 'get'>
    }
  | { readonly kind: 'refused' }
  | { readonly kind: 'reused'; readonly sessionId: string }

const GRACE_MS = 10_000
const REFRESHES_PER_MINUTE = 60

const refused = () => new DomainError('auth.invalid_refresh_token')

export function createRefreshService(deps: RefreshDeps): RefreshService {
  return {
    async refresh(token, client) {
      const owner = await deps.lookups.findRefreshToken(hashRefreshToken(token))
      if (owner === null) throw refused()
      const { tenantId, userId, tokenId } = owner
      const memberships = await deps.lookups.memberships(userId)
      const membership = memberships.find((one) => one.tenantId === tenantId && one.isTenantActive)
      if (membership === undefined) throw refused()
      await assertMayRefresh(deps, { tenantId, userId, tokenId })
      const exchange = await deps.unitOfWork.withTenant({ tenantId, userId }, (repositories) =>
        exchangeToken(deps, repositories, { token, tokenId, client }),
      )
      if (exchange.kind === 'reused') await deps.standings.revoke('session', exchange.sessionId)
      if (exchange.kind === 'reused' || exchange.kind === 'refused') throw refused()
      return deps.pairs.make({ ...exchange, tenant: membership, memberships, refreshExpiresAt: exchange.expiresAt })
    },
  }
}

/**
 * A disabled person or an ended session gets nothing, whatever the token says; and nobody refreshes without end. Asked before the
 * exchange: a token that is rotated and then refused would make the caller's next try look like a theft.
 */
async function assertMayRefresh(
  { unitOfWork, lookups, limiter }: RefreshDeps,
  { tenantId, userId, tokenId }: { tenantId: string; userId: string; tokenId: string },
): Promise<void> {
  const sessionId = await unitOfWork.withTenant({ tenantId, userId }, ({ sessions }) => sessions.sessionOf(tokenId), { readOnly: true })
  const standing = sessionId === null ? null : await lookups.standing({ tenantId, userId, sessionId })
  if (sessionId === null || standing?.isActive !== true) throw refused()
  if (!(await limiter.takeNamed('refresh', sessionId, REFRESHES_PER_MINUTE)))
    throw new DomainError('rate.limited', { retryAfterSeconds: 60 })
}

interface Asked {
  readonly token: string
  readonly tokenId: string
  readonly client: Client
}

async function exchangeToken(deps: RefreshDeps, repositories: Repositories, asked: Asked): Promise<Exchange> {
  const held = await repositories.sessions.lock(asked.tokenId)
  if (held === null || held.revokedAt !== null || held.expiresAt <= held.now) return { kind: 'refused' }
  const user = await repositories.users.get(held.userId)
  if (user === null) return { kind: 'refused' }
  if (held.rotatedAt === null) return { ...(await rotate(deps, repositories, { held, client: asked.client })), kind: 'rotated', user }
  const successor = held.now - held.rotatedAt <= GRACE_MS && held.successorSealed !== null ? deps.sealer.open(held.successorSealed) : null
  if (successor !== null)
    return { kind: 'grace', sessionId: held.sessionId, refreshToken: successor, expiresAt: held.rotatedAt + deps.refreshTtlMs, user }
  await revokeFamily(repositories, held, asked.client)
  return { kind: 'reused', sessionId: held.sessionId }
}

async function rotate(
  { sealer, refreshTtlMs }: RefreshDeps,
  { sessions }: Repositories,
  { held, client }: { held: LockedToken; client: Client },
) {
  const refreshToken = newRefreshToken()
  const successorId = uuidV7()
  const expiresAt = held.now + refreshTtlMs
  await sessions.insert({
    tokenId: successorId,
    userId: held.userId,
    sessionId: held.sessionId,
    tokenHash: hashRefreshToken(refreshToken),
    parentId: held.tokenId,
    expiresAt,
    userAgent: client.userAgent,
    ipAddress: client.address,
  })
  await sessions.rotate(held.tokenId, successorId, sealer.seal(refreshToken))
  await sessions.forgetSuccessors(held.userId, held.sessionId)
  return { sessionId: held.sessionId, refreshToken, expiresAt }
}

/** Somebody holds a token that was already exchanged: thief or owner, nobody can tell, so both sign in again. */
async function revokeFamily({ sessions, audit }: Repositories, { sessionId, userId }: LockedToken, client: Client): Promise<void> {
  await sessions.revokeFamily(sessionId, 'refresh_reuse')
  const origin = {
    actor: { type: 'user', id: userId },
    requestId: client.requestId,
    ipAddress: client.address,
    userAgent: client.userAgent,
  } as const
  await audit.write({ action: 'auth.refresh_reuse', resourceType: 'session', resourceId: sessionId, success: false }, origin)
}

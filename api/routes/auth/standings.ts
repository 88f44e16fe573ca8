/** How people stand now: role, tenant and session, remembered for at most a second and forgotten at once when revoked (API-015, D-14). */
import type { Redis } from 'ioredis'
import type { Role, UserPrincipal } from '#domain/authorization/principal'
import type { Logger } from '#runtime/logger'
import type { AccessToken } from './access-token'
import type { AuthLookups, SessionIds, Standing } from './lookups'

/** What ends: everything of a session, a person, or a tenant. */
export type RevocationKind = 'session' | 'user' | 'tenant'

export interface Standings {
  /** The principal as they stand now; null when the session, the person or the tenant no longer stands. */
  principalOf(token: AccessToken): Promise<UserPrincipal | null>
  isStanding(principal: UserPrincipal): Promise<boolean>
  /** Call after the commit that ended it: forgotten here at once, and on every replica as soon as Redis delivers. */
  revoke(kind: RevocationKind, id: string): Promise<void>
  close(): void
}

export interface StandingsOptions {
  readonly lookups: Pick<AuthLookups, 'standing'>
  readonly redis: Redis
  /** A connection in subscriber mode (Q-TRP-50). */
  readonly subscriber: Redis
  readonly platformTenantId: string
  readonly now: () => number
  readonly log: Pick<Logger, 'warn'>
}

export const REVOCATION_CHANNEL = 'auth:revoked'
/**
 * The bound of D-14 holds by this alone, also while Redis is away: a standing is read again after less than a second.
 * The channel only makes it sooner.
 */
const REMEMBER_MS = 900
const MAX_REMEMBERED = 10_000

interface Remembered extends SessionIds {
  readonly standing: Promise<Standing | null>
  readonly until: number
}

export function createStandings({ lookups, redis, subscriber, platformTenantId, now, log }: StandingsOptions): Standings {
  const memory = createMemory(lookups, now)
  const onMessage = (channel: string, message: string) => {
    const revocation = channel === REVOCATION_CHANNEL ? readRevocation(message) : null
    if (revocation !== null) memory.forget(revocation.kind, revocation.id)
  }
  subscriber.on('message', onMessage)
  subscriber.subscribe(REVOCATION_CHANNEL).catch((error: unknown) => log.warn({ err: error }, 'revocations come by time alone'))

  return {
    async principalOf(token) {
      const { userId, tenantId, sessionId, switchId, issuedAt } = token
      const standing = await memory.look({ userId, tenantId, sessionId })
      if (standing === null || !standing.isActive || (standing.validAfter !== null && issuedAt < standing.validAfter)) return null
      const role = roleOf(standing.role, tenantId === platformTenantId)
      const scope = role === 'platform_admin' ? 'platform' : 'tenant'
      return { kind: 'user', tenantId, userId, sessionId, role, membershipRole: standing.role, scope, switchId }
    },
    isStanding: async ({ userId, tenantId, sessionId }) => (await memory.look({ userId, tenantId, sessionId }))?.isActive === true,
    async revoke(kind, id) {
      memory.forget(kind, id)
      try {
        await redis.publish(REVOCATION_CHANNEL, JSON.stringify({ kind, id }))
      } catch (error) {
        log.warn({ err: error }, 'other replicas learn of a revocation by time') // within REMEMBER_MS
      }
    },
    close: () => void subscriber.off('message', onMessage),
  }
}

/** Standings of the last moment, one look-up for all requests of a session that come together. */
function createMemory(lookups: StandingsOptions['lookups'], now: () => number) {
  const remembered = new Map<string, Remembered>()
  return {
    forget(kind: RevocationKind, id: string): void {
      for (const [key, entry] of remembered) if (entry[ID_MEMBER[kind]] === id) remembered.delete(key)
    },
    look(ids: SessionIds): Promise<Standing | null> {
      const key = `${ids.tenantId}/${ids.userId}/${ids.sessionId}`
      const known = remembered.get(key)
      if (known !== undefined && known.until > now()) return known.standing
      if (remembered.size >= MAX_REMEMBERED) remembered.clear()
      const standing = lookups.standing(ids)
      remembered.set(key, { ...ids, standing, until: now() + REMEMBER_MS })
      standing.catch(() => remembered.delete(key)) // the caller sees the error; the next one asks again
      return standing
    },
  }
}

const ID_MEMBER = { session: 'sessionId', user: 'userId', tenant: 'tenantId' } as const

/** A platform admin is an owner or admin of the platform tenant (D-10). */
export function roleOf(membershipRole: UserPrincipal['membershipRole'], isPlatformTenant: boolean): Role {
  return isPlatformTenant && (membershipRole === 'owner' || membershipRole === 'admin') ? 'platform_admin' : membershipRole
}

function readRevocation(message: string): { kind: RevocationKind; id: string } | null {
  try {
    const { kind, id } = JSON.parse(message) as { kind?: unknown; id?: unknown }
    const isKnown = kind === 'session' || kind === 'user' || kind === 'tenant'
    return isKnown && typeof id === 'string' ? { kind, id } : null
  } catch {
    return null // not ours
  }
}

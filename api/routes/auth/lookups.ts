/** What signing in asks before there is a tenant: the definer functions of schema § 4, as this room needs them. */
import type { UnitOfWork } from '#db/unit-of-work'
import type { MembershipRole } from '#domain/authorization/principal'
import type { Lookups } from '../shared/repositories'

type PrincipalRow = Awaited<ReturnType<Lookups['lookup']['principal']>>

export interface Login {
  readonly userId: string
  readonly passwordHash: string | null
  readonly isActive: boolean
}

export interface Membership {
  readonly tenantId: string
  readonly name: string
  readonly slug: string
  readonly role: MembershipRole
  readonly isTenantActive: boolean
}

export interface Standing {
  readonly role: MembershipRole
  readonly isActive: boolean
  /** Milliseconds since the epoch; tokens issued before are refused. */
  readonly validAfter: number | null
}

export interface WindowState {
  readonly granted: boolean
  readonly remaining: number
  readonly retryAfterMs: number
}

export interface WindowRequest {
  readonly scope: 'login_account' | 'login_address'
  readonly key: string
  readonly limit: number
  readonly windowSeconds: number
}

/** Counters that outlive Redis (DB-152). */
export interface DurableWindows {
  take(request: WindowRequest): Promise<WindowState>
  giveBack(request: WindowRequest): Promise<void>
  reset(scope: WindowRequest['scope'], key: string): Promise<void>
}

export interface AuthLookups {
  findLogin(email: string): Promise<Login | null>
  /** Active memberships; the first one in an active tenant is the default of a sign-in. */
  memberships(userId: string): Promise<readonly Membership[]>
  standing(ids: SessionIds): Promise<Standing | null>
  findRefreshToken(tokenHash: Buffer): Promise<{ readonly tenantId: string; readonly tokenId: string; readonly userId: string } | null>
  /** One transaction over the durable counters: concurrent callers of one key wait for each other. */
  withWindows<T>(work: (windows: DurableWindows) => Promise<T>): Promise<T>
}

export interface SessionIds {
  readonly userId: string
  readonly tenantId: string
  readonly sessionId: string
}

export function createAuthLookups(unitOfWork: Pick<UnitOfWork, 'withLookups'>): AuthLookups {
  return {
    findLogin: (email) => unitOfWork.withLookups(({ lookup }) => lookup.findLogin(email)),
    memberships: (userId) =>
      unitOfWork.withLookups(async ({ lookup }) =>
        (await lookup.memberships(userId)).map(({ tenantActive, ...row }) => ({ ...row, isTenantActive: tenantActive })),
      ),
    standing: ({ userId, tenantId, sessionId }) =>
      unitOfWork.withLookups(async ({ lookup }) => standingOf(await lookup.principal(userId, tenantId, sessionId))),
    findRefreshToken: (tokenHash) => unitOfWork.withLookups(({ lookup }) => lookup.findRefreshToken(tokenHash)),
    withWindows: (work) => unitOfWork.withLookups(({ lookup }) => work(windowsOf(lookup))),
  }
}

function standingOf(row: PrincipalRow): Standing | null {
  if (row === null || row.role === null) return null
  return { role: row.role, isActive: row.userActive && row.tenantActive && row.sessionActive, validAfter: row.validAfter }
}

function windowsOf(lookup: Lookups['lookup']): DurableWindows {
  return {
    take: ({ scope, key, limit, windowSeconds }) => lookup.takeLimit({ scope, key, cost: 1, max: limit, windowSeconds }),
    giveBack: async ({ scope, key }) => void (await lookup.returnLimit({ scope, key, cost: 1 })),
    reset: async (scope, key) => void (await lookup.resetLimit({ scope, key })),
  }
}

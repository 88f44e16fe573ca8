/** Sign-ins of a tenant's people: refresh tokens in families, one family per session (DB-206, D-14). */
import type { Instant } from '#domain/shared/instant'
import { toIso } from '#domain/shared/instant'
import type { TenantTx } from '../tx'
import { epochMs } from './columns'

export interface RefreshTokenRow {
  readonly tokenId: string
  readonly userId: string
  readonly sessionId: string
  readonly successorSealed: Buffer | null
  readonly rotatedAt: Instant | null
  readonly expiresAt: Instant
  readonly revokedAt: Instant | null
  readonly switchId: string | null
  /** The database's clock: every process counts the grace alike. */
  readonly now: Instant
}

export interface NewRefreshToken {
  readonly tokenId: string
  readonly userId: string
  readonly sessionId: string
  readonly tokenHash: Buffer
  readonly parentId: string | null
  readonly expiresAt: Instant
  readonly userAgent: string | null
  readonly ipAddress: string | null
}

export interface SessionRow {
  readonly sessionId: string
  readonly createdAt: Instant
  readonly lastUsedAt: Instant | null
  readonly expiresAt: Instant
  readonly ipAddress: string | null
  readonly userAgent: string | null
}

const INSERT = `
  insert into refresh_tokens (tenant_id, id, user_id, session_id, token_hash, parent_id, expires_at, user_agent, ip)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9::inet)`

/** Locked until the end of the transaction: of twenty parallel refreshes one rotates, the others see its successor. */
const LOCK = `
  select id as "tokenId", user_id as "userId", session_id as "sessionId", successor_sealed as "successorSealed", switch_id as "switchId",
    ${epochMs('rotated_at')} as "rotatedAt", ${epochMs('expires_at')} as "expiresAt", ${epochMs('revoked_at')} as "revokedAt", ${epochMs('clock_timestamp()')} as now
  from refresh_tokens where tenant_id = $1 and id = $2 for no key update`

const ROTATE = `
  update refresh_tokens set rotated_at = clock_timestamp(), last_used_at = clock_timestamp(), successor_id = $3, successor_sealed = $4
  where tenant_id = $1 and id = $2`

/** Of successors whose grace is over nobody may ask again (D-14). */
const FORGET_SUCCESSORS = `
  update refresh_tokens set successor_sealed = null
  where tenant_id = $1 and user_id = $2 and session_id = $3 and successor_sealed is not null and rotated_at < clock_timestamp() - interval '10 seconds'`

const REVOKE_FAMILY = `
  update refresh_tokens set revoked_at = clock_timestamp(), revoked_reason = $3, successor_sealed = null
  where tenant_id = $1 and session_id = $2 and revoked_at is null`

const REVOKE_OWN = `${REVOKE_FAMILY} and user_id = $4`

const REVOKE_OTHERS = `
  update refresh_tokens set revoked_at = clock_timestamp(), revoked_reason = $4, successor_sealed = null
  where tenant_id = $1 and user_id = $2 and session_id <> $3 and revoked_at is null
  returning session_id as "sessionId"`

const LIST_OPEN = `
  select session_id as "sessionId", ${epochMs('min(created_at)')} as "createdAt", ${epochMs('max(last_used_at)')} as "lastUsedAt",
    ${epochMs('max(expires_at)')} as "expiresAt",
    host((array_agg(ip order by created_at desc))[1]) as "ipAddress", (array_agg(user_agent order by created_at desc))[1] as "userAgent"
  from refresh_tokens where tenant_id = $1 and user_id = $2
  group by session_id
  having bool_or(revoked_at is null and rotated_at is null and expires_at > now())
  order by min(created_at) desc`

export function createSessionRepository(tx: TenantTx) {
  return {
    insert: (token: NewRefreshToken): Promise<number> =>
      tx.run(INSERT, [
        tx.tenantId,
        token.tokenId,
        token.userId,
        token.sessionId,
        token.tokenHash,
        token.parentId,
        toIso(token.expiresAt),
        token.userAgent,
        token.ipAddress,
      ]),

    lock: (tokenId: string): Promise<RefreshTokenRow | null> => tx.row<RefreshTokenRow>(LOCK, [tx.tenantId, tokenId]),

    rotate: (tokenId: string, successorId: string, sealed: Buffer): Promise<number> =>
      tx.run(ROTATE, [tx.tenantId, tokenId, successorId, sealed]),

    /** Sealed successors of this session that were kept for their ten seconds. */
    forgetSuccessors: (userId: string, sessionId: string): Promise<number> => tx.run(FORGET_SUCCESSORS, [tx.tenantId, userId, sessionId]),

    /** Ends a session; number of tokens that were still open. */
    revokeFamily: (sessionId: string, reason: string): Promise<number> => tx.run(REVOKE_FAMILY, [tx.tenantId, sessionId, reason]),

    /** As `revokeFamily`, only if it is this person's. */
    revokeOwn: (sessionId: string, userId: string, reason: string): Promise<number> =>
      tx.run(REVOKE_OWN, [tx.tenantId, sessionId, reason, userId]),

    /** Ends every session of a person but one; which ones. */
    async revokeOthers(userId: string, sessionId: string, reason: string): Promise<string[]> {
      const rows = await tx.rows<{ sessionId: string }>(REVOKE_OTHERS, [tx.tenantId, userId, sessionId, reason])
      return [...new Set(rows.map((row) => row.sessionId))]
    },

    listOpen: (userId: string): Promise<SessionRow[]> => tx.rows<SessionRow>(LIST_OPEN, [tx.tenantId, userId]),
  }
}

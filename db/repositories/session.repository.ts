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

/**
 * Whoever rotates or ends a session holds it until the end of the transaction, and takes it in a statement of its own: the next one
 * then sees what was committed meanwhile. A row lock would not do: an update never meets a successor inserted after it began.
 */
const hold = (sessionIds: string) =>
  `select pg_advisory_xact_lock(hashtextextended('session/' || held.session_id, 0)) from (${sessionIds}) held`

const HOLD_ONE = hold('select $1::uuid as session_id')

const HOLD_SESSION_OF = hold('select session_id from refresh_tokens where tenant_id = $1 and id = $2')

/** In one order, so that two people's devices that end each other do not wait for each other. */
const HOLD_OTHERS = hold(`
  select session_id from refresh_tokens where tenant_id = $1 and user_id = $2 and session_id <> $3 and revoked_at is null
  group by session_id order by session_id`)

const SESSION_OF = `select session_id as "sessionId" from refresh_tokens where tenant_id = $1 and id = $2`

const READ = `
  select id as "tokenId", user_id as "userId", session_id as "sessionId", successor_sealed as "successorSealed", switch_id as "switchId",
    ${epochMs('rotated_at')} as "rotatedAt", ${epochMs('expires_at')} as "expiresAt", ${epochMs('revoked_at')} as "revokedAt", ${epochMs('clock_timestamp()')} as now
  from refresh_tokens where tenant_id = $1 and id = $2`

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

    /** Whose family a token is in; it never changes. */
    async sessionOf(tokenId: string): Promise<string | null> {
      const row = await tx.row<{ sessionId: string }>(SESSION_OF, [tx.tenantId, tokenId])
      return row?.sessionId ?? null
    },

    /** Held with its whole session: of twenty parallel refreshes one rotates, the others see its successor. */
    async lock(tokenId: string): Promise<RefreshTokenRow | null> {
      await tx.run(HOLD_SESSION_OF, [tx.tenantId, tokenId])
      return tx.row<RefreshTokenRow>(READ, [tx.tenantId, tokenId])
    },

    rotate: (tokenId: string, successorId: string, sealed: Buffer): Promise<number> =>
      tx.run(ROTATE, [tx.tenantId, tokenId, successorId, sealed]),

    /** Sealed successors of this session that were kept for their ten seconds. */
    forgetSuccessors: (userId: string, sessionId: string): Promise<number> => tx.run(FORGET_SUCCESSORS, [tx.tenantId, userId, sessionId]),

    /** Ends a session; number of tokens that were still open. */
    revokeFamily: (sessionId: string, reason: string): Promise<number> => revoke(tx, REVOKE_FAMILY, [sessionId, reason]),

    /** As `revokeFamily`, only if it is this person's. */
    revokeOwn: (sessionId: string, userId: string, reason: string): Promise<number> => revoke(tx, REVOKE_OWN, [sessionId, reason, userId]),

    /** Ends every session of a person but one; which ones. */
    async revokeOthers(userId: string, sessionId: string, reason: string): Promise<string[]> {
      await tx.run(HOLD_OTHERS, [tx.tenantId, userId, sessionId])
      const rows = await tx.rows<{ sessionId: string }>(REVOKE_OTHERS, [tx.tenantId, userId, sessionId, reason])
      return [...new Set(rows.map((row) => row.sessionId))]
    },

    listOpen: (userId: string): Promise<SessionRow[]> => tx.rows<SessionRow>(LIST_OPEN, [tx.tenantId, userId]),
  }
}

async function revoke(tx: TenantTx, text: string, [sessionId, ...rest]: readonly [string, ...string[]]): Promise<number> {
  await tx.run(HOLD_ONE, [sessionId])
  return tx.run(text, [tx.tenantId, sessionId, ...rest])
}

/** What may be asked before a tenant is known: the definer functions of schema § 4, one method each, each with the least answer. */
import type { MembershipRole } from '#domain/authorization/principal'
import type { Instant } from '#domain/shared/instant'
import type { Tx } from '../tx'
import { epochMs } from './columns'

export interface LoginRow {
  readonly userId: string
  /** argon2id; null for a person who has not set a password yet. */
  readonly passwordHash: string | null
  readonly isActive: boolean
}

export interface MembershipRow {
  readonly tenantId: string
  readonly name: string
  readonly slug: string
  readonly type: 'platform' | 'customer' | 'trial'
  readonly tier: 'basic' | 'professional' | 'enterprise'
  readonly role: MembershipRole
  readonly tenantActive: boolean
}

export interface PrincipalRow {
  /** Null without an active membership. */
  readonly role: MembershipRole | null
  readonly userActive: boolean
  readonly tenantActive: boolean
  readonly sessionActive: boolean
  /** Access tokens issued before it are refused. */
  readonly validAfter: Instant | null
}

export interface RefreshTokenOwner {
  readonly tenantId: string
  readonly tokenId: string
  readonly userId: string
}

export interface CountRow {
  readonly metric: 'spaces' | 'devices' | 'gateways' | 'downlinks' | 'displays' | 'alerts' | 'dead_letters' | 'outbox'
  readonly tenantId: string
  /** Devices: `kind:status`; alerts: their kind; outbox: `pending`. */
  readonly state: string
  readonly value: number
}

export type LimitScope = 'login_account' | 'login_address' | 'address' | 'gateway_airtime' | 'gateway_rate' | 'tenant_downlinks'

export interface LimitKey {
  readonly scope: LimitScope
  readonly key: string
}

export interface LimitAnswer {
  readonly granted: boolean
  readonly remaining: number
  /** 0 when granted. */
  readonly retryAfterMs: number
}

const FIND_LOGIN = `select user_id as "userId", password_hash as "passwordHash", is_active as "isActive" from auth_find_login($1)`
const MEMBERSHIPS = `select tenant_id as "tenantId", name, slug, type, tier, role, tenant_active as "tenantActive" from auth_memberships($1)`
const PRINCIPAL = `
  select role, user_active as "userActive", tenant_active as "tenantActive", session_active as "sessionActive",
    ${epochMs('valid_after')} as "validAfter"
  from auth_principal($1, $2, $3)`
const FIND_REFRESH_TOKEN = `
  select tenant_id as "tenantId", token_id as "tokenId", user_id as "userId" from auth_find_refresh_token($1)`
const EUI_IN_USE = `select device_eui_in_use($1) as "inUse"`
const ACTIVE_TENANTS = `select tenant_id as "tenantId" from job_active_tenants()`
const DUE_SPACES = `select tenant_id as "tenantId", space_id as "spaceId" from job_due_spaces($1)`
const DUE_RESERVATIONS = `select tenant_id as "tenantId", reservation_id as "reservationId" from job_due_reservations($1)`
const COUNTS = `select metric, tenant_id as "tenantId", state, value from metrics_counts()`
const LIMIT_ANSWER = `select granted, remaining, retry_after_ms as "retryAfterMs"`
const TAKE = `${LIMIT_ANSWER} from rate_limit_take($1, $2, $3, $4, $5)`
const PEEK = `${LIMIT_ANSWER} from rate_limit_peek($1, $2, $3)`

export function createLookupRepository(tx: Tx) {
  return {
    /** By e-mail, in any case (DB-140). */
    findLogin: (email: string) => tx.row<LoginRow>(FIND_LOGIN, [email]),
    /** Active memberships only (DB-141). */
    memberships: (userId: string) => tx.rows<MembershipRow>(MEMBERSHIPS, [userId]),
    /** Null when the person or the tenant is gone (DB-142). */
    principal: (userId: string, tenantId: string, sessionId: string) => tx.row<PrincipalRow>(PRINCIPAL, [userId, tenantId, sessionId]),
    /** By SHA-256 of the token (DB-144). */
    findRefreshToken: (hash: Buffer) => tx.row<RefreshTokenOwner>(FIND_REFRESH_TOKEN, [hash]),
    /** Whether anybody, in any tenant, holds this EUI; never who (DOM-534). */
    isEuiInUse: async (eui: string) => (await tx.row<{ inUse: boolean }>(EUI_IN_USE, [eui]))?.inUse ?? false,
    /** Tenants that schedules serve (DB-150). */
    activeTenants: async () => (await tx.rows<{ tenantId: string }>(ACTIVE_TENANTS)).map(({ tenantId }) => tenantId),
    /** Spaces whose `next_check_at` has passed, longest due first. */
    dueSpaces: (limit: number) => tx.rows<{ tenantId: string; spaceId: string }>(DUE_SPACES, [limit]),
    /** Reservations whose exact timer should have been first (WF-200). */
    dueReservations: (limit: number) => tx.rows<{ tenantId: string; reservationId: string }>(DUE_RESERVATIONS, [limit]),
    /** Numbers for the exporter (DB-151). */
    counts: () => tx.rows<CountRow>(COUNTS),
    /** Takes `cost` of `max` per sliding window; a refusal counts nothing (DB-152). */
    takeLimit: (limit: LimitKey & { readonly cost: number; readonly max: number; readonly windowSeconds: number }) =>
      one<LimitAnswer>(tx, TAKE, [limit.scope, limit.key, limit.cost, limit.max, limit.windowSeconds]),
    /** Gives back what was taken and not used. */
    returnLimit: (limit: LimitKey & { readonly cost: number }) =>
      tx.run('select rate_limit_return($1, $2, $3)', [limit.scope, limit.key, limit.cost]),
    /** What is left, taking nothing. */
    peekLimit: (limit: LimitKey & { readonly max: number }) => one<LimitAnswer>(tx, PEEK, [limit.scope, limit.key, limit.max]),
    /** Forgets a limit, as after a good login. */
    resetLimit: (limit: LimitKey) => tx.run('select rate_limit_reset($1, $2)', [limit.scope, limit.key]),
  }
}

/** For functions that always answer with one row. */
async function one<R>(tx: Tx, text: string, values: readonly unknown[]): Promise<R> {
  const row = await tx.row<R>(text, values)
  if (row === null) throw new Error('a limit function answered no row')
  return row
}

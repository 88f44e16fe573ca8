/** People as their tenant sees them (DB-202, DB-203). */
import type { MembershipRole } from '#domain/authorization/principal'
import type { Instant } from '#domain/shared/instant'
import type { TenantTx } from '../tx'
import { epochMs } from './columns'

export interface UserRow {
  readonly userId: string
  readonly email: string
  readonly name: string
  readonly isEmailVerified: boolean
  readonly language: string
  readonly lastLoginAt: Instant | null
  readonly createdAt: Instant
  readonly membershipRole: MembershipRole
}

const GET = `
  select u.id as "userId", u.email, u.name, u.email_verified_at is not null as "isEmailVerified", u.language,
    ${epochMs('u.last_login_at')} as "lastLoginAt", ${epochMs('u.created_at')} as "createdAt",
    m.role as "membershipRole"
  from users u join user_memberships m on m.user_id = u.id
  where m.tenant_id = $1 and u.id = $2`

const TOUCH_LOGIN = `update users set last_login_at = clock_timestamp() where id = $1`

export function createUserRepository(tx: TenantTx) {
  return {
    get: (userId: string): Promise<UserRow | null> => tx.row<UserRow>(GET, [tx.tenantId, userId]),
    /** Row security allows it for oneself alone. */
    touchLogin: (userId: string): Promise<number> => tx.run(TOUCH_LOGIN, [userId]),
  }
}

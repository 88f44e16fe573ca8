/** The ability asked twice, and the right refusal for each answer: by type before any work, by row after loading it (H-21, API-018). */
import { DomainError } from '../shared/domain-error'
import { outlivesSwitch } from './abilities'
import { aboutRow, type AccessRow, type AppAbility } from './ability'
import type { Principal } from './principal'
import { findPermission, type PermissionEntry } from './vocabulary'

/** A principal and its ability, made once per request. */
export interface Access {
  readonly principal: Principal
  readonly ability: AppAbility
}

interface PermissionNames {
  readonly subject: string
  readonly action: string
}

export function isAllowed({ ability }: Access, permission: PermissionNames, row?: AccessRow): boolean {
  const entry = findPermission(permission)
  if (!entry) return false
  return ability.can(entry.action, row === undefined ? entry.subject : aboutRow(entry.subject, row))
}

/**
 * Throws `permission.role` (+`required_role`), `permission.scope` (+`required_scope`) or `tenant.switch_active` by type, and
 * `tenant.switch_required` or `permission.not_yours` by row. `row` carries `tenant_id` and the subject's owner member, in wire spelling.
 */
export function assertAllowed(access: Access, permission: PermissionNames, row?: AccessRow): void {
  const entry = findPermission(permission)
  if (!entry) throw new Error(`${permission.subject}.${permission.action} is not in the vocabulary`)
  if (!isAllowed(access, permission)) throw refuseByType(entry, access.principal)
  if (row !== undefined && !isAllowed(access, permission, row)) throw refuseByRow(access.principal, row)
}

function refuseByType(entry: PermissionEntry, principal: Principal): DomainError {
  if (principal.kind === 'api_key') return new DomainError('permission.scope', { extra: { required_scope: entry.scope } })
  const isOnlyForPlatform = entry.from === null && entry.own === undefined
  if (principal.switchId !== null && (isOnlyForPlatform || outlivesSwitch(entry))) return new DomainError('tenant.switch_active')
  return new DomainError('permission.role', { extra: { required_role: entry.own ?? entry.from ?? 'platform_admin' } })
}

function refuseByRow(principal: Principal, row: AccessRow): DomainError {
  const isElsewhere = principal.kind === 'user' && principal.scope === 'platform' && row['tenant_id'] !== principal.tenantId
  return new DomainError(isElsewhere ? 'tenant.switch_required' : 'permission.not_yours')
}

/** Whether somebody may do something, for views that show more to those who may (H-21): never by the name of a role. */
import { createAbility } from '#domain/authorization/abilities'
import { assertAllowed, isAllowed } from '#domain/authorization/assert-allowed'
import type { Principal } from '#domain/authorization/principal'
import type { Permission } from '#domain/authorization/vocabulary'

export const may = (principal: Principal, permission: Permission): boolean =>
  isAllowed({ principal, ability: createAbility(principal) }, permission)

/** Throws the refusal that goes with it. */
export function assertMay(principal: Principal, permission: Permission): void {
  assertAllowed({ principal, ability: createAbility(principal) }, permission)
}

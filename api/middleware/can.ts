/** Whether the caller may do this at all, before any work; about one object the service asks again after loading it (H-21, API-018). */
import { createAbility } from '#domain/authorization/abilities'
import { assertAllowed } from '#domain/authorization/assert-allowed'
import type { Permission } from '#domain/authorization/vocabulary'
import type { ApiMiddleware } from './call'

export function can(permission: Permission): ApiMiddleware {
  return async (ctx, next) => {
    const { credential } = ctx.state
    if (credential === undefined) throw new Error('authentication comes before permission')
    assertAllowed({ principal: credential.principal, ability: createAbility(credential.principal) }, permission)
    await next()
  }
}

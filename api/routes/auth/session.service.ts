/** The signed-in person's sessions: end this one, list them, end others (API-203, API-211 to API-213). */
import type { UnitOfWork } from '#db/unit-of-work'
import type { Origin, UserPrincipal } from '#domain/authorization/principal'
import { DomainError } from '#domain/shared/domain-error'
import type { Row } from '../shared/repositories'
import type { Standings } from './standings'

export interface SessionService {
  end(principal: UserPrincipal, origin: Origin): Promise<void>
  list(principal: UserPrincipal): Promise<readonly Row<'sessions', 'listOpen'>[]>
  revoke(principal: UserPrincipal, sessionId: string, origin: Origin): Promise<void>
  /** How many other sessions were ended. */
  revokeOthers(principal: UserPrincipal, origin: Origin): Promise<number>
}

export function createSessionService({ unitOfWork, standings }: { unitOfWork: UnitOfWork; standings: Standings }): SessionService {
  return {
    async end(principal, origin) {
      await unitOfWork.withTenant(principal, async ({ sessions, audit }) => {
        const ended = await sessions.revokeFamily(principal.sessionId, 'logout')
        if (ended > 0) await audit.write({ action: 'auth.logout', resourceType: 'session', resourceId: principal.sessionId }, origin)
      })
      await standings.revoke('session', principal.sessionId)
    },

    list: (principal) => unitOfWork.withTenant(principal, ({ sessions }) => sessions.listOpen(principal.userId), { readOnly: true }),

    async revoke(principal, sessionId, origin) {
      await unitOfWork.withTenant(principal, async ({ sessions, audit }) => {
        const ended = await sessions.revokeOwn(sessionId, principal.userId, 'revoked')
        if (ended === 0) throw new DomainError('resource.not_found', { detail: 'No such session.' })
        await audit.write({ action: 'auth.revoke_session', resourceType: 'session', resourceId: sessionId }, origin)
      })
      await standings.revoke('session', sessionId)
    },

    async revokeOthers(principal, origin) {
      const ended = await unitOfWork.withTenant(principal, async ({ sessions, audit }) => {
        const ids = await sessions.revokeOthers(principal.userId, principal.sessionId, 'revoked')
        if (ids.length > 0)
          await audit.write({ action: 'auth.revoke_sessions', resourceType: 'session', resourceId: null, metadata: { ids } }, origin)
        return ids
      })
      for (const sessionId of ended) await standings.revoke('session', sessionId)
      return ended.length
    },
  }
}

/** `/api/auth`: who serves which operation. */
import { issueAt } from '#contract/issues'
import { login, logout, me, permissions, refresh, socketTicket } from '#contract/auth'
import { endOtherSessions, endSession, listSessions } from '#contract/sessions'
import { createAbility } from '#domain/authorization/abilities'
import { packAbility } from '#domain/authorization/ability'
import type { UserPrincipal } from '#domain/authorization/principal'
import { DomainError } from '#domain/shared/domain-error'
import { createHash } from 'node:crypto'
import { serve, servePublic, type Answer, type Call, type PublicCall, type Route } from '../../middleware/call'
import { inMemoryPage } from '../shared/in-memory-page'
import type { Lists } from '../shared/lists'
import type { Client, LoginService } from './login.service'
import { presentMe, presentSession, presentTokens } from './presenter'
import type { ProfileService } from './profile.service'
import type { RefreshCookies, RefreshMode } from './refresh-cookie'
import type { RefreshService } from './refresh.service'
import type { SessionService } from './session.service'
import type { TokenPair } from './token-pairs'
import { TICKET_SECONDS, type SocketTickets } from './ws-ticket'

export interface AuthRoutesDeps {
  readonly logins: LoginService
  readonly refreshes: RefreshService
  readonly sessions: SessionService
  readonly profiles: ProfileService
  readonly tickets: SocketTickets
  readonly cookies: RefreshCookies
  readonly lists: Lists
}

const USER_AGENT_MAX = 300
const SESSIONS = { key: 'sessions', defaultSort: [{ key: 'created_at', descending: true }] } as const

export function createAuthRoutes(deps: AuthRoutesDeps): Route[] {
  return [...publicRoutes(deps), ...sessionRoutes(deps), ...profileRoutes(deps)]
}

function publicRoutes({ logins, refreshes, cookies }: AuthRoutesDeps): Route[] {
  const answer = (call: PublicCall, pair: TokenPair): Answer => {
    const mode = cookies.modeOf(call.headers)
    return { body: presentTokens(pair, mode), headers: cookies.set(mode, pair.refreshToken, pair.refreshExpiresInSeconds) }
  }
  return [
    servePublic(login, async (call) => {
      cookies.modeOf(call.headers) // a page of another site is refused before anything is looked at
      const { email, username, password, tenant_id: tenantId, tenant_slug: tenantSlug } = call.input.body
      return answer(call, await logins.login({ email: email ?? username ?? '', password, tenantId, tenantSlug }, clientOf(call)))
    }),
    servePublic(refresh, async (call) => {
      const token = cookies.tokenOf(call.headers, call.input.body.refresh_token)
      if (token === null) throw missingToken(cookies.modeOf(call.headers))
      return answer(call, await refreshes.refresh(token, clientOf(call)))
    }),
  ]
}

function sessionRoutes({ sessions, lists, cookies }: AuthRoutesDeps): Route[] {
  return [
    serve(logout, async (call) => {
      const mode = cookies.modeOf(call.headers)
      await sessions.end(call.principal, call.origin)
      return { body: { success: true, message: 'Signed out.' }, headers: cookies.clear(mode) }
    }),
    serve(listSessions, async ({ principal, input: { query } }) => {
      const request = lists.request(SESSIONS, query, principal)
      const isElsewhere = request.tenantIds?.includes(principal.tenantId) === false
      const page = inMemoryPage(isElsewhere ? [] : await sessions.list(principal), request)
      return { body: lists.envelope(SESSIONS, page, { input: query, principal, present: (session) => presentSession(session, principal) }) }
    }),
    serve(endSession, async ({ principal, origin, input: { params } }) => {
      await sessions.revoke(principal, params.id, origin)
      return { body: { success: true, id: params.id, session_id: params.id, message: 'The session has ended.' } }
    }),
    serve(endOtherSessions, async ({ principal, origin }) => ({
      body: { success: true, revoked: await sessions.revokeOthers(principal, origin) },
    })),
  ]
}

function profileRoutes({ profiles, tickets }: AuthRoutesDeps): Route[] {
  return [
    serve(me, async ({ principal }) => ({ body: presentMe(await profiles.me(principal)) })),
    serve(permissions, async ({ principal }) => ({ body: presentPermissions(principal) })),
    serve(socketTicket, async ({ principal, accessExpiresAt }: Call) => ({
      body: { ticket: await tickets.issue({ principal, expiresAt: accessExpiresAt }), expires_in: TICKET_SECONDS },
    })),
  ]
}

/** Without cookie mode the token is a member of the body like any other that is required. */
function missingToken(mode: RefreshMode): DomainError {
  if (mode !== 'body') return new DomainError('auth.invalid_refresh_token')
  return new DomainError('validation.failed', { issues: [issueAt('body', '/refresh_token', 'required')] })
}

/** `version` is the rules' own fingerprint: it changes exactly when they do. */
function presentPermissions(principal: UserPrincipal) {
  const rules = packAbility(createAbility(principal))
  const version = createHash('sha256').update(JSON.stringify(rules)).digest('base64url').slice(0, 16)
  return { role: principal.role, scope: principal.scope, rules, version }
}

function clientOf({ address, headers, requestId }: PublicCall): Client {
  return { address, userAgent: headers['user-agent']?.slice(0, USER_AGENT_MAX) ?? null, requestId }
}

/** Reads an opening: is it ours, may that page open it, and with which credential (API-860, API-861). */
import type { IncomingMessage } from 'node:http'
import type { ErrorCode } from '#domain/shared/error-codes'
import type { RealtimeDependencies, SocketIdentity } from './dependencies'

/** Compared as sent: `//ws`, `/x/../ws` and `%2Fws` are other paths (API-002). */
const PATHS: ReadonlySet<string> = new Set(['/ws', '/ws/'])

type Authenticators = Pick<RealtimeDependencies, 'authenticateTicket' | 'authenticateToken'>

/** Why the upgrade is refused before anybody is asked who it is; null when it is not. */
export function findUpgradeRefusal(request: IncomingMessage, allowedOrigins: ReadonlySet<string>): ErrorCode | null {
  if (!PATHS.has(splitTarget(request).path)) return 'request.route_not_found'
  const { origin } = request.headers
  return origin === undefined || allowedOrigins.has(origin.toLowerCase()) ? null : 'request.origin_denied'
}

/** The one of the two credentials that the query holds, looked up; null when it is missing, doubled or not accepted. */
export async function authenticateOpening(request: IncomingMessage, authenticators: Authenticators): Promise<SocketIdentity | null> {
  const ticket = queryValue(request, 'ticket')
  if (ticket !== null) return authenticators.authenticateTicket(ticket)
  const token = queryValue(request, 'token')
  return token === null ? null : authenticators.authenticateToken(token)
}

/** A query parameter that is there exactly once and not empty. */
export function queryValue(request: IncomingMessage, name: string): string | null {
  const values = new URLSearchParams(splitTarget(request).query).getAll(name)
  const [value] = values
  return values.length === 1 && value !== undefined && value !== '' ? value : null
}

function splitTarget({ url = '' }: IncomingMessage): { path: string; query: string } {
  const mark = url.indexOf('?')
  return mark === -1 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) }
}

/** Cookie mode: the refresh token of a browser travels in one HttpOnly cookie and nowhere else (API-222, D-14). */
import type { IncomingHttpHeaders } from 'node:http'
import { DomainError } from '#domain/shared/domain-error'

export type RefreshMode = 'body' | 'cookie' | 'session'

export interface RefreshCookies {
  /** How the caller wants the token; throws `auth.cross_site` when a page of another origin asks for a cookie. */
  modeOf(headers: IncomingHttpHeaders): RefreshMode
  /** The token to exchange: from the cookie in cookie mode, else from the body. */
  tokenOf(headers: IncomingHttpHeaders, fromBody: string | undefined): string | null
  set(mode: RefreshMode, token: string, expiresInSeconds: number): Readonly<Record<string, string>>
  clear(mode: RefreshMode): Readonly<Record<string, string>>
}

const NAME = 'parking_refresh'
const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]'])

export function createRefreshCookies({ publicUrl, corsOrigins }: { publicUrl: string; corsOrigins: readonly string[] }): RefreshCookies {
  const own = new URL(publicUrl)
  const origins = new Set([own.origin, ...corsOrigins])
  const attributes = `HttpOnly;${LOCAL.has(own.hostname) ? '' : ' Secure;'} SameSite=Strict; Path=/api/auth`

  const modeOf = (headers: IncomingHttpHeaders): RefreshMode => {
    const asked = headers['x-refresh-mode']
    if (asked !== 'cookie' && asked !== 'session') return 'body'
    if (headers.origin === undefined || !origins.has(headers.origin)) throw new DomainError('auth.cross_site')
    return asked
  }

  return {
    modeOf,
    tokenOf(headers, fromBody) {
      return modeOf(headers) === 'body' ? (fromBody ?? null) : readCookie(headers.cookie ?? '')
    },
    set(mode, token, expiresInSeconds) {
      if (mode === 'body') return {}
      const age = mode === 'cookie' ? ` Max-Age=${expiresInSeconds};` : ''
      return { 'Set-Cookie': `${NAME}=${token};${age} ${attributes}` }
    },
    clear: (mode) => (mode === 'body' ? {} : { 'Set-Cookie': `${NAME}=; Max-Age=0; ${attributes}` }),
  }
}

function readCookie(header: string): string | null {
  const pair = header
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${NAME}=`))
  return pair === undefined ? null : pair.slice(NAME.length + 1) || null
}

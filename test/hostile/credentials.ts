/** Signing in, and what valid requests of `/api/auth` are made of. */
import { PASSWORD } from '#test/harness/test-api'
import { send } from './http'
import type { HostileOperation } from './open-api'
import type { RowIds, Sources } from './valid-request'

export interface SignIn {
  readonly accessToken: string
  readonly refreshToken: string
}

export async function signIn(port: number, email: string): Promise<SignIn> {
  const body = JSON.stringify({ email, password: PASSWORD })
  const { json, status } = await send(port, {
    method: 'POST',
    target: '/api/auth/login',
    headers: { 'content-type': 'application/json' },
    body,
  })
  if (status !== 200) throw new Error(`sign-in answered ${status}`)
  return { accessToken: String(json?.['access_token']), refreshToken: String(json?.['refresh_token']) }
}

export async function sessionOf(port: number, token: string): Promise<string> {
  const { json } = await send(port, {
    method: 'GET',
    target: '/api/auth/sessions',
    headers: { authorization: `Bearer ${token}` },
    body: null,
  })
  const sessions = json?.['sessions'] as { id: string; current: boolean }[]
  return sessions.find(({ current }) => current)?.id ?? ''
}

/** `shared` serves requests that will be refused; `fresh` those that may end a session or rotate a token. */
export type Freshness = 'shared' | 'fresh'

export interface CredentialHolders {
  readonly port: number
  readonly shared: SignIn & { readonly sessionId: string }
  /** Whose sessions are ended and whose tokens are rotated. */
  readonly sessionHolder: string
  /** Who is signed in as; wrong passwords throttle this account alone. */
  readonly loginHolder: string
}

export async function sourcesOf(
  operation: HostileOperation,
  holders: CredentialHolders,
  { ids, freshness }: { ids: RowIds; freshness: Freshness },
): Promise<Sources> {
  const { port, sessionHolder, loginHolder } = holders
  const isFresh = freshness === 'fresh' && operation.path.startsWith('/api/auth')
  const own = isFresh ? await signIn(port, sessionHolder) : holders.shared
  const sessionId = isFresh ? await sessionOf(port, (await signIn(port, sessionHolder)).accessToken) : holders.shared.sessionId
  return {
    ids: { ...ids, sessions: sessionId, code: 'resource.not_found' },
    token: own.accessToken,
    bodies: { login: { email: loginHolder, password: PASSWORD }, refresh: { refresh_token: own.refreshToken } },
  }
}

/** Access tokens: JWT signed with HS256, the algorithm fixed here and never taken from the token (API-014, D-14; RFC 7519, RFC 7515). */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { uuidV7 } from '#runtime/uuid'

export interface AccessClaims {
  readonly userId: string
  readonly tenantId: string
  readonly sessionId: string
  /** Informative: the current standing decides (API-015). */
  readonly role: string
  readonly email: string
  readonly switchId: string | null
}

export interface AccessToken extends AccessClaims {
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
  readonly expiresAt: number
}

export interface AccessTokens {
  readonly ttlSeconds: number
  issue(claims: AccessClaims): { readonly token: string; readonly expiresAt: number }
  /** Null for anything that is not a valid access token of ours, whatever the reason. */
  read(token: string): AccessToken | null
}

export interface AccessTokenOptions {
  /** At least 32 bytes. */
  readonly secret: string
  /** Still accepted while tokens signed with it live (rotation). */
  readonly previousSecret?: string | undefined
  readonly ttlSeconds: number
  readonly now: () => number
}

const LEEWAY_SECONDS = 5
const MAX_LENGTH = 4_096
const HEADER = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url')
const PART = /^[A-Za-z0-9_-]+$/

export function createAccessTokens({ secret, previousSecret, ttlSeconds, now }: AccessTokenOptions): AccessTokens {
  const secrets = previousSecret === undefined ? [secret] : [secret, previousSecret]
  return {
    ttlSeconds,
    issue(claims) {
      const issuedAt = Math.floor(now() / 1000)
      const expires = issuedAt + ttlSeconds
      const payload = encode({
        sub: claims.userId,
        user_id: claims.userId,
        tenant_id: claims.tenantId,
        role: claims.role,
        email: claims.email,
        sid: claims.sessionId,
        ...(claims.switchId === null ? {} : { swt: claims.switchId }),
        jti: uuidV7(),
        typ: 'access',
        iat: issuedAt,
        exp: expires,
      })
      const signed = `${HEADER}.${payload}`
      return { token: `${signed}.${sign(signed, secret).toString('base64url')}`, expiresAt: expires * 1000 }
    },
    read(token) {
      const parts = token.length > MAX_LENGTH ? [] : token.split('.')
      const [header, payload, signature] = parts
      if (
        parts.length !== 3 ||
        header === undefined ||
        payload === undefined ||
        signature === undefined ||
        !parts.every((part) => PART.test(part))
      )
        return null
      if (decode(header)?.['alg'] !== 'HS256') return null
      const given = Buffer.from(signature, 'base64url')
      if (!secrets.some((one) => isEqual(given, sign(`${header}.${payload}`, one)))) return null
      return claimsOf(decode(payload), Math.floor(now() / 1000))
    },
  }
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const sign = (text: string, secret: string): Buffer => createHmac('sha256', secret).update(text).digest()
const isEqual = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b)

function decode(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null // not JSON: not a token of ours
  }
}

function claimsOf(payload: Record<string, unknown> | null, nowSeconds: number): AccessToken | null {
  if (payload === null || payload['typ'] !== 'access') return null
  const { sub, tenant_id, sid, role, email, swt, iat, exp, nbf } = payload
  if (typeof sub !== 'string' || typeof tenant_id !== 'string' || typeof sid !== 'string') return null
  if (typeof role !== 'string' || typeof email !== 'string' || typeof iat !== 'number' || typeof exp !== 'number') return null
  if (exp + LEEWAY_SECONDS <= nowSeconds || iat - LEEWAY_SECONDS > nowSeconds) return null
  if (typeof nbf === 'number' && nbf - LEEWAY_SECONDS > nowSeconds) return null
  const switchId = typeof swt === 'string' ? swt : null
  return { userId: sub, tenantId: tenant_id, sessionId: sid, role, email, switchId, issuedAt: iat * 1000, expiresAt: exp * 1000 }
}

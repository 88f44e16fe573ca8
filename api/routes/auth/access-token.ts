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
  const seconds = () => Math.floor(now() / 1000)
  return {
    ttlSeconds,
    issue(claims) {
      const issuedAt = seconds()
      const expires = issuedAt + ttlSeconds
      const signed = `${HEADER}.${encode(payloadOf(claims, { issuedAt, expires }))}`
      return { token: `${signed}.${sign(signed, secret)}`, expiresAt: expires * 1000 }
    },
    read(token) {
      const payload = verified(token, secrets)
      return payload === null ? null : claimsOf(payload, seconds())
    },
  }
}

function payloadOf(claims: AccessClaims, { issuedAt, expires }: { issuedAt: number; expires: number }) {
  return {
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
  }
}

/** The payload of a token that one of our secrets signed with our algorithm. */
function verified(token: string, secrets: readonly string[]): Record<string, unknown> | null {
  const parts = token.length > MAX_LENGTH ? [] : token.split('.')
  if (parts.length !== 3 || !parts.every((part) => PART.test(part))) return null
  const [header = '', payload = '', signature = ''] = parts
  if (decode(header)?.['alg'] !== 'HS256') return null
  return secrets.some((secret) => isEqual(signature, sign(`${header}.${payload}`, secret))) ? decode(payload) : null
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
/** Compared as text: the last character of base64 has bits that decode to nothing. */
const sign = (text: string, secret: string): string => createHmac('sha256', secret).update(text).digest('base64url')
const isEqual = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

function decode(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null // not JSON: not a token of ours
  }
}

const TEXT_CLAIMS = ['sub', 'tenant_id', 'sid', 'role', 'email'] as const

function claimsOf(payload: Record<string, unknown>, nowSeconds: number): AccessToken | null {
  const [userId, tenantId, sessionId, role, email] = TEXT_CLAIMS.map((name) => payload[name])
  const { typ, swt, iat, exp } = payload
  if (typ !== 'access' || typeof iat !== 'number' || typeof exp !== 'number' || !isTimely(payload, nowSeconds)) return null
  if (![userId, tenantId, sessionId, role, email].every((claim) => typeof claim === 'string')) return null
  const texts = { userId, tenantId, sessionId, role, email } as Pick<AccessToken, 'userId' | 'tenantId' | 'sessionId' | 'role' | 'email'> // each was checked just above
  return { ...texts, switchId: typeof swt === 'string' ? swt : null, issuedAt: iat * 1000, expiresAt: exp * 1000 }
}

/** Neither run out nor from the future, but for a few seconds between clocks. */
function isTimely({ iat, exp, nbf }: Record<string, unknown>, nowSeconds: number): boolean {
  const isPast = (instant: unknown) => typeof instant === 'number' && instant - LEEWAY_SECONDS <= nowSeconds
  const isAhead = typeof exp === 'number' && exp + LEEWAY_SECONDS > nowSeconds
  return isAhead && isPast(iat) && (nbf === undefined || isPast(nbf))
}

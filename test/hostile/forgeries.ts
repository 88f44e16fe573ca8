/** Tokens for Q-HOS-05, made by hand from a real one so that no library's good manners stand in the way. */
import { createHmac } from 'node:crypto'

export interface Forgery {
  readonly name: string
  readonly token: string
}

type Members = Readonly<Record<string, unknown>>

const OTHER_SECRET = 'another-secret-of-sufficient-length-000'

const encode = (members: Members) => Buffer.from(JSON.stringify(members)).toString('base64url')
const decode = (part: string): Members => JSON.parse(Buffer.from(part, 'base64url').toString()) as Members // ours

/** `digest` is the real algorithm, whatever the header says. */
function signed(header: Members, claims: Members, { secret, digest = 'sha256' }: { secret: string; digest?: string }): string {
  const signing = `${encode(header)}.${encode(claims)}`
  return `${signing}.${createHmac(digest, secret).update(signing).digest('base64url')}`
}

export interface ForgerySources {
  /** A token that is accepted. */
  readonly genuine: string
  readonly refreshToken: string
  readonly secret: string
  readonly foreignTenantId: string
}

export function forge({ genuine, refreshToken, secret, foreignTenantId }: ForgerySources): Forgery[] {
  const [head = '', body = '', signature = ''] = genuine.split('.')
  const header = decode(head)
  const claims = decode(body)
  const now = Math.floor(Date.now() / 1000)
  const resigned = (changes: Members) => signed(header, { ...claims, ...changes }, { secret })
  const withHeader = (changes: Members) => signed({ ...header, ...changes }, claims, { secret: OTHER_SECRET })
  return [
    { name: 'nonsense', token: 'x.y.z' },
    { name: 'alg none', token: `${encode({ ...header, alg: 'none' })}.${body}.` },
    { name: 'alg none with signature', token: `${encode({ ...header, alg: 'None' })}.${body}.${signature}` },
    { name: 'other algorithm, right key', token: signed({ ...header, alg: 'HS512' }, claims, { secret, digest: 'sha512' }) },
    { name: 'RS256 claimed', token: signed({ ...header, alg: 'RS256' }, claims, { secret }) },
    { name: 'wrong key', token: withHeader({}) },
    { name: 'empty key', token: signed(header, claims, { secret: '' }) },
    { name: 'kid is a path', token: signed({ ...header, kid: '../../../../dev/null' }, claims, { secret: '' }) },
    { name: 'kid is SQL', token: withHeader({ kid: `' union select '${OTHER_SECRET}` }) },
    { name: 'jku', token: withHeader({ jku: 'https://evil.example.com/keys' }) },
    { name: 'x5u', token: withHeader({ x5u: 'https://evil.example.com/cert' }) },
    {
      name: 'jwk',
      token: withHeader({ jwk: { kty: 'oct', k: Buffer.from(OTHER_SECRET).toString('base64url') } }),
    },
    { name: 'expired', token: resigned({ iat: now - 7200, exp: now - 60 }) },
    { name: 'not yet valid', token: resigned({ nbf: now + 3600 }) },
    { name: 'no expiry', token: resigned({ exp: undefined }) },
    { name: 'refresh type', token: resigned({ typ: 'refresh' }) },
    { name: 'no type', token: resigned({ typ: undefined }) },
    { name: 'refresh token as bearer', token: refreshToken },
    { name: 'tenant altered, signature kept', token: `${head}.${encode({ ...claims, tenant_id: foreignTenantId })}.${signature}` },
    { name: 'role altered, signature kept', token: `${head}.${encode({ ...claims, role: 'platform_admin' })}.${signature}` },
    { name: 'session unknown', token: resigned({ sid: '01977a3d-0000-7000-8000-000000000000' }) },
    { name: 'signature cut', token: `${head}.${body}.${signature.slice(0, -4)}` },
    { name: 'no signature', token: `${head}.${body}` },
  ]
}

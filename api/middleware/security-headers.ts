/** Headers of every answer, errors included (API-008, OPS-260, OPS-261). */
import type { ApiMiddleware } from './call'

const ALWAYS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(self), geolocation=(self), microphone=(), payment=()',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
}
const STRICT_TRANSPORT = 'max-age=31536000; includeSubDomains'
const NEVER_STORED = /^\/(api|webhooks|graphql)(\/|$)/

export function securityHeadersFor(path: string, isProduction: boolean): Record<string, string> {
  return {
    ...ALWAYS,
    ...(isProduction ? { 'Strict-Transport-Security': STRICT_TRANSPORT } : {}),
    ...(NEVER_STORED.test(path) ? { 'Cache-Control': 'no-store' } : {}),
  }
}

export function securityHeaders(isProduction: boolean): ApiMiddleware {
  return async (ctx, next) => {
    ctx.set(securityHeadersFor(ctx.path, isProduction))
    await next()
  }
}

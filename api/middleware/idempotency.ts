/** Reads `Idempotency-Key`: which earlier request this one may be (API-047). The record itself is kept with the effect, in its transaction. */
import { createHash } from 'node:crypto'
import { issueAt } from '#contract/issues'
import type { Operation } from '#contract/operation'
import { DomainError } from '#domain/shared/domain-error'
import type { ApiMiddleware } from './call'

/** A key, by whom and for what, and the fingerprint of what was asked: path and canonical body. */
export interface Claim {
  readonly key: string
  readonly principal: string
  readonly operation: string
  readonly fingerprint: Buffer
}

const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/

export function claimIdempotency(operation: Operation): ApiMiddleware {
  return async (ctx, next) => {
    const key = ctx.get('Idempotency-Key')
    const counts = operation.idempotent && ctx.method === 'POST' && ctx.state.credential !== undefined && key !== ''
    ctx.state.claim = counts
      ? makeClaim(key, operation, { path: ctx.url, body: ctx.state.body, userId: ctx.state.credential?.principal.userId ?? '' })
      : null
    await next()
  }
}

function makeClaim(key: string, operation: Operation, { path, body, userId }: { path: string; body: unknown; userId: string }): Claim {
  if (!KEY.test(key)) {
    const issue = issueAt('header', '/Idempotency-Key', { code: 'invalid_format', message: 'must be 1 to 255 printable ASCII characters' })
    throw new DomainError('validation.failed', { issues: [issue] })
  }
  return { key, operation: operation.id, principal: `user:${userId}`, fingerprint: fingerprintOf(path, body) }
}

/** Equal for requests that mean the same: members in any order. */
export function fingerprintOf(path: string, body: unknown): Buffer {
  return createHash('sha256').update(path).update('\n').update(canonical(body)).digest()
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`
}

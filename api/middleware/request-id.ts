/** Every request has an id: the caller's when it is well formed, else a new one; every answer carries it (API-009, D-25). */
import { uuidV7 } from '#runtime/uuid'
import type { ApiMiddleware } from './call'

const WELL_FORMED = /^[A-Za-z0-9._-]{8,128}$/

export const newRequestId = (): string => `req_${uuidV7().replace(/-/g, '')}`

export const requestId: ApiMiddleware = async (ctx, next) => {
  const given = ctx.get('X-Request-ID')
  ctx.state.requestId = WELL_FORMED.test(given) ? given : newRequestId()
  ctx.state.endpoint = 'unmatched'
  ctx.set('X-Request-ID', ctx.state.requestId)
  await next()
}

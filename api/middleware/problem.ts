/** The only catch of the API: whatever is thrown becomes problem+json and, by its level, a log line (H-24, H-40). */
import type { Logger } from '#runtime/logger'
import type { ApiContext, ApiMiddleware } from './call'
import { toProblem } from './to-problem'

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'
/** After these the rest of the request is not worth reading. */
const CLOSES = new Set([408, 413])

export function problem(log: Pick<Logger, 'error' | 'warn' | 'debug'>): ApiMiddleware {
  return async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      answer(ctx, error, log)
    }
  }
}

function answer(ctx: ApiContext, error: unknown, log: Pick<Logger, 'error' | 'warn' | 'debug'>): void {
  const { status, headers, body, log: level } = toProblem(error, ctx.state.requestId)
  const line = { request_id: ctx.state.requestId, endpoint: ctx.state.endpoint, code: body['code'], err: error }
  if (level !== 'info') log[level](line, 'request failed')
  ctx.status = status
  ctx.set(headers)
  if (CLOSES.has(status)) ctx.set('Connection', 'close')
  ctx.body = JSON.stringify(body)
  ctx.type = PROBLEM_TYPE
}

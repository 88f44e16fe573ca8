/** Calls the handler and writes its answer: status, ETag, JSON; outside production the answer is checked against the declaration (H-20). */
import type { z } from 'zod'
import type { Operation } from '#contract/operation'
import { actorOf, type Answer, type ApiContext, type ApiMiddleware, type Call, type PublicCall, type Route } from './call'
import { etagOf, isUnchanged, readConditions } from './etag'
import { PROBLEM_TYPE } from './problem'

const JSON_TYPE = 'application/json; charset=utf-8'
const USER_AGENT_MAX = 300

export interface ReplyOptions {
  /** Outside production: an answer that breaks the contract is our bug and must be seen. */
  readonly checkAnswers: boolean
}

export function reply({ operation, handle }: Route, { checkAnswers }: ReplyOptions): ApiMiddleware {
  return async (ctx) => {
    const answer = await handle(callOf(ctx))
    const status = answer.status ?? 200
    if (checkAnswers && answer.isReplay !== true) assertAnswer(operation, status, answer.body)
    write(ctx, operation, { ...answer, status })
  }
}

function callOf(ctx: ApiContext): PublicCall | Call {
  const { input, requestId, address, credential, claim } = ctx.state
  if (input === undefined) throw new Error('the guard must run before the handler')
  const base: PublicCall = { input, headers: ctx.req.headers, address, requestId }
  if (credential === undefined) return base
  const { principal, expiresAt } = credential
  const userAgent = ctx.get('User-Agent').slice(0, USER_AGENT_MAX) || null
  return {
    ...base,
    principal,
    accessExpiresAt: expiresAt,
    origin: { actor: actorOf(principal), requestId, ipAddress: address, userAgent, switchId: principal.switchId },
    conditions: readConditions(ctx.get('If-Match')),
    claim: claim ?? null,
  }
}

function assertAnswer(operation: Operation, status: number, body: unknown): void {
  const schema: z.ZodType | undefined = operation.answers[status]
  if (schema === undefined) throw new Error(`${operation.name} answers an undeclared status ${status}`)
  const result = schema.safeParse(body)
  if (!result.success) throw new Error(`${operation.name} breaks its contract: ${JSON.stringify(result.error.issues)}`)
}

function write(
  ctx: ApiContext,
  operation: Operation,
  { status, body, version, headers = {}, isReplay }: Answer & { status: number },
): void {
  ctx.status = status
  ctx.set(headers)
  if (isReplay === true) ctx.set('Idempotency-Replayed', 'true')
  if (operation.tagged && version !== undefined && tag(ctx, etagOf(version, body))) return
  if (ctx.response.get('Content-Type') !== '') ctx.body = body
  else {
    ctx.body = JSON.stringify(body)
    ctx.set('Content-Type', status >= 400 ? PROBLEM_TYPE : JSON_TYPE)
  }
}

/** Whether the caller has it already: then 304 and no body. */
function tag(ctx: ApiContext, etag: string): boolean {
  ctx.set('ETag', etag)
  const unchanged = ctx.method === 'GET' || ctx.method === 'HEAD' ? isUnchanged(ctx.get('If-None-Match'), etag) : false
  if (unchanged) ctx.status = 304
  return unchanged
}

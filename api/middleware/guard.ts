/** Validates path, query and body against the declaration at once, and names every issue (H-20, API-007, API-071). */
import type { Issue } from '#domain/shared/domain-error'
import { DomainError } from '#domain/shared/domain-error'
import { issueAt, issuesOf, pointerOf } from '#contract/issues'
import type { Input, Operation } from '#contract/operation'
import type { ApiMiddleware } from './call'

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])
const CONTROL = /[\u0000-\u001f\u007f]/

export interface RawRequest {
  readonly params: Readonly<Record<string, string>>
  readonly querystring: string
  readonly body: unknown
}

export function guard(operation: Operation): ApiMiddleware {
  return async (ctx, next) => {
    ctx.state.input = validate(operation, {
      params: ctx['params'] as Record<string, string>,
      querystring: ctx.querystring,
      body: ctx.state.body,
    })
    await next()
  }
}

/** The request as the declaration types it; throws `validation.failed` with all issues. */
export function validate(operation: Operation, raw: RawRequest): Input<Operation> {
  const issues: Issue[] = []
  const read = (place: Issue['in'], schema: Operation['query'], value: unknown): unknown => {
    const result = schema.safeParse(value, { reportInput: true })
    if (!result.success) issues.push(...issuesOf(result.error, place))
    return result.data
  }
  const query = readQuery(raw.querystring, issues)
  issues.push(...forbiddenKeys(raw.body, []))
  const input = {
    params: read('path', operation.params, raw.params),
    query: read('query', operation.query, query),
    body: read('body', operation.body, raw.body),
  }
  if (issues.length > 0) throw new DomainError('validation.failed', { issues: withoutRepeats(issues) })
  return input
}

/** Repeated parameters are one with commas (API-024); those beginning with `_` are not ours (API-007). */
function readQuery(querystring: string, issues: Issue[]): Record<string, string> {
  const values = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(querystring))
    if (!name.startsWith('_') || name === '__proto__') values.set(name, [...(values.get(name) ?? []), value])
  const query: [string, string][] = []
  for (const [name, all] of values) {
    const value = all.join(',')
    if (all.some((one) => one === '')) issues.push(issueAt('query', pointerOf([name]), { code: 'too_short', message: 'must not be empty' }))
    else if (CONTROL.test(value))
      issues.push(issueAt('query', pointerOf([name]), { code: 'invalid_format', message: 'must not hold control characters' }))
    else if (FORBIDDEN_KEYS.has(name)) issues.push(issueAt('query', pointerOf([name]), 'unknown_parameter'))
    else query.push([name, value])
  }
  return Object.fromEntries(query)
}

/** Keys that could reach a prototype, at any depth. */
function forbiddenKeys(value: unknown, path: readonly PropertyKey[]): Issue[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => {
    const here = [...path, key]
    const own = FORBIDDEN_KEYS.has(key) ? [issueAt('body', pointerOf(here), 'unknown_field')] : []
    return [...own, ...forbiddenKeys(member, here)]
  })
}

function withoutRepeats(issues: readonly Issue[]): Issue[] {
  const seen = new Map(issues.map((issue) => [`${issue.in} ${issue.pointer} ${issue.code}`, issue]))
  return [...seen.values()]
}

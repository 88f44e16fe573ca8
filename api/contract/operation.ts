/** One declaration per HTTP operation: what it takes, answers, refuses and needs; everything else is derived from it (H-20). */
import type { z } from 'zod'
import type { Permission, ScopeNeed } from '#domain/authorization/vocabulary'
import type { ErrorCode } from '#domain/shared/error-codes'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type ContractId = `API-${string}`

/** Which counter of API-049 to API-053 a call takes from. */
export type Budget = 'session' | 'read' | 'write' | 'public' | 'none'

export interface Alias {
  readonly name: string
  readonly method: Method
  readonly path: string
}

export interface Example {
  readonly summary: string
  readonly body?: unknown
  readonly answer?: unknown
}

export interface Operation<P extends z.ZodType = z.ZodType, Q extends z.ZodType = z.ZodType, B extends z.ZodType = z.ZodType> {
  readonly id: ContractId
  /** `operationId` in OpenAPI, camelCase, unique. */
  readonly name: string
  readonly method: Method
  /** Path template with `{parameters}`, without trailing slash. */
  readonly path: string
  /** Other spellings of the same operation. */
  readonly aliases: readonly Alias[]
  readonly tag: string
  readonly summary: string
  readonly description: string
  readonly params: P
  readonly query: Q
  readonly body: B
  /** Whether a body is read at all; a form is read at login only (API-005). */
  readonly takesBody: 'none' | 'json' | 'json_or_form'
  readonly answers: Readonly<Record<number, z.ZodType>>
  readonly errors: readonly ErrorCode[]
  /** Absent: a public route (API-017). */
  readonly permission: Permission | null
  /** What an API key needs; `none` refuses keys altogether (api-v6 § 3). */
  readonly scope: ScopeNeed
  readonly budget: Budget
  /** Audit action written by a change in effect. */
  readonly audit: string | null
  /** Whether `Idempotency-Key` is honoured (API-047). */
  readonly idempotent: boolean
  /** Whether the answer carries an ETag and `If-Match` or `If-None-Match` are honoured (API-046). */
  readonly tagged: boolean
  readonly examples: readonly Example[]
  /** Content type of the success answer. */
  readonly produces: string
}

export type Input<O> =
  O extends Operation<infer P, infer Q, infer B>
    ? { readonly params: z.output<P>; readonly query: z.output<Q>; readonly body: z.output<B> }
    : never

/** Errors that any operation may answer, whatever it does. */
const UNIVERSAL_ERRORS: readonly ErrorCode[] = [
  'request.malformed',
  'request.timeout',
  'request.too_large',
  'request.uri_too_long',
  'request.headers_too_large',
  'request.unsupported_media_type',
  'validation.failed',
  'rate.limited',
  'server.internal',
  'server.unavailable',
  'server.busy',
  'server.timeout',
]

const SIGNED_IN_ERRORS: readonly ErrorCode[] = ['auth.required', 'auth.invalid_token', 'permission.role', 'permission.scope']
const IDEMPOTENCY_ERRORS: readonly ErrorCode[] = ['idempotency.in_progress', 'idempotency.mismatch']

/** Every error code an operation may answer: its own, and those its declaration implies. */
export function errorsOf(operation: Operation): readonly ErrorCode[] {
  const implied = [
    ...UNIVERSAL_ERRORS,
    ...(operation.permission === null ? [] : SIGNED_IN_ERRORS),
    ...(operation.idempotent ? IDEMPOTENCY_ERRORS : []),
    ...(operation.tagged && operation.method !== 'get' ? (['precondition.stale'] as const) : []),
  ]
  return [...new Set([...operation.errors, ...implied])].sort()
}

type Defaults = 'aliases' | 'errors' | 'audit' | 'idempotent' | 'tagged' | 'examples' | 'produces' | 'takesBody'
type Declaration<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Omit<Operation<P, Q, B>, Defaults> &
  Partial<Pick<Operation<P, Q, B>, Defaults>>

export function defineOperation<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  declaration: Declaration<P, Q, B>,
): Operation<P, Q, B> {
  return {
    aliases: [],
    errors: [],
    audit: null,
    idempotent: false,
    tagged: false,
    examples: [],
    produces: 'application/json',
    takesBody: 'none',
    ...declaration,
  }
}

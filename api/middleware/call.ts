/** What travels through the middlewares of one request, and what a handler gets and gives back. */
import type { IncomingHttpHeaders } from 'node:http'
import type { ParameterizedContext, Middleware, Next } from 'koa'
import type { Input, Operation } from '#contract/operation'
import type { ApiKeyPrincipal, Origin, Principal, UserPrincipal } from '#domain/authorization/principal'
import type { Conditions } from './etag'
import type { Claim } from './idempotency'

/** An access token that was accepted: who, and until when it speaks. */
export interface Credential {
  readonly principal: UserPrincipal
  readonly expiresAt: number
}

export interface ApiState {
  requestId: string
  /** The client's address, from forwarding headers only behind a configured proxy (API-010). */
  address: string
  /** Path template of the matched route; `unmatched` else (OPS-171). */
  endpoint: string
  credential?: Credential
  body?: unknown
  input?: Input<Operation>
  claim?: Claim | null
}

export type ApiContext = ParameterizedContext<ApiState>
export type ApiMiddleware = Middleware<ApiState>
export type { Next }

/** A validated request of a public operation. */
export interface PublicCall<O extends Operation = Operation> {
  readonly input: Input<O>
  readonly headers: IncomingHttpHeaders
  readonly address: string
  readonly requestId: string
}

/** A validated request of somebody who may make it. */
export interface Call<O extends Operation = Operation> extends PublicCall<O> {
  readonly principal: UserPrincipal
  readonly accessExpiresAt: number
  /** Actor, request id, address: what every audit row says of its cause (D-16). */
  readonly origin: Origin
  readonly conditions: Conditions
  readonly claim: Claim | null
}

export interface Answer {
  readonly status?: number
  readonly body: unknown
  /** Configuration part of the ETag (API-046). */
  readonly version?: number
  readonly headers?: Readonly<Record<string, string>>
  /** The stored answer to the same `Idempotency-Key` (API-047). */
  readonly isReplay?: boolean
}

/** One operation and what serves it; built by `serve` and `servePublic`, mounted by the router. */
export interface Route {
  readonly operation: Operation
  readonly handle: (call: PublicCall | Call) => Promise<Answer>
}

export function serve<O extends Operation>(operation: O, handle: (call: Call<O>) => Promise<Answer>): Route {
  return { operation, handle: handle as Route['handle'] } // the guard has made `call.input` what `operation` declares
}

export function servePublic<O extends Operation>(operation: O, handle: (call: PublicCall<O>) => Promise<Answer>): Route {
  return { operation, handle: handle as Route['handle'] } // as above
}

/** Who acts, as audit rows and transitions name it. */
export function actorOf(principal: Principal): Origin['actor'] {
  return principal.kind === 'user'
    ? { type: 'user', id: principal.userId }
    : { type: 'api_key', id: (principal satisfies ApiKeyPrincipal).apiKeyId }
}

/** Who calls, and what that key may see and change (LW-020, LW-028, LW-167). */
import type { Metadata } from '@grpc/grpc-js'
import type { ApiToken } from '../state'
import { notFound, unauthenticated } from './grpc-error'

const BEARER = /^Bearer (\S+)$/

/** Exactly `authorization: Bearer <token>`; anything else is 16. */
export function callerOf(metadata: Metadata, tokens: ReadonlyMap<string, ApiToken>): ApiToken {
  const [header] = metadata.get('authorization')
  if (typeof header !== 'string') throw unauthenticated('no authorization metadata')
  const token = BEARER.exec(header)?.[1]
  const caller = token === undefined ? undefined : tokens.get(token)
  if (!caller) throw unauthenticated('invalid token')
  return caller
}

export interface Access {
  /** Of the object; null when it does not exist. */
  readonly tenantId: string | null
  readonly isWrite: boolean
}

/** A tenant key may not learn whether what it cannot have exists: 16, not 5. */
export function assertMay(caller: ApiToken, { tenantId, isWrite }: Access): void {
  if (isWrite && caller.isReadOnly) throw unauthenticated()
  if (caller.tenantId !== null && caller.tenantId !== tenantId) throw unauthenticated()
}

export function assertAdmin(caller: ApiToken): void {
  if (caller.tenantId !== null) throw unauthenticated()
}

/** The object, after the caller's right to it; absent is 5 to an admin key and 16 to a tenant's. */
export function visible<Found>(caller: ApiToken, found: Found | null | undefined, access: Access & { readonly id: string }): Found {
  assertMay(caller, found ? access : { ...access, tenantId: null })
  if (!found) throw notFound(access.id)
  return found
}

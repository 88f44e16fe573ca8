/** What a gRPC status of ChirpStack v4 means to us (LW-026 … LW-029). One table. */
import { status, type ServiceError } from '@grpc/grpc-js'
import { NetworkServerError, type NetworkFailureKind } from '../network-server'

const NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(status).flatMap(([name, code]) => (typeof code === 'number' ? [[code, name.toLowerCase()]] : [])),
)

/** Codes not named here are transport: the call may have been done (LW-054). */
const KINDS: Readonly<Partial<Record<number, NetworkFailureKind>>> = {
  [status.INVALID_ARGUMENT]: 'refused',
  [status.FAILED_PRECONDITION]: 'refused',
  [status.OUT_OF_RANGE]: 'refused',
  [status.UNIMPLEMENTED]: 'refused',
  [status.NOT_FOUND]: 'absent',
  [status.UNAUTHENTICATED]: 'unauthenticated',
  [status.PERMISSION_DENIED]: 'unauthenticated',
}

/** The client's own words for "nothing was written to any connection". */
const NEVER_SENT = /No connection established|Name resolution failed|ECONNREFUSED|ENOTFOUND|EAI_AGAIN/

export const isGrpcError = (error: unknown): error is ServiceError =>
  error instanceof Error && typeof (error as Partial<ServiceError>).code === 'number'

export function toNetworkServerError(error: unknown): NetworkServerError {
  if (error instanceof NetworkServerError) return error
  if (!isGrpcError(error)) return new NetworkServerError('ambiguous', 'unknown', error instanceof Error ? error.message : 'unknown failure')
  const isUnsent = error.code === status.UNAVAILABLE && NEVER_SENT.test(error.details)
  const kind = isUnsent ? 'not_sent' : (KINDS[error.code] ?? 'ambiguous')
  return new NetworkServerError(kind, NAMES[error.code] ?? String(error.code), error.details)
}

/** The refusals of ChirpStack's API with its own codes and words (LW-026, LW-167). */
import { status } from '@grpc/grpc-js'

export class GrpcError extends Error {
  override readonly name = 'GrpcError'

  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message)
  }
}

/** With an empty text for an object that a tenant key may not see, absent or foreign. */
export const unauthenticated = (message = ''): GrpcError => new GrpcError(status.UNAUTHENTICATED, message)

export const notFound = (id: string): GrpcError => new GrpcError(status.NOT_FOUND, `Object does not exist (id: ${id})`)

export const invalidArgument = (message: string): GrpcError => new GrpcError(status.INVALID_ARGUMENT, message)

export const internal = (message: string): GrpcError => new GrpcError(status.INTERNAL, message)

export const duplicateKey = (constraint: string): GrpcError => internal(`duplicate key value violates unique constraint "${constraint}"`)

export const missingReference = (constraint: string): GrpcError =>
  internal(`insert or update violates foreign key constraint "${constraint}"`)

/** Error codes in and out of Temporal: permanent refusals end an activity, and come back to the caller as what they were (WF-007, H-41, Q-TRP-03). */
import {
  isGrpcServiceError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { DomainError, isDomainError } from '#domain/shared/domain-error'
import { isErrorCode, isPermanent } from '#domain/shared/error-codes'

/** What an activity throws: its `type` is the code; a permanent refusal is not tried again, anything else is. */
export function toActivityFailure(error: unknown): unknown {
  if (!isDomainError(error)) return error
  return ApplicationFailure.create({ message: error.message, type: error.code, nonRetryable: isPermanent(error.code), cause: error })
}

const away = (cause: unknown) => new DomainError('server.unavailable', { cause, retryAfterSeconds: 5, extra: { dependency: 'temporal' } })

/** What a caller of Temporal sees: the workflow's own refusal by its code, an absent workflow, or a service that is away. */
export function toDomainError(error: unknown): unknown {
  const refusal = findRefusal(error)
  if (refusal !== null) return refusal
  if (error instanceof WorkflowNotFoundError) return new DomainError('resource.not_found', { cause: error })
  if (error instanceof ServiceError || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcServiceError(error))
    return away(error)
  return error
}

/** An update fails with the workflow's failure as its cause, possibly wrapped by the activity that met it first. */
function findRefusal(error: unknown): DomainError | null {
  if (!(error instanceof WorkflowUpdateFailedError)) return null
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure && cause.type != null && isErrorCode(cause.type))
      return new DomainError(cause.type, { cause: error })
  }
  return null
}

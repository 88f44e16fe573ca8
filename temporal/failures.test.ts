/** Codes survive the way into Temporal and back (WF-007, H-40, H-41). */
import { ServiceError, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client'
import { ActivityFailure, ApplicationFailure, RetryState } from '@temporalio/common'
import { DomainError } from '#domain/shared/domain-error'
import { toActivityFailure, toDomainError } from './failures'

describe('into Temporal', () => {
  test.each([
    ['resource.not_found', true],
    ['downlink.not_cancellable', true],
    ['validation.failed', true],
    ['server.busy', false],
    ['server.unavailable', false],
    ['rate.limited', false],
  ] as const)('H-40: %s: non-retryable is %s', (code, nonRetryable) => {
    expect(toActivityFailure(new DomainError(code))).toMatchObject({ type: code, nonRetryable })
  })

  test('a bug stays as it is, and is retried', () => {
    const bug = new Error('bug')
    expect(toActivityFailure(bug)).toBe(bug)
  })
})

describe('back from Temporal', () => {
  const refusal = ApplicationFailure.nonRetryable('no', 'downlink.not_cancellable')

  test('H-41: the workflow’s refusal comes back by its code', () => {
    expect(toDomainError(new WorkflowUpdateFailedError('failed', refusal))).toMatchObject({ code: 'downlink.not_cancellable' })
  })

  test('H-41: also when an activity met it first', () => {
    const met = new ActivityFailure('failed', 'place', '1', RetryState.NON_RETRYABLE_FAILURE, 'worker', refusal)
    expect(toDomainError(new WorkflowUpdateFailedError('failed', met))).toMatchObject({ code: 'downlink.not_cancellable' })
  })

  test('a service that is away is 503 and names itself', () => {
    expect(toDomainError(new ServiceError('away'))).toMatchObject({
      code: 'server.unavailable',
      details: { extra: { dependency: 'temporal' } },
    })
  })

  test('an absent workflow is not found; anything else is a bug', () => {
    expect(toDomainError(new WorkflowNotFoundError('none', 'id', undefined))).toMatchObject({ code: 'resource.not_found' })
    const bug = new Error('bug')
    expect(toDomainError(bug)).toBe(bug)
  })
})

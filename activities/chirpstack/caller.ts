/** One gRPC call as every call is made: token, deadline, a place among those in flight, the breaker, failures by our own names (LW-020, LW-029). */
import { Metadata, type ServiceError } from '@grpc/grpc-js'
import { createBreaker } from './breaker'
import { toNetworkServerError } from './status'

type Answered<A> = (error: ServiceError | null, answer?: A) => void
interface CallOptions {
  readonly deadline: number
}
// eslint-disable-next-line max-params -- the signature of every generated client method
type Unary<Q, A> = (request: Q, metadata: Metadata, options: CallOptions, callback: Answered<A>) => unknown

export type Caller = <Q, A>(method: Unary<Q, A>, request: Q, limitMs: number) => Promise<A>

const IN_FLIGHT = 8

export function createCaller(token: string, now: () => number): Caller {
  const metadata = new Metadata()
  metadata.set('authorization', `Bearer ${token}`)
  const breaker = createBreaker(now)
  const places = createPlaces(IN_FLIGHT)
  return (method, request, limitMs) => places(() => breaker.run(() => callOnce(method, request, { metadata, limitMs })))
}

function callOnce<Q, A>(method: Unary<Q, A>, request: Q, { metadata, limitMs }: { metadata: Metadata; limitMs: number }): Promise<A> {
  return new Promise((resolve, reject) => {
    method(
      request,
      metadata,
      { deadline: Date.now() + limitMs },
      (error, answer) => (error === null ? resolve(answer as A) : reject(toNetworkServerError(error))), // no error, so there is an answer
    )
  })
}

/** Waiting for a place is in memory and short: the activity's own time-out bounds it. */
function createPlaces(size: number) {
  const waiting: (() => void)[] = []
  let free = size
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
}

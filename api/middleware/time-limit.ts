/** A handler that takes too long is answered for: 503 with `Retry-After`, never a hanging client (API-061). */
import { DomainError } from '#domain/shared/domain-error'
import type { ApiMiddleware } from './call'

const HANDLER_TIMEOUT_MS = 15_000

export function timeLimit(limitMs: number = HANDLER_TIMEOUT_MS): ApiMiddleware {
  return async (_ctx, next) => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new DomainError('server.timeout')), limitMs)
    })
    const work = next()
    work.catch(() => undefined) // after the limit nobody waits for its outcome; its transaction has its own limit
    try {
      await Promise.race([work, late])
    } finally {
      clearTimeout(timer)
    }
  }
}

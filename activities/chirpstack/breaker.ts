/** Stops asking a network server that does not answer: after 5 transport failures in 30 s one probe each 10 s (LW-029). */
import { NetworkServerError } from '../network-server'

const FAILURES = 5
const WITHIN_MS = 30_000
const PROBE_MS = 10_000

/** `internal` is an answer: a database of the server's in trouble, or an object that is not there. */
const isTransport = (error: unknown) =>
  error instanceof NetworkServerError && (error.kind === 'not_sent' || (error.kind === 'ambiguous' && error.code !== 'internal'))

export interface Breaker {
  /** Runs the call, or refuses at once with `not_sent` while open; a refusal consumes no attempt (DOM-621). */
  run<T>(call: () => Promise<T>): Promise<T>
  state(): { readonly open: boolean; readonly since: number | null }
}

export function createBreaker(now: () => number): Breaker {
  let failures: number[] = []
  let openSince: number | null = null
  let probedAt = 0

  function note(error: unknown): void {
    if (!isTransport(error)) return close() // it answered, so it is there
    failures = [...failures.filter((at) => at > now() - WITHIN_MS), now()]
    if (failures.length >= FAILURES) openSince ??= now()
  }

  function close(): void {
    failures = []
    openSince = null
  }

  function assertMayCall(): void {
    if (openSince === null) return
    if (now() - probedAt < PROBE_MS) throw new NetworkServerError('not_sent', 'breaker_open', 'the network server has not answered')
    probedAt = now()
  }

  return {
    async run(call) {
      assertMayCall()
      try {
        const result = await call()
        close()
        return result
      } catch (error) {
        note(error)
        throw error
      }
    },
    state: () => ({ open: openSince !== null, since: openSince }),
  }
}

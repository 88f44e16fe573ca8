/** An API client as an integrator should write one: the same Idempotency-Key until there is an answer, and every answer in the journal. */
import type { Answer, ApiClient } from '../harness/api-client'
import type { Journal } from './journal'
import type { HeardAnswer } from './oracles/hygiene'
import { requestIdOf } from './oracles/mutations'

export interface StubbornClient {
  /** Tries until the server has answered below 500. `over`: another way to the API for the first try, e.g. through a proxy. */
  mutate(what: string, body: unknown, over?: ApiClient): Promise<Answer & { readonly key: string; readonly tries: number }>
  /** One try of a read; null when there was no answer. */
  read(path: string): Promise<Answer | null>
  /** Everything that was answered so far. */
  readonly heard: readonly HeardAnswer[]
}

interface Request {
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
}

const GIVE_UP_MS = 45_000
const RETRY_MS = 150
/** The first try still runs, says the server. */
const IN_PROGRESS = 409

export function createStubbornClient(client: () => ApiClient, journal: Journal): StubbornClient {
  const heard: HeardAnswer[] = []
  const hear = (what: string, { status, body }: Answer): void => void heard.push({ what, status, body: JSON.stringify(body) })

  async function attempt(via: ApiClient, what: string, { body, headers }: Request): Promise<Answer | null> {
    try {
      const answer = await via.send(what, body, headers)
      hear(what, answer)
      const isFinal = answer.status < 500 && !(answer.status === IN_PROGRESS && answer.body['code'] === 'idempotency.in_progress')
      return isFinal ? answer : null
    } catch {
      return null // the connection broke; whether it was done is what the retry finds out
    }
  }

  return {
    heard,
    async mutate(what, body, over) {
      const key = crypto.randomUUID()
      const deadline = Date.now() + GIVE_UP_MS
      for (let tries = 1; Date.now() < deadline; tries++) {
        const headers = { 'idempotency-key': key, 'x-request-id': requestIdOf(key, tries) }
        const answer = await attempt(tries === 1 && over !== undefined ? over : client(), what, { body, headers })
        if (answer !== null) {
          journal.note({ kind: 'answer', at: Date.now(), key, what, status: answer.status, body: answer.body })
          return { ...answer, key, tries }
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
      throw new Error(`${what} had no answer in ${GIVE_UP_MS} ms; last heard ${JSON.stringify(heard.slice(-2))}`)
    },
    async read(path) {
      try {
        const answer = await client().get(path)
        hear(`GET ${path}`, answer)
        return answer
      } catch {
        return null
      }
    },
  }
}

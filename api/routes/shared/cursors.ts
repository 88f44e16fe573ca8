/** Cursors of lists: where one stands, signed and bound to tenant, list, filters and order, good for a day (API-022). */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { issueAt } from '#contract/issues'
import { DomainError } from '#domain/shared/domain-error'

/** Sort values of the last row seen, its id last. */
export type Position = readonly (string | null)[]

export interface Cursors {
  write(binding: string, position: Position): string
  /** Throws issue `bad_cursor` for one that is altered, foreign or too old. */
  read(binding: string, cursor: string): Position
}

interface Body {
  readonly after: Position
  readonly at: number
}

const TTL_MS = 24 * 60 * 60_000

export function createCursors({ secret, now }: { readonly secret: string; readonly now: () => number }): Cursors {
  /** Compared as text: the last character of base64 has bits that decode to nothing. */
  const sign = (text: string): string => createHmac('sha256', secret).update('cursor').update(text).digest('base64url')
  return {
    write(binding, after) {
      const body = Buffer.from(JSON.stringify({ after, at: now() } satisfies Body)).toString('base64url')
      return `${body}.${sign(`${binding}.${body}`)}`
    },
    read(binding, cursor) {
      const [body = '', signature = ''] = cursor.split('.')
      const given = Buffer.from(signature)
      const expected = Buffer.from(sign(`${binding}.${body}`))
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw badCursor()
      const { after, at } = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Body // signed by `write`
      if (now() - at > TTL_MS) throw badCursor()
      return after
    },
  }
}

const badCursor = () => new DomainError('validation.failed', { issues: [issueAt('query', '/cursor', 'bad_cursor')] })

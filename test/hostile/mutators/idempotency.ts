/** Q-HOS-30: one key for two requests, keys of other people, keys that are none. The two-step cases are in `idempotency.int.test.ts`. */
import { refused, type Mutator } from '../mutator'
import { toHttp } from '../valid-request'

/** Node refuses to send control characters, so those are for the raw driver. */
const BAD_KEYS = ['x'.repeat(256), 'caf\u00e9', '\u00ff'] as const

export const badKeys: Mutator = {
  id: 'Q-HOS-30',
  title: 'keys that are too long or not printable ASCII',
  appliesTo: ({ headers, method }) => method === 'POST' && headers.some((name) => name.toLowerCase() === 'idempotency-key'),
  attempts: (valid) => BAD_KEYS.map((key) => refused(key.slice(0, 10), toHttp({ ...valid, headers: { 'idempotency-key': key } }), [422])),
}

/** Q-HOS-11: bodies that are too large or not what their headers say. Slow and broken streams are in `transport.int.test.ts`. */
import { hasBody, refused, type Mutator } from '../mutator'
import { toHttp } from '../valid-request'

const KIB = 1024
const limitOf = (path: string): number => (path.startsWith('/api/auth') ? 16 * KIB : KIB * KIB)

export const sizes: Mutator = {
  id: 'Q-HOS-11',
  title: 'too large, compressed, of another type',
  appliesTo: hasBody,
  attempts: (valid) => {
    const request = toHttp(valid)
    const typed = (contentType: string) => ({ ...request, headers: { ...request.headers, 'content-type': contentType } })
    const { 'content-type': _none, ...untyped } = request.headers
    return [
      refused('one byte over the limit', toHttp(valid, ' '.repeat(limitOf(valid.operation.path) + 1)), [413]),
      refused('gzip', { ...request, headers: { ...request.headers, 'content-encoding': 'gzip' } }, [415]),
      refused('a type that only looks like JSON', typed('text/json'), [415]),
      refused('plain text', typed('text/plain'), [415]),
      refused('multipart', typed('multipart/form-data; boundary=x'), [415]),
      refused('another charset', typed('application/json; charset=utf-16'), [415]),
      refused('no type', { ...request, headers: untyped }, [415]),
    ]
  },
}

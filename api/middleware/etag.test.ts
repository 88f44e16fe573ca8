/** ETag, If-Match, If-None-Match (API-046) and the fingerprint of Idempotency-Key (API-047). */
import { assertFresh, etagOf, isUnchanged, readConditions } from './etag'
import { fingerprintOf } from './idempotency'

test('API-046: the configuration part decides If-Match, the whole decides If-None-Match', () => {
  const [before, after] = [etagOf(3, { state: 'free' }), etagOf(3, { state: 'occupied' })]
  expect(before).not.toBe(after)
  expect(() => assertFresh(readConditions(before), { version: 3, view: {} })).not.toThrow()
  expect(isUnchanged(before, after)).toBe(false)
  expect(isUnchanged(`W/${after}, "x"`, after)).toBe(true)
  expect(isUnchanged('*', after)).toBe(true)
  expect(isUnchanged('', after)).toBe(false)
})

test.each(['"2-abc"', 'W/"3-abc"', '"nonsense"', '3', '"3-abc'])('API-046: If-Match %s is stale for version 3', (header) => {
  expect(() => assertFresh(readConditions(header), { version: 3, view: { a: 1 }, updatedBy: 'Ann' })).toThrow(
    expect.objectContaining({
      code: 'precondition.stale',
      details: expect.objectContaining({ extra: { current_version: 3, current: { a: 1 }, updated_by: 'Ann', updated_at: null } }),
    }),
  )
})

test.each(['', '*', '"1-a", "3-b"'])('API-046: If-Match %s passes for version 3', (header) => {
  expect(() => assertFresh(readConditions(header), { version: 3, view: {} })).not.toThrow()
})

test('API-047: a fingerprint knows members, values and path, not their order', () => {
  const of = (body: unknown, path = '/a') => fingerprintOf(path, body).toString('hex')
  expect(of({ a: 1, b: { c: [1, 2], d: null } })).toBe(of({ b: { d: null, c: [1, 2] }, a: 1 }))
  expect(of({ a: [1, 2] })).not.toBe(of({ a: [2, 1] }))
  expect(of({ a: 1 })).not.toBe(of({ a: '1' }))
  expect(of({})).not.toBe(of({}, '/b'))
})

/** A budget of messages. */
import { TokenBucket } from './token-bucket'

it('API-891: a burst of 40, then 20 a second', () => {
  const bucket = new TokenBucket(20, 40, 0)
  const taken = (times: number, now: number) => Array.from({ length: times }, () => bucket.take(now)).filter(Boolean).length
  expect(taken(50, 0)).toBe(40)
  expect(taken(50, 1000)).toBe(20)
  expect(taken(50, 60_000)).toBe(40)
})

it('API-891: a clock that goes back gives nothing away', () => {
  const bucket = new TokenBucket(20, 1, 10_000)
  expect([bucket.take(10_000), bucket.take(5_000)]).toEqual([true, false])
})

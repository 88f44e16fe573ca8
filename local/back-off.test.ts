import { decideRestart } from './back-off'

const SECOND = 1_000

describe('restart of a child that ended', () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [4, 8_000],
  ])('OPS-004: end number %i within a minute is followed by a start after %i ms', (ends, expected) => {
    const endedAt = Array.from({ length: ends }, (_, index) => index * SECOND)
    expect(decideRestart(endedAt)).toEqual({ restartAfterMs: expected })
  })

  it('OPS-004: the fifth end within 60 s stops the stack', () => {
    expect(decideRestart([0, 1, 2, 3, 4].map((second) => second * SECOND))).toBe('give up')
  })

  it('OPS-004: ends more than 60 s ago no longer count', () => {
    const endedAt = [0, 1, 2, 3, 64].map((second) => second * SECOND)
    expect(decideRestart(endedAt)).toEqual({ restartAfterMs: 1_000 })
  })
})

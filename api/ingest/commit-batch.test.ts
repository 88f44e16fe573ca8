/** What may be set aside, and what must wait unacknowledged (DOM-907, D-73). */
import { isAway } from './commit-batch'

const sqlError = (code: string) => Object.assign(new Error('refused'), { code })

describe('a batch that fails', () => {
  test.each([
    ['a missing right', '42501'],
    ['a column that is not there', '42703'],
    ['a full disk', '53100'],
    ['an internal error', 'XX000'],
    ['a lock that is held', '55P03'],
  ])('DOM-907: %s is nobody’s row: nothing is set aside', (_, code) => {
    expect(isAway(sqlError(code))).toBe(true)
  })

  test.each([
    ['a value out of range', '22003'],
    ['a constraint', '23514'],
    ['two rows for one', '21000'],
  ])('DOM-907: %s blames a row, which is looked for', (_, code) => {
    expect(isAway(sqlError(code))).toBe(false)
  })

  test('D-73: an error of the code that reads one message blocks nobody behind it', () => {
    expect(isAway(new TypeError('of undefined'))).toBe(false)
  })
})

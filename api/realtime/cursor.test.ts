/** Positions in a stream. */
import { cursorInstant, isAfter, isCursor } from './cursor'

it('API-883: only the shape of a stream id is a cursor', () => {
  expect(['1782898455801-0', '0-0', '-', '+', '(1-0', '1', '', '1-0 ', "1-0';"].map(isCursor)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
    false,
    false,
    false,
  ])
})

it('API-863: positions are ordered by time, then by sequence', () => {
  expect(isAfter('2-0', '1-9')).toBe(true)
  expect(isAfter('10-0', '9-0')).toBe(true)
  expect(isAfter('1-10', '1-9')).toBe(true)
  expect(isAfter('1-9', '1-9')).toBe(false)
  expect(isAfter('x', '1-0')).toBe(false)
  expect(isAfter('1-0', 'x')).toBe(true)
})

it('API-883: a cursor knows when it was written', () => expect(cursorInstant('1782898455801-3')).toBe(1782898455801))

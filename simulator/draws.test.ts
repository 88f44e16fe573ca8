import { createDraws } from './draws'

describe('createDraws', () => {
  test('LW-154: the same seed gives the same values, and another entity changes none of them', () => {
    const [one, other] = [createDraws(7), createDraws(7)]
    other.uuid('b', 'id')
    expect([one.uuid('a', 'id'), one.number('a', 'loss')]).toEqual([other.uuid('a', 'id'), other.number('a', 'loss')])
  })

  test('a server that starts anew draws other ids and addresses, and the same chances and keys', () => {
    const [first, second] = [createDraws(7, '|1'), createDraws(7, '|2')]
    expect(first.uuid('a', 'id')).not.toBe(second.uuid('a', 'id'))
    expect(first.hex(['a', 'devAddr'], 4)).not.toBe(second.hex(['a', 'devAddr'], 4))
    expect(first.number('a', 'loss')).toBe(second.number('a', 'loss'))
    expect(first.constantHex(['a', 'appKey'], 16)).toBe(second.constantHex(['a', 'appKey'], 16))
  })
})

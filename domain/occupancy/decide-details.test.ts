import { facts, at, heard, NOON, override, right } from '#test/factories/facts'
import { DEFAULT_POLICY, DEFAULT_POLICY_BODY, type EffectivePolicy, type PolicyBody } from '../display/policy'
import { decide } from './decide'

const withPolicy = (changes: Partial<PolicyBody>): EffectivePolicy => ({ ...DEFAULT_POLICY, body: { ...DEFAULT_POLICY_BODY, ...changes } })

describe('the next look', () => {
  it('DOM-240: a right wins a tie over an override, and an override over liveness', () => {
    const known = facts({ overrides: [override('blocked', '12:23')], sensor: heard('occupied', '11:58') })
    expect(decide(known, DEFAULT_POLICY, NOON).untilCause).toBe('override')
    expect(decide({ ...known, rights: [right('12:23', '13:00')] }, withPolicy({ reserved_soon_seconds: 0 }), NOON).untilCause).toBe('right')
  })

  it('DOM-240: a nearer liveness instant never hides the boundary of a right', () => {
    const decision = decide(facts({ rights: [right('11:30', '13:00')], sensor: heard('occupied', '11:58') }), DEFAULT_POLICY, NOON)
    expect(decision).toMatchObject({ until: at('12:23'), untilCause: 'liveness', nextExact: at('13:00') })
  })

  it('DOM-306: the floor of a policy lengthens a shorter window and never shortens one', () => {
    const until = (floor: number) =>
      decide(facts({ sensor: heard('occupied', '11:58') }), withPolicy({ sensor_timeout_floor_seconds: floor }), NOON).until
    expect(until(3_600)).toBe(at('12:58'))
    expect(until(60)).toBe(at('12:23'))
  })
})

describe('several facts of one kind', () => {
  it('DOM-229: of several overrides of one kind the one that started last speaks', () => {
    const { because } = decide(facts({ overrides: [override('blocked', '10:00'), override('blocked', '11:00')] }), DEFAULT_POLICY, NOON)
    expect(because.map(({ ref, used }) => [ref?.id, used])).toEqual([
      ['blocked-11:00', true],
      ['blocked-10:00', false],
      [undefined, true],
    ])
  })

  it('DOM-229: two rights that cover one instant: the earlier start, then the smaller id', () => {
    const rights = [right('11:30', '13:00', { id: 'b' }), right('11:30', '13:00', { id: 'a' }), right('11:45', '13:00', { id: '0' })]
    expect(decide(facts({ rights }), DEFAULT_POLICY, NOON).because[0]?.ref?.id).toBe('a')
  })

  it('DOM-228: a light can show what the state does not say, as the policy ranks it', () => {
    const known = facts({ overrides: [override('blocked', '10:00')], sensor: heard('occupied', '11:58') })
    const policy = withPolicy({ ranking: ['occupied', 'maintenance', 'reserved', 'reserved_soon', 'free', 'unknown'] })
    expect(decide(known, policy, NOON)).toMatchObject({ state: 'maintenance', display: { situation: 'occupied', color: 'red' } })
  })
})

import fc from 'fast-check'
import { PROPERTY_RUNS } from '#test/factories/arbitrary-facts'
import {
  allowedTransitions,
  assertTransition,
  assignmentSteps,
  canTransition,
  LIFECYCLE_TRANSITIONS,
  LIFECYCLES,
  unassignmentStep,
  type Lifecycle,
  type TransitionActor,
} from './lifecycle'

const arbitraryFrom = fc.option(fc.constantFrom(...LIFECYCLES), { nil: null })
const arbitraryActor = fc.constantFrom<TransitionActor>('system', 'operator', 'admin')

describe('device lifecycle (DOM-501 … DOM-512)', () => {
  it.each<readonly [Lifecycle | null, TransitionActor, readonly Lifecycle[]]>([
    [null, 'system', ['discovered']],
    [null, 'operator', ['commissioned', 'provisioned']],
    ['discovered', 'admin', ['provisioned', 'decommissioned', 'retired']],
    ['provisioned', 'admin', ['commissioned', 'decommissioned']],
    ['provisioned', 'operator', []],
    ['commissioned', 'admin', ['operational', 'decommissioned']],
    ['operational', 'admin', ['maintenance', 'decommissioned']],
    ['operational', 'system', ['commissioned', 'provisioned']],
    ['maintenance', 'admin', ['operational', 'decommissioned']],
    ['decommissioned', 'admin', ['provisioned', 'retired']],
    ['retired', 'admin', []],
  ])('from %s as %s: %j', (from, actor, expected) => expect(allowedTransitions(from, actor)).toEqual(expected))

  it('Q-PRP-33: any walk takes only rows of the table, and retired is its end', () => {
    const property = fc.property(
      arbitraryFrom,
      fc.array(fc.tuple(fc.constantFrom(...LIFECYCLES), arbitraryActor), { maxLength: 30 }),
      (start, steps) => {
        let here = start
        for (const [to, actor] of steps) {
          const isListed = LIFECYCLE_TRANSITIONS.some((row) => row.from === here && row.to === to)
          const isRefused = (() => {
            try {
              assertTransition(here, to, actor)
              return false
            } catch {
              return true
            }
          })()
          expect(isRefused).toBe(!canTransition(here, to, actor))
          if (!isRefused) expect(isListed && here !== 'retired').toBe(true)
          here = isRefused ? here : to
        }
      },
    )
    fc.assert(property, PROPERTY_RUNS)
  })

  it('DOM-512: a refusal names from, to and what would be allowed', () => {
    expect(() => assertTransition('retired', 'operational', 'admin')).toThrow(
      expect.objectContaining({
        code: 'device.illegal_transition',
        details: expect.objectContaining({ extra: { from: 'retired', to: 'operational', allowed: [] } }),
      }),
    )
  })

  it('an unassigned device can be walked along the whole chain by an admin', () => {
    const chain: readonly Lifecycle[] = [
      'discovered',
      'provisioned',
      'commissioned',
      'operational',
      'maintenance',
      'decommissioned',
      'retired',
    ]
    chain.slice(1).forEach((to, index) => expect(canTransition(chain[index] ?? null, to, 'admin')).toBe(true))
  })

  it('DOM-505: assigning records every step on the way', () => {
    expect(assignmentSteps('discovered')).toEqual(['provisioned', 'commissioned', 'operational'])
    expect(assignmentSteps('operational')).toEqual([])
    expect(assignmentSteps('maintenance')).toEqual([])
  })

  it('DOM-506: unassigning leaves it commissioned, or provisioned if never heard', () => {
    expect(unassignmentStep('operational', true)).toBe('commissioned')
    expect(unassignmentStep('operational', false)).toBe('provisioned')
    expect(unassignmentStep('maintenance', true)).toBeNull()
  })
})

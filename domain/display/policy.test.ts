import fc from 'fast-check'
import { PROPERTY_RUNS } from '#test/factories/arbitrary-facts'
import { isSendNeeded } from './is-send-needed'
import { DEFAULT_POLICY, DEFAULT_POLICY_BODY, RANKED_SITUATIONS, SITUATIONS, type EffectivePolicy, type PolicyScope } from './policy'
import { choosePolicy, overriddenPolicies } from './precedence'
import { proofWord } from './proof-word'
import { expandRanking, hiddenSituations, rankSituation } from './rank'

const published = (scope: PolicyScope): EffectivePolicy => ({ policyId: scope, version: 1, scope, body: DEFAULT_POLICY_BODY })

describe('precedence (DOM-310)', () => {
  it('Q-PRP-06: space > site > tenant > default, whichever are published', () => {
    const arbitraryScopes = fc.shuffledSubarray<PolicyScope>(['space', 'site', 'tenant'])
    const property = fc.property(arbitraryScopes, (scopes) => {
      const expected = (['space', 'site', 'tenant'] as const).find((scope) => scopes.includes(scope)) ?? 'default'
      expect(choosePolicy(scopes.map(published)).scope).toBe(expected)
    })
    fc.assert(property, PROPERTY_RUNS)
  })

  it('names the policies that a more specific one overrides', () => {
    expect(overriddenPolicies([published('tenant'), published('space'), published('site')]).map(({ scope }) => scope)).toEqual([
      'site',
      'tenant',
    ])
    expect(choosePolicy([])).toBe(DEFAULT_POLICY)
  })
})

describe('ranking (DOM-303)', () => {
  it('shows the first true situation, and unknown when nothing else is', () => {
    const property = fc.property(
      fc.shuffledSubarray([...RANKED_SITUATIONS], { minLength: 6 }),
      fc.uniqueArray(fc.constantFrom(...SITUATIONS)),
      (ranking, holding) => {
        const shown = rankSituation(ranking, new Set([...holding, 'unknown']))
        const order = expandRanking(ranking)
        expect(holding.every((situation) => order.indexOf(shown) <= order.indexOf(situation))).toBe(true)
      },
    )
    fc.assert(property, PROPERTY_RUNS)
  })

  it('maintenance stands for out_of_service before blocked, unknown for error before unknown', () => {
    expect(expandRanking(RANKED_SITUATIONS)).toEqual([
      'out_of_service',
      'blocked',
      'occupied',
      'reserved',
      'reserved_soon',
      'free',
      'error',
      'unknown',
    ])
    expect(rankSituation(RANKED_SITUATIONS, new Set(['blocked', 'out_of_service', 'unknown']))).toBe('out_of_service')
  })

  it('what ranks below unknown can never be shown', () => {
    expect(hiddenSituations(['maintenance', 'occupied', 'unknown', 'reserved', 'reserved_soon', 'free'])).toEqual([
      'reserved',
      'reserved_soon',
      'free',
    ])
    expect(hiddenSituations(RANKED_SITUATIONS)).toEqual([])
  })
})

describe('sent already (DOM-330)', () => {
  const green = { fPort: 15, bytes: '0000FFFF00' }

  it('sends nothing that was sent last, unless that has been disproved', () => {
    const question = { wanted: green, lastSent: { fPort: 15, bytes: '0000ffff00' }, isDisproved: false }
    expect(isSendNeeded(question)).toBe(false)
    expect(isSendNeeded({ ...question, isDisproved: true })).toBe(true)
    expect(isSendNeeded({ ...question, lastSent: null })).toBe(true)
    expect(isSendNeeded({ ...question, wanted: { ...green, bytes: 'FF0000FF00' } })).toBe(true)
  })
})

describe('the word that people see (DOM-634)', () => {
  it.each([
    ['proved', { proof: 'reported', isAsWanted: true, hasOpenCommand: false }],
    ['drifted', { proof: 'reported', isAsWanted: false, hasOpenCommand: false }],
    ['pending', { proof: 'reported', isAsWanted: true, hasOpenCommand: true }],
    ['unverified', { proof: 'transmitted', isAsWanted: true, hasOpenCommand: false }],
    ['unverified', { proof: 'acked', isAsWanted: true, hasOpenCommand: false }],
    ['unverified', { proof: 'none', isAsWanted: false, hasOpenCommand: false }],
  ] as const)('%s: %j', (word, shown) => expect(proofWord(shown)).toBe(word))
})

import type { PoisonEntry, UplinkEntry } from '../journal'
import type { Evidence, StoredReading } from './evidence'
import { findDoubled, findLost, findUntrue } from './readings'

const uplink = (fCnt: number, occupied: boolean): UplinkEntry => ({
  ...{ kind: 'uplink', at: fCnt, devEui: 'd', devAddr: 'a', session: 0, fCnt, deduplicationId: `x${fCnt}`, heardAt: fCnt, occupied },
})
const reading = (fCnt: number, changes: Partial<StoredReading> = {}): StoredReading => ({
  ...{ devEui: 'd', devAddr: 'a', fCnt, deduplicationId: `x${fCnt}`, verdict: 'applied', repeatCount: 0, recordedAt: fCnt },
  ...{ gatewayEui: null, rssiDbm: null, snrDb: null, ...changes },
})
const transition = (sequence: number, previousState: string, newState: string) => ({ spaceId: 's', sequence, previousState, newState })
const evidence = (changes: Partial<Evidence> = {}): Evidence => ({
  readings: [reading(1), reading(2)],
  transitions: [transition(6, 'free', 'occupied'), transition(7, 'occupied', 'free')],
  bays: [{ spaceId: 's', state: 'free', sequence: 7, pending: false }],
  deadLetters: [],
  miscountedSites: [],
  ...changes,
})
const uplinks = [uplink(1, true), uplink(2, false)]
const poison: PoisonEntry = { kind: 'poison', at: 1, what: 'no JSON', topic: 't', sha256: 'ff' }
const starts = new Map([['s', 5]])
const truth = (found: Evidence) =>
  findUntrue({ uplinks, evidence: found, starts: new Map([['d', 'free']]), sensors: new Map([['s', 'd']]) })

describe('O1 to O3 see', () => {
  test('nothing when all is well', () => {
    expect(findLost(uplinks, [], evidence())).toEqual([])
    expect(findDoubled(evidence(), starts)).toEqual([])
    expect(truth(evidence())).toEqual([])
  })

  test('O1: a lost uplink and a poison without its dead letter', () => {
    expect(findLost(uplinks, [], evidence({ readings: [reading(1)] }))).toHaveLength(1)
    expect(findLost([], [poison], evidence())).toHaveLength(1)
    const letter = { reason: 'not_json', detail: null, sha256: 'ff', tenantId: 't' }
    expect(findLost([], [poison], evidence({ deadLetters: [letter] }))).toEqual([])
  })

  test('O2: a reading twice, a sequence twice, a gap', () => {
    expect(findDoubled(evidence({ readings: [reading(1), reading(1)] }), starts)).toHaveLength(1)
    expect(
      findDoubled(evidence({ transitions: [transition(6, 'free', 'occupied'), transition(6, 'free', 'occupied')] }), starts),
    ).toHaveLength(1)
    expect(findDoubled(evidence({ transitions: [transition(7, 'free', 'occupied')] }), starts)).toHaveLength(1)
  })

  test('O3: a wrong state, a swallowed transition, a broken chain, a wrong counter', () => {
    expect(truth(evidence({ bays: [{ spaceId: 's', state: 'occupied', sequence: 7, pending: false }] }))).toHaveLength(1)
    expect(truth(evidence({ transitions: [] }))).toHaveLength(1)
    expect(truth(evidence({ transitions: [transition(6, 'free', 'occupied'), transition(7, 'free', 'free')] }))).toHaveLength(1)
    expect(truth(evidence({ miscountedSites: ['x'] }))).toHaveLength(1)
  })

  test('O3: a frame may be late only behind a newer one', () => {
    const swapped = evidence({
      readings: [reading(2, { recordedAt: 1 }), reading(1, { verdict: 'late', recordedAt: 2 })],
      transitions: [],
      bays: [{ spaceId: 's', state: 'free', sequence: 5, pending: false }],
    })
    expect(truth(swapped)).toEqual([])
    const claimed = { ...swapped, readings: [reading(2, { recordedAt: 3 }), reading(1, { verdict: 'late', recordedAt: 2 })] }
    expect(truth(claimed)).toHaveLength(1)
  })
})

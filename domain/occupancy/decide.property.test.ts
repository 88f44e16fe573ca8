import fc from 'fast-check'
import { arbitraryFacts, arbitraryInstant, arbitraryPolicy, PROPERTY_RUNS } from '#test/factories/arbitrary-facts'
import { NOON } from '#test/factories/facts'
import { advanceStream, type StreamFrame } from '#test/factories/sensor-stream'
import { DEFAULT_POLICY } from '../display/policy'
import { decide } from './decide'
import { describeSensor } from './sensor-facts'
import { SPACE_STATES, type Card, type Decision, type Facts, type SensorFacts } from './types'

const answer = ({ state, reason, display }: Decision) => ({ state, reason, display })

const arbitraryCase = fc.tuple(arbitraryFacts, arbitraryPolicy, arbitraryInstant)

function freeze<T>(value: T): T {
  if (value !== null && typeof value === 'object') Object.values(Object.freeze(value)).forEach(freeze)
  return value
}

describe('decide', () => {
  it('Q-PRP-01: is total and pure', () => {
    const property = fc.property(arbitraryCase, ([facts, policy, now]) => {
      freeze(facts)
      freeze(policy)
      const decision = decide(facts, policy, now)
      expect(SPACE_STATES).toContain(decision.state)
      expect(decision.because.length).toBeGreaterThan(0)
      expect(decide(facts, policy, now)).toEqual(decision)
    })
    fc.assert(property, PROPERTY_RUNS)
  })

  it('Q-PRP-01: does not throw on instants that no calendar holds', () => {
    const property = fc.property(arbitraryFacts, arbitraryPolicy, fc.double({ noNaN: false }), (facts, policy, now) => {
      expect(SPACE_STATES).toContain(decide(facts, policy, now).state)
    })
    fc.assert(property, PROPERTY_RUNS)
  })

  it('Q-PRP-02, DOM-247: over only the facts that it cites it gives the same state, reason and display', () => {
    const property = fc.property(arbitraryCase, ([facts, policy, now]) => {
      const decision = decide(facts, policy, now)
      expect(answer(decide(onlyCited(facts, decision.because), policy, now))).toEqual(answer(decision))
    })
    fc.assert(property, PROPERTY_RUNS)
  })

  it('Q-PRP-03: until is honest, and after now', () => {
    const property = fc.property(arbitraryCase, fc.double({ min: 0, max: 1, noNaN: true }), ([facts, policy, now], share) => {
      const decision = decide(facts, policy, now)
      const end = decision.until ?? now + 400 * 60_000
      expect(end).toBeGreaterThan(now)
      const between = Math.min(now + Math.floor((end - now) * share), end - 1)
      expect(answer(decide(facts, policy, between))).toEqual(answer(decision))
      expect(answer(decide(facts, policy, end - 1))).toEqual(answer(decision))
    })
    fc.assert(property, PROPERTY_RUNS)
  })

  it('Q-PRP-03: nextExact is a boundary of a right or an override at or after until', () => {
    const property = fc.property(arbitraryCase, ([facts, policy, now]) => {
      const { until, nextExact } = decide(facts, policy, now)
      if (nextExact !== null) expect(until).toBeLessThanOrEqual(nextExact)
    })
    fc.assert(property, PROPERTY_RUNS)
  })

  it('Q-PRP-05: the precedence of D-32 holds for every pair of causes', () => {
    const property = fc.property(arbitraryCase, ([facts, policy, now]) => {
      const { state, because } = decide(facts, policy, now)
      const holds = because.map(({ rule, evidence }) => (rule === 'override_in_force' ? evidence['kind'] : rule))
      if (holds.includes('out_of_service') || holds.includes('blocked')) expect(state).toBe('maintenance')
      else if (saysOccupied(because)) expect(state).toBe('occupied')
      else if (holds.includes('right_covers_now') || holds.includes('right_starts_soon')) expect(state).toBe('reserved')
      else expect(['free', 'unknown']).toContain(state)
    })
    fc.assert(property, PROPERTY_RUNS)
  })

  it('Q-PRP-05: a vehicle present is never shown free, and a stale sensor never gives free', () => {
    const property = fc.property(arbitraryCase, ([facts, policy, now]) => {
      const { state, reason, display, because } = decide(facts, policy, now)
      if (saysOccupied(because)) expect(display.situation).not.toBe('free')
      if (because.some(({ kind, rule }) => kind === 'suspect' || rule === 'silent_too_long')) expect(reason).not.toBe('sensor_free')
      if (state === 'free' && reason === 'sensor_free') expect(because.some(({ rule, used }) => rule === 'heard_within' && used)).toBe(true)
    })
    fc.assert(property, PROPERTY_RUNS)
  })
})

describe('readings', () => {
  /** Two sessions of rising counters and times, in minutes before noon; few enough that no sensor becomes suspect. */
  const arbitraryReadings = fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: 1, max: 170 }), { minLength: 1, maxLength: 12 }),
      fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
      fc.nat(12),
    )
    .map(([minutes, values, joinsAfter]) =>
      minutes
        .sort((a, b) => b - a)
        .map((minute, index): StreamFrame => {
          const isRejoined = index >= joinsAfter
          const value = values[index] ? 'occupied' : 'free'
          const session = { devAddr: isRejoined ? '01bb0000' : '01aa0000', fCnt: isRejoined ? index - joinsAfter : 900 + index }
          return { value, heardAt: NOON - minute * 60_000, deduplicationId: `frame-${index}`, ...session }
        }),
    )

  it('Q-PRP-04: any permutation and repetition ends in the same state as the sorted, deduplicated ones', () => {
    const arbitraryArrival = arbitraryReadings.chain((sorted) =>
      fc.tuple(
        fc.constant(sorted),
        fc.shuffledSubarray([...sorted, ...sorted], { minLength: 2 * sorted.length, maxLength: 2 * sorted.length }),
      ),
    )
    const property = fc.property(arbitraryArrival, ([sorted, arrived]) => {
      expect(answerOf(markRepeats(arrived))).toEqual(answerOf(sorted))
    })
    fc.assert(property, PROPERTY_RUNS)
  })

  const answerOf = (frames: readonly StreamFrame[]) =>
    answer(decide({ overrides: [], rights: [], sensor: describeSensor(advanceStream(frames), NOON) }, DEFAULT_POLICY, NOON))

  const markRepeats = (frames: readonly StreamFrame[]): StreamFrame[] =>
    frames.map((frame, index) => ({ ...frame, isStored: frames.indexOf(frame) < index }))
})

const saysOccupied = (cards: readonly Card[]): boolean => {
  const statement = cards.find(({ rule }) => rule === 'manual_statement')
  const isHeard = cards.some(({ rule }) => rule === 'heard_within')
  const reading = cards.find(({ rule }) => rule === 'newest_valid_reading')
  return statement ? statement.evidence['value'] === 'occupied' : isHeard && reading?.evidence['value'] === 'occupied'
}

/** What the cards cite, and nothing else, as facts again. */
function onlyCited(facts: Facts, cards: readonly Card[]): Facts {
  const cites = (type: string, id: string) => cards.some(({ ref }) => ref?.type === type && ref.id === id)
  return {
    overrides: facts.overrides.filter(({ id }) => cites('override', id)),
    rights: facts.rights.filter(({ id }) => cites('reservation', id)),
    sensor: facts.sensor && onlyCitedSensor(facts.sensor, cards, cites),
  }
}

function onlyCitedSensor(sensor: SensorFacts, cards: readonly Card[], cites: (type: string, id: string) => boolean): SensorFacts | null {
  const hasReading = cites('reading', sensor.readingRef?.id ?? '')
  if (!hasReading && !cites('device', sensor.deviceId)) return null
  return {
    ...sensor,
    value: hasReading ? sensor.value : null,
    valueHeardAt: hasReading ? sensor.valueHeardAt : null,
    suspect: cards.some(({ kind }) => kind === 'suspect') ? sensor.suspect : null,
    gateways: sensor.gateways.filter(({ id }) => cites('gateway', id)),
  }
}

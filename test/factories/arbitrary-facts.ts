/** Random bays around one hour, dense enough that boundaries, ties and doubts all happen (Q-PRP-01 … 05). */
import fc from 'fast-check'
import { DEFAULT_POLICY_BODY, RANKED_SITUATIONS, type EffectivePolicy } from '#domain/display/policy'
import type { Facts, OverrideFact, RightFact, SensorFacts } from '#domain/occupancy/types'
import { NOON } from './facts'

/** Cases per property in `npm test`; the nightly run raises it. fast-check prints the seed of a failing run. */
export const PROPERTY_RUNS = { numRuns: 1_000 }

/** Whole minutes within three hours of noon, so that instants meet. */
export const arbitraryInstant = fc.integer({ min: -180, max: 180 }).map((minutes) => NOON + minutes * 60_000)

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })

const arbitraryOverride: fc.Arbitrary<OverrideFact> = fc.record({
  id: fc.uuid(),
  kind: fc.constantFrom('out_of_service', 'blocked', 'occupied', 'free'),
  startsAt: arbitraryInstant,
  endsAt: orNull(arbitraryInstant),
  by: fc.constant('user-1'),
})

const arbitraryRight: fc.Arbitrary<RightFact> = fc
  .record({
    id: fc.uuid(),
    status: fc.constantFrom('pending' as const, 'confirmed' as const, 'active' as const),
    start: arbitraryInstant,
    minutes: fc.integer({ min: 5, max: 120 }),
    holdExpiresAt: arbitraryInstant,
  })
  .map(({ minutes, holdExpiresAt, ...right }) => ({
    ...right,
    end: right.start + minutes * 60_000,
    holdExpiresAt: right.status === 'pending' ? holdExpiresAt : null,
  }))

const arbitraryGateways = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom('gateway-1', 'gateway-2', 'gateway-3'),
    state: fc.constantFrom('online' as const, 'offline' as const, 'never_seen' as const),
    since: orNull(arbitraryInstant),
  }),
  { selector: ({ id }) => id, maxLength: 3 },
)

const arbitrarySuspect = orNull(
  fc.record({ since: arbitraryInstant, changesLastHour: fc.integer({ min: 6, max: 21 }), clearsAt: arbitraryInstant }),
)

const arbitrarySensor: fc.Arbitrary<SensorFacts> = fc
  .record({
    usable: fc.boolean(),
    lastHeardAt: orNull(arbitraryInstant),
    value: orNull(fc.constantFrom('occupied' as const, 'free' as const)),
    valueHeardAt: arbitraryInstant,
    suspect: arbitrarySuspect,
    gateways: arbitraryGateways,
  })
  .map((changes) => ({
    deviceId: 'sensor-1',
    model: 'browan-tbms100',
    window: { occupiedSeconds: 1_500, freeSeconds: 9_000 },
    ...changes,
    valueHeardAt: changes.value === null ? null : changes.valueHeardAt,
    lastHeardAt:
      changes.lastHeardAt === null || changes.value === null ? changes.lastHeardAt : Math.max(changes.lastHeardAt, changes.valueHeardAt),
    readingRef:
      changes.value === null ? null : { id: 'reading-1', fCnt: 1, rssiDbm: null, snrDb: null, gatewayId: null, deduplicationId: null },
  }))

export const arbitraryFacts: fc.Arbitrary<Facts> = fc.record({
  overrides: fc.array(arbitraryOverride, { maxLength: 4 }),
  rights: fc.array(arbitraryRight, { maxLength: 2 }),
  sensor: orNull(arbitrarySensor),
})

export const arbitraryPolicy: fc.Arbitrary<EffectivePolicy> = fc
  .record({
    ranking: fc.shuffledSubarray([...RANKED_SITUATIONS], { minLength: 6 }),
    reserved_soon_seconds: fc.constantFrom(0, 60, 900, 3_600),
    sensor_timeout_floor_seconds: fc.constantFrom(0, 3_600, 20_000),
    unknown_as: fc.constantFrom('unknown' as const, 'last_known' as const),
  })
  .map((changes) => ({ policyId: 'policy-1', version: 7, scope: 'site' as const, body: { ...DEFAULT_POLICY_BODY, ...changes } }))

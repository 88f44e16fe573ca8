/** Facts of one bay with the defaults of the worked scenarios (domain.md § 2.10): a TBMS100 whose serving gateway is online. */
import type { Facts, OverrideFact, RightFact, SensorFacts, ServingGateway } from '#domain/occupancy/types'
import type { Instant } from '#domain/shared/instant'

/** `11:58` or `11:34:59` on the scenarios' day, in UTC. */
export const at = (clock: string): Instant => Date.parse(`2026-07-01T${clock.length === 5 ? `${clock}:00` : clock}Z`)

/** The same clock on the day after. */
export const nextDay = (clock: string): Instant => at(clock) + 86_400_000

export const NOON = at('12:00')

const TBMS100_WINDOW = { occupiedSeconds: 1_500, freeSeconds: 9_000 }

export function gateway(id: string, state: ServingGateway['state'] = 'online', since: string | null = null): ServingGateway {
  return { id, state, since: since === null ? null : at(since) }
}

/** A sensor that has never been heard; override what the case is about. */
export function sensor(changes: Partial<SensorFacts> = {}): SensorFacts {
  return {
    deviceId: 'sensor-1',
    model: 'browan-tbms100',
    usable: true,
    lastHeardAt: null,
    value: null,
    valueHeardAt: null,
    readingRef: null,
    window: TBMS100_WINDOW,
    suspect: null,
    gateways: [gateway('gateway-1')],
    ...changes,
  }
}

/** A sensor whose newest fresh reading says `value`, heard at `clock`. */
export function heard(value: 'occupied' | 'free', clock: string, changes: Partial<SensorFacts> = {}): SensorFacts {
  const readingRef = { id: 'reading-1', fCnt: 23, rssiDbm: -36, snrDb: 10.5, gatewayId: '0016c001f153a14c', deduplicationId: 'dedup-1' }
  return sensor({ value, valueHeardAt: at(clock), lastHeardAt: at(clock), readingRef, ...changes })
}

export function right(start: string, end: string, changes: Partial<RightFact> = {}): RightFact {
  return { id: `right-${start}`, status: 'confirmed', start: at(start), end: at(end), holdExpiresAt: null, ...changes }
}

export function override(kind: OverrideFact['kind'], startsAt: string, endsAt: Instant | null = null): OverrideFact {
  return { id: `${kind}-${startsAt}`, kind, startsAt: at(startsAt), endsAt, by: 'user-1' }
}

export function facts(changes: Partial<Facts> = {}): Facts {
  return { overrides: [], rights: [], sensor: null, ...changes }
}

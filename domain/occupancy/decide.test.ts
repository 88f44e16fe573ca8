import { facts, gateway, heard, at, nextDay, NOON, override, right, sensor } from '#test/factories/facts'
import { advanceStream, type StreamFrame } from '#test/factories/sensor-stream'
import { DEFAULT_POLICY, DEFAULT_POLICY_BODY, type EffectivePolicy, type PolicyBody } from '../display/policy'
import type { Instant } from '../shared/instant'
import { decide } from './decide'
import { describeSensor } from './sensor-facts'
import { statementEndsAt } from './statement'
import type { Facts, SuspectFact } from './types'

const withPolicy = (changes: Partial<PolicyBody>): EffectivePolicy => ({ ...DEFAULT_POLICY, body: { ...DEFAULT_POLICY_BODY, ...changes } })

const statement = (kind: 'occupied' | 'free', clock: string, autoReleaseMinutes: number | null = null) =>
  override(kind, clock, statementEndsAt({ kind, startsAt: at(clock), until: null, autoReleaseMinutes }))

const hold = (start: string, end: string, expires: string) => right(start, end, { status: 'pending', holdExpiresAt: at(expires) })

const suspect: SuspectFact = { since: at('11:59'), changesLastHour: 21, clearsAt: at('12:40') }

/** Frames as they arrive, through the cursor, to the facts of the bay (T34, T35, T42). */
const stream = (...frames: readonly StreamFrame[]): Facts => facts({ sensor: describeSensor(advanceStream(frames), NOON) })
const frame = (value: 'occupied' | 'free', clock: string, fCnt: number, changes: Partial<StreamFrame> = {}): StreamFrame => ({
  value,
  heardAt: at(clock),
  fCnt,
  devAddr: '01a3f2c4',
  deduplicationId: `${clock}/${fCnt}`,
  ...changes,
})

interface Scenario {
  readonly facts: Facts
  readonly answer: `${string} / ${string}`
  readonly shows: string
  readonly until: Instant | null
  readonly policy?: EffectivePolicy
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'DOM-T01: free 11:50': {
    facts: facts({ sensor: heard('free', '11:50') }),
    answer: 'free / sensor_free',
    shows: 'free',
    until: at('14:20'),
  },
  'DOM-T02: occ 11:50': {
    facts: facts({ sensor: heard('occupied', '11:50') }),
    answer: 'occupied / sensor_occupied',
    shows: 'occupied',
    until: at('12:15'),
  },
  'DOM-T03: occ 11:34:59': {
    facts: facts({ sensor: heard('occupied', '11:34:59') }),
    answer: 'unknown / sensor_silent',
    shows: 'unknown',
    until: null,
  },
  'DOM-T04: occ 11:35:00, the deadline is now': {
    facts: facts({ sensor: heard('occupied', '11:35') }),
    answer: 'unknown / sensor_silent',
    shows: 'unknown',
    until: null,
  },
  'DOM-T05: free 09:30:01': {
    facts: facts({ sensor: heard('free', '09:30:01') }),
    answer: 'free / sensor_free',
    shows: 'free',
    until: at('12:00:01'),
  },
  'DOM-T06: occupied since 08:00, last heard 11:55': {
    facts: facts({ sensor: heard('occupied', '08:00', { lastHeardAt: at('11:55') }) }),
    answer: 'occupied / sensor_occupied',
    shows: 'occupied',
    until: at('12:20'),
  },
  'DOM-T07: sensor never heard': { facts: facts({ sensor: sensor() }), answer: 'unknown / never_heard', shows: 'unknown', until: null },
  'DOM-T08: no sensor, no rights': { facts: facts(), answer: 'unknown / no_sensor', shows: 'unknown', until: null },
  'DOM-T09: right 11:30–13:00 confirmed, free 11:50': {
    facts: facts({ rights: [right('11:30', '13:00')], sensor: heard('free', '11:50') }),
    answer: 'reserved / reserved',
    shows: 'reserved',
    until: at('13:00'),
  },
  'DOM-T10: right 11:30–13:00 active, occ 11:58': {
    facts: facts({ rights: [right('11:30', '13:00', { status: 'active' })], sensor: heard('occupied', '11:58') }),
    answer: 'occupied / sensor_occupied',
    shows: 'occupied',
    until: at('12:23'),
  },
  'DOM-T11: right 12:15:00–13:00, free 11:50': {
    facts: facts({ rights: [right('12:15', '13:00')], sensor: heard('free', '11:50') }),
    answer: 'reserved / soon',
    shows: 'reserved_soon',
    until: at('12:15'),
  },
  'DOM-T12: right 12:15:01–13:00, free 11:50': {
    facts: facts({ rights: [right('12:15:01', '13:00')], sensor: heard('free', '11:50') }),
    answer: 'free / sensor_free',
    shows: 'free',
    until: at('12:00:01'),
  },
  'DOM-T13: right 12:10–13:00, occ 11:58': {
    facts: facts({ rights: [right('12:10', '13:00')], sensor: heard('occupied', '11:58') }),
    answer: 'occupied / sensor_occupied',
    shows: 'occupied',
    until: at('12:10'),
  },
  'DOM-T14: right 11:00–12:00 just ended, occ 11:58': {
    facts: facts({ rights: [right('11:00', '12:00')], sensor: heard('occupied', '11:58') }),
    answer: 'occupied / sensor_occupied',
    shows: 'occupied',
    until: at('12:23'),
  },
  'DOM-T15: right 11:00–12:00 just ended, free 11:50': {
    facts: facts({ rights: [right('11:00', '12:00')], sensor: heard('free', '11:50') }),
    answer: 'free / sensor_free',
    shows: 'free',
    until: at('14:20'),
  },
  'DOM-T16: pending 11:55–13:00, hold to 12:03, free 11:50': {
    facts: facts({ rights: [hold('11:55', '13:00', '12:03')], sensor: heard('free', '11:50') }),
    answer: 'reserved / reserved',
    shows: 'reserved',
    until: at('12:03'),
  },
  'DOM-T17: pending 11:55–13:00, hold ran out 11:59:59, row still pending, free 11:50': {
    facts: facts({ rights: [hold('11:55', '13:00', '11:59:59')], sensor: heard('free', '11:50') }),
    answer: 'free / sensor_free',
    shows: 'free',
    until: at('13:00'),
  },
  'DOM-T18: out_of_service since 10:00, no end, occ 11:58': {
    facts: facts({ overrides: [override('out_of_service', '10:00')], sensor: heard('occupied', '11:58') }),
    answer: 'maintenance / out_of_service',
    shows: 'out_of_service',
    until: at('12:23'),
  },
  'DOM-T19: blocked 11:00–12:00, free 11:50': {
    facts: facts({ overrides: [override('blocked', '11:00', at('12:00'))], sensor: heard('free', '11:50') }),
    answer: 'free / sensor_free',
    shows: 'free',
    until: at('14:20'),
  },
  'DOM-T20: blocked and out_of_service, both open, no sensor': {
    facts: facts({ overrides: [override('blocked', '10:00'), override('out_of_service', '09:00')] }),
    answer: 'maintenance / out_of_service',
    shows: 'out_of_service',
    until: null,
  },
  'DOM-T21: blocked from 12:30 to 13:00, free 11:50': {
    facts: facts({ overrides: [override('blocked', '12:30', at('13:00'))], sensor: heard('free', '11:50') }),
    answer: 'free / sensor_free',
    shows: 'free',
    until: at('12:30'),
  },
  'DOM-T22: space not enabled, which is no fact of the decision, free 11:50': {
    facts: facts({ sensor: heard('free', '11:50') }),
    answer: 'free / sensor_free',
    shows: 'free',
    until: at('14:20'),
  },
  'DOM-T23: occ 11:59, suspect, clears 12:40': {
    facts: facts({ sensor: heard('occupied', '11:59', { suspect }) }),
    answer: 'unknown / sensor_suspect',
    shows: 'error',
    until: at('12:40'),
  },
  'DOM-T24: as T23, right 11:30–13:00': {
    facts: facts({ rights: [right('11:30', '13:00')], sensor: heard('occupied', '11:59', { suspect }) }),
    answer: 'reserved / reserved',
    shows: 'reserved',
    until: at('12:40'),
  },
  'DOM-T25: free 11:50, both serving gateways offline since 11:57': {
    facts: facts({
      sensor: heard('free', '11:50', { gateways: [gateway('gateway-1', 'offline', '11:57'), gateway('gateway-2', 'offline', '11:57')] }),
    }),
    answer: 'unknown / gateway_down',
    shows: 'unknown',
    until: null,
  },
  'DOM-T26: free 11:50, one of two serving gateways offline': {
    facts: facts({ sensor: heard('free', '11:50', { gateways: [gateway('gateway-1', 'offline', '11:57'), gateway('gateway-2')] }) }),
    answer: 'free / sensor_free',
    shows: 'free',
    until: at('14:20'),
  },
  'DOM-T27: occ 11:00, its only gateway offline since 11:05': {
    facts: facts({ sensor: heard('occupied', '11:00', { gateways: [gateway('gateway-1', 'offline', '11:05')] }) }),
    answer: 'unknown / gateway_down',
    shows: 'unknown',
    until: null,
  },
  'DOM-T28: occ 11:00, gateway online': {
    facts: facts({ sensor: heard('occupied', '11:00') }),
    answer: 'unknown / sensor_silent',
    shows: 'unknown',
    until: null,
  },
  'DOM-T29: statement free at 11:55, last reading occ 11:50': {
    facts: facts({ overrides: [statement('free', '11:55')], sensor: heard('occupied', '11:50') }),
    answer: 'free / manual_free',
    shows: 'free',
    until: nextDay('11:55'),
  },
  'DOM-T30: statement free at 11:55, then occ 11:56': {
    facts: facts({ overrides: [statement('free', '11:55')], sensor: heard('occupied', '11:56') }),
    answer: 'occupied / sensor_occupied',
    shows: 'occupied',
    until: at('12:21'),
  },
  'DOM-T31: statement occupied 11:00, no sensor, auto_release_minutes 120': {
    facts: facts({ overrides: [statement('occupied', '11:00', 120)] }),
    answer: 'occupied / manual_occupied',
    shows: 'occupied',
    until: at('13:00'),
  },
  'DOM-T32: statement occupied 09:00, no sensor, auto_release_minutes 120': {
    facts: facts({ overrides: [statement('occupied', '09:00', 120)] }),
    answer: 'unknown / no_sensor',
    shows: 'unknown',
    until: null,
  },
  'DOM-T33: T10 with a policy that ranks reserved above occupied': {
    facts: facts({ rights: [right('11:30', '13:00', { status: 'active' })], sensor: heard('occupied', '11:58') }),
    policy: withPolicy({ ranking: ['maintenance', 'reserved', 'occupied', 'reserved_soon', 'free', 'unknown'] }),
    answer: 'occupied / sensor_occupied',
    shows: 'reserved',
    until: at('12:23'),
  },
  'DOM-T34: free 11:50 applied; late frame occ 11:40 of the same session arrives': {
    facts: stream(frame('free', '11:50', 11), frame('occupied', '11:40', 10)),
    answer: 'free / sensor_free',
    shows: 'free',
    until: at('14:20'),
  },
  'DOM-T35: occ 11:58 applied; the same frame again by two more gateways': {
    facts: stream(
      frame('occupied', '11:58', 11),
      frame('occupied', '11:58', 11, { isStored: true, deduplicationId: 'other-1' }),
      frame('occupied', '11:58', 11),
    ),
    answer: 'occupied / sensor_occupied',
    shows: 'occupied',
    until: at('12:23'),
  },
  'DOM-T36: reserved_soon_seconds 0, right 12:05–13:00, free 11:50': {
    facts: facts({ rights: [right('12:05', '13:00')], sensor: heard('free', '11:50') }),
    policy: withPolicy({ reserved_soon_seconds: 0 }),
    answer: 'free / sensor_free',
    shows: 'free',
    until: at('12:05'),
  },
  'DOM-T37: sensor in lifecycle maintenance, occ 11:58': {
    facts: facts({ sensor: describeSensor({ ...advanceStream([frame('occupied', '11:58', 11)]), lifecycle: 'maintenance' }, NOON) }),
    answer: 'unknown / no_sensor',
    shows: 'unknown',
    until: null,
  },
  'DOM-T38: sensor assigned 11:59; its last reading is occ 11:50': {
    facts: facts({ sensor: describeSensor({ ...advanceStream([frame('occupied', '11:50', 11)]), assignedAt: at('11:59') }, NOON) }),
    answer: 'unknown / never_heard',
    shows: 'unknown',
    until: null,
  },
  'DOM-T39: rights 11:00–12:00 and 12:00–13:00, free 11:50': {
    facts: facts({ rights: [right('11:00', '12:00'), right('12:00', '13:00')], sensor: heard('free', '11:50') }),
    answer: 'reserved / reserved',
    shows: 'reserved',
    until: at('13:00'),
  },
  'DOM-T40: Bosch, occ 30 h ago': {
    facts: facts({
      sensor: sensor({
        model: 'bosch-tps110',
        window: { occupiedSeconds: 180_000, freeSeconds: 180_000 },
        value: 'occupied',
        valueHeardAt: NOON - 30 * 3_600_000,
        lastHeardAt: NOON - 30 * 3_600_000,
      }),
    }),
    answer: 'occupied / sensor_occupied',
    shows: 'occupied',
    until: NOON + 20 * 3_600_000,
  },
  'DOM-T41: reservation 11:00–13:00 is no_show and so no right, free 11:50': {
    facts: facts({ sensor: heard('free', '11:50') }),
    answer: 'free / sensor_free',
    shows: 'free',
    until: at('14:20'),
  },
  'DOM-T42: re-join: new dev_addr, f_cnt 0, occ 11:58 after free 11:50 with f_cnt 900': {
    facts: stream(frame('free', '11:50', 900), frame('occupied', '11:58', 0, { devAddr: '01ffeedd' })),
    answer: 'occupied / sensor_occupied',
    shows: 'occupied',
    until: at('12:23'),
  },
  'DOM-T43: free 09:00 (silent), policy unknown_as last_known': {
    facts: facts({ sensor: heard('free', '09:00') }),
    policy: withPolicy({ unknown_as: 'last_known' }),
    answer: 'unknown / sensor_silent',
    shows: 'free',
    until: null,
  },
}

describe('worked scenarios', () => {
  it.each(Object.entries(SCENARIOS))('%s', (_name, { facts: known, answer, shows, until, policy = DEFAULT_POLICY }) => {
    const decision = decide(known, policy, NOON)
    expect({ answer: `${decision.state} / ${decision.reason}`, shows: decision.display.situation, until: decision.until }).toEqual({
      answer,
      shows,
      until,
    })
  })

  it('DOM-T39: the second of two touching rights is the one that counts', () => {
    const { because } = decide(facts({ rights: [right('11:00', '12:00'), right('12:00', '13:00')] }), DEFAULT_POLICY, NOON)
    expect(because[0]?.ref).toEqual({ type: 'reservation', id: 'right-12:00' })
  })
})

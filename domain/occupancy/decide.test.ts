import { facts, gateway, heard, at, nextDay, NOON, override, right, sensor } from '#test/factories/facts'
import { advanceStream, type StreamFrame } from '#test/factories/sensor-stream'
import { freshnessWindow } from '../device/freshness'
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
const stream = (...frames: readonly StreamFrame[]): Partial<Facts> => ({ sensor: describeSensor(advanceStream(frames), NOON) })
const frame = (value: 'occupied' | 'free', clock: string, fCnt: number): StreamFrame => ({
  value,
  heardAt: at(clock),
  fCnt,
  devAddr: '01a3f2c4',
  deduplicationId: `${clock}/${fCnt}`,
})

const HOUR = 3_600_000
const BOSCH_WINDOW = freshnessWindow({ model: 'bosch-tps110' })
const RESERVED_FIRST = ['maintenance', 'reserved', 'occupied', 'reserved_soon', 'free', 'unknown'] as const

/** Name, facts, `state / reason`, the situation that the light shows, `until`; the policy where it is not the default. */
type Scenario = readonly [
  name: string,
  known: Partial<Facts>,
  answer: string,
  shows: string,
  until: Instant | null,
  policy?: EffectivePolicy,
]

// prettier-ignore
const SCENARIOS: readonly Scenario[] = [
  ['DOM-T01: free 11:50', { sensor: heard('free', '11:50') }, 'free / sensor_free', 'free', at('14:20')],
  ['DOM-T02: occ 11:50', { sensor: heard('occupied', '11:50') }, 'occupied / sensor_occupied', 'occupied', at('12:15')],
  ['DOM-T03: occ 11:34:59', { sensor: heard('occupied', '11:34:59') }, 'unknown / sensor_silent', 'unknown', null],
  ['DOM-T04: occ 11:35:00, the deadline is now', { sensor: heard('occupied', '11:35') }, 'unknown / sensor_silent', 'unknown', null],
  ['DOM-T05: free 09:30:01', { sensor: heard('free', '09:30:01') }, 'free / sensor_free', 'free', at('12:00:01')],
  ['DOM-T06: occupied since 08:00, last heard 11:55', { sensor: heard('occupied', '08:00', { lastHeardAt: at('11:55') }) },
    'occupied / sensor_occupied', 'occupied', at('12:20')],
  ['DOM-T07: sensor never heard', { sensor: sensor() }, 'unknown / never_heard', 'unknown', null],
  ['DOM-T08: no sensor, no rights', {}, 'unknown / no_sensor', 'unknown', null],
  ['DOM-T09: right 11:30–13:00 confirmed, free 11:50', { rights: [right('11:30', '13:00')], sensor: heard('free', '11:50') },
    'reserved / reserved', 'reserved', at('13:00')],
  ['DOM-T10: right 11:30–13:00 active, occ 11:58',
    { rights: [right('11:30', '13:00', { status: 'active' })], sensor: heard('occupied', '11:58') },
    'occupied / sensor_occupied', 'occupied', at('12:23')],
  ['DOM-T11: right 12:15:00–13:00, free 11:50', { rights: [right('12:15', '13:00')], sensor: heard('free', '11:50') },
    'reserved / soon', 'reserved_soon', at('12:15')],
  ['DOM-T12: right 12:15:01–13:00, free 11:50', { rights: [right('12:15:01', '13:00')], sensor: heard('free', '11:50') },
    'free / sensor_free', 'free', at('12:00:01')],
  ['DOM-T13: right 12:10–13:00, occ 11:58', { rights: [right('12:10', '13:00')], sensor: heard('occupied', '11:58') },
    'occupied / sensor_occupied', 'occupied', at('12:10')],
  ['DOM-T14: right 11:00–12:00 just ended, occ 11:58', { rights: [right('11:00', '12:00')], sensor: heard('occupied', '11:58') },
    'occupied / sensor_occupied', 'occupied', at('12:23')],
  ['DOM-T15: right 11:00–12:00 just ended, free 11:50', { rights: [right('11:00', '12:00')], sensor: heard('free', '11:50') },
    'free / sensor_free', 'free', at('14:20')],
  ['DOM-T16: pending 11:55–13:00, hold to 12:03, free 11:50', { rights: [hold('11:55', '13:00', '12:03')], sensor: heard('free', '11:50') },
    'reserved / reserved', 'reserved', at('12:03')],
  ['DOM-T17: pending 11:55–13:00, hold ran out 11:59:59, row still pending, free 11:50',
    { rights: [hold('11:55', '13:00', '11:59:59')], sensor: heard('free', '11:50') },
    'free / sensor_free', 'free', at('13:00')],
  ['DOM-T18: out_of_service since 10:00, no end, occ 11:58',
    { overrides: [override('out_of_service', '10:00')], sensor: heard('occupied', '11:58') },
    'maintenance / out_of_service', 'out_of_service', at('12:23')],
  ['DOM-T19: blocked 11:00–12:00, free 11:50', { overrides: [override('blocked', '11:00', at('12:00'))], sensor: heard('free', '11:50') },
    'free / sensor_free', 'free', at('14:20')],
  ['DOM-T20: blocked and out_of_service, both open, no sensor',
    { overrides: [override('blocked', '10:00'), override('out_of_service', '09:00')] },
    'maintenance / out_of_service', 'out_of_service', null],
  ['DOM-T21: blocked from 12:30 to 13:00, free 11:50',
    { overrides: [override('blocked', '12:30', at('13:00'))], sensor: heard('free', '11:50') },
    'free / sensor_free', 'free', at('12:30')],
  ['DOM-T22: space not enabled, which is no fact of the decision, free 11:50', { sensor: heard('free', '11:50') },
    'free / sensor_free', 'free', at('14:20')],
  ['DOM-T23: occ 11:59, suspect, clears 12:40', { sensor: heard('occupied', '11:59', { suspect }) },
    'unknown / sensor_suspect', 'error', at('12:40')],
  ['DOM-T24: as T23, right 11:30–13:00', { rights: [right('11:30', '13:00')], sensor: heard('occupied', '11:59', { suspect }) },
    'reserved / reserved', 'reserved', at('12:40')],
  ['DOM-T25: free 11:50, both serving gateways offline since 11:57',
    { sensor: heard('free', '11:50', { gateways: [gateway('gateway-1', 'offline', '11:57'), gateway('gateway-2', 'offline', '11:57')] }) },
    'unknown / gateway_down', 'unknown', null],
  ['DOM-T26: free 11:50, one of two serving gateways offline',
    { sensor: heard('free', '11:50', { gateways: [gateway('gateway-1', 'offline', '11:57'), gateway('gateway-2')] }) },
    'free / sensor_free', 'free', at('14:20')],
  ['DOM-T27: occ 11:00, its only gateway offline since 11:05',
    { sensor: heard('occupied', '11:00', { gateways: [gateway('gateway-1', 'offline', '11:05')] }) },
    'unknown / gateway_down', 'unknown', null],
  ['DOM-T28: occ 11:00, gateway online', { sensor: heard('occupied', '11:00') }, 'unknown / sensor_silent', 'unknown', null],
  ['DOM-T29: statement free at 11:55, last reading occ 11:50',
    { overrides: [statement('free', '11:55')], sensor: heard('occupied', '11:50') },
    'free / manual_free', 'free', nextDay('11:55')],
  ['DOM-T30: statement free at 11:55, then occ 11:56', { overrides: [statement('free', '11:55')], sensor: heard('occupied', '11:56') },
    'occupied / sensor_occupied', 'occupied', at('12:21')],
  ['DOM-T31: statement occupied 11:00, no sensor, auto_release_minutes 120', { overrides: [statement('occupied', '11:00', 120)] },
    'occupied / manual_occupied', 'occupied', at('13:00')],
  ['DOM-T32: statement occupied 09:00, no sensor, auto_release_minutes 120', { overrides: [statement('occupied', '09:00', 120)] },
    'unknown / no_sensor', 'unknown', null],
  ['DOM-T33: T10 with a policy that ranks reserved above occupied',
    { rights: [right('11:30', '13:00', { status: 'active' })], sensor: heard('occupied', '11:58') },
    'occupied / sensor_occupied', 'reserved', at('12:23'), withPolicy({ ranking: RESERVED_FIRST })],
  ['DOM-T34: free 11:50 applied; late frame occ 11:40 of the same session arrives',
    stream(frame('free', '11:50', 11), frame('occupied', '11:40', 10)),
    'free / sensor_free', 'free', at('14:20')],
  ['DOM-T35: occ 11:58 applied; the same frame again by two more gateways',
    stream(frame('occupied', '11:58', 11), { ...frame('occupied', '11:58', 11), isStored: true, deduplicationId: 'by-another' },
      frame('occupied', '11:58', 11)),
    'occupied / sensor_occupied', 'occupied', at('12:23')],
  ['DOM-T36: reserved_soon_seconds 0, right 12:05–13:00, free 11:50', { rights: [right('12:05', '13:00')], sensor: heard('free', '11:50') },
    'free / sensor_free', 'free', at('12:05'), withPolicy({ reserved_soon_seconds: 0 })],
  ['DOM-T37: sensor in lifecycle maintenance, occ 11:58',
    { sensor: describeSensor({ ...advanceStream([frame('occupied', '11:58', 11)]), lifecycle: 'maintenance' }, NOON) },
    'unknown / no_sensor', 'unknown', null],
  ['DOM-T38: sensor assigned 11:59; its last reading is occ 11:50',
    { sensor: describeSensor({ ...advanceStream([frame('occupied', '11:50', 11)]), assignedAt: at('11:59') }, NOON) },
    'unknown / never_heard', 'unknown', null],
  ['DOM-T39: rights 11:00–12:00 and 12:00–13:00, free 11:50',
    { rights: [right('11:00', '12:00'), right('12:00', '13:00')], sensor: heard('free', '11:50') },
    'reserved / reserved', 'reserved', at('13:00')],
  ['DOM-T40: Bosch, occ 30 h ago',
    { sensor: { ...heard('occupied', '12:00'), window: BOSCH_WINDOW, valueHeardAt: NOON - 30 * HOUR, lastHeardAt: NOON - 30 * HOUR } },
    'occupied / sensor_occupied', 'occupied', NOON + 20 * HOUR],
  ['DOM-T41: reservation 11:00–13:00 is no_show and so no right, free 11:50', { sensor: heard('free', '11:50') },
    'free / sensor_free', 'free', at('14:20')],
  ['DOM-T42: re-join: new dev_addr, f_cnt 0, occ 11:58 after free 11:50 with f_cnt 900',
    stream(frame('free', '11:50', 900), { ...frame('occupied', '11:58', 0), devAddr: '01ffeedd' }),
    'occupied / sensor_occupied', 'occupied', at('12:23')],
  ['DOM-T43: free 09:00 (silent), policy unknown_as last_known', { sensor: heard('free', '09:00') },
    'unknown / sensor_silent', 'free', null, withPolicy({ unknown_as: 'last_known' })],
]

describe('worked scenarios', () => {
  const named = SCENARIOS.map((scenario) => [scenario[0], scenario] as const)

  it.each(named)('%s', (_name, [, known, answer, shows, until, policy = DEFAULT_POLICY]) => {
    const decision = decide(facts(known), policy, NOON)
    expect([`${decision.state} / ${decision.reason}`, decision.display.situation, decision.until]).toEqual([answer, shows, until])
  })

  it('DOM-T39: the second of two touching rights is the one that counts', () => {
    const { because } = decide(facts({ rights: [right('11:00', '12:00'), right('12:00', '13:00')] }), DEFAULT_POLICY, NOON)
    expect(because[0]?.ref).toEqual({ type: 'reservation', id: 'right-12:00' })
  })
})

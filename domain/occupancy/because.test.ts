import { at, facts, gateway, heard, NOON, override, right, sensor } from '#test/factories/facts'
import { DEFAULT_POLICY, DEFAULT_POLICY_BODY } from '../display/policy'
import { decide } from './decide'
import type { Facts } from './types'

const because = (known: Facts, policy = DEFAULT_POLICY) => decide(known, policy, NOON).because
const outline = (known: Facts, policy = DEFAULT_POLICY) =>
  because(known, policy).map(({ rule, used }) => `${rule}${used ? '' : ' (overruled)'}`)

describe('the cards of a decision (DOM-245)', () => {
  it('are exactly the published example', () => {
    const known = facts({ rights: [right('11:30', '13:00', { id: 'booking', status: 'active' })], sensor: heard('occupied', '11:58') })
    expect(because(known)).toEqual([
      {
        kind: 'observation',
        rule: 'newest_valid_reading',
        used: true,
        at: '2026-07-01T11:58:00.000Z',
        ref: { type: 'reading', id: 'reading-1' },
        evidence: {
          device_id: 'sensor-1',
          value: 'occupied',
          f_cnt: 23,
          rssi_dbm: -36,
          snr_db: 10.5,
          gateway_id: '0016c001f153a14c',
          deduplication_id: 'dedup-1',
        },
      },
      {
        kind: 'freshness',
        rule: 'heard_within',
        used: true,
        at: '2026-07-01T12:00:00.000Z',
        ref: { type: 'device', id: 'sensor-1' },
        evidence: { model: 'browan-tbms100', limit_seconds: 1_500, last_heard_at: '2026-07-01T11:58:00.000Z' },
      },
      {
        kind: 'right',
        rule: 'right_covers_now',
        used: false,
        at: '2026-07-01T11:30:00.000Z',
        ref: { type: 'reservation', id: 'booking' },
        evidence: { status: 'active', start: '2026-07-01T11:30:00.000Z', end: '2026-07-01T13:00:00.000Z' },
      },
      {
        kind: 'policy',
        rule: 'rank',
        used: true,
        at: null,
        ref: null,
        evidence: { policy_version: 0, scope: 'default', situation: 'occupied', color: 'red', pattern: 'solid' },
      },
    ])
  })

  it('name the override that wins before the sensor and the right that it overrules', () => {
    const known = facts({
      overrides: [override('out_of_service', '10:00')],
      rights: [right('11:30', '13:00'), right('12:10', '14:00')],
      sensor: heard('occupied', '11:58'),
    })
    expect(outline(known)).toEqual([
      'override_in_force',
      'newest_valid_reading (overruled)',
      'heard_within (overruled)',
      'right_covers_now (overruled)',
      'right_starts_soon (overruled)',
      'rank',
    ])
  })

  it('name a statement and the reading that it overrules', () => {
    const known = facts({ overrides: [override('free', '11:55')], sensor: heard('occupied', '11:50') })
    expect(outline(known)).toEqual(['manual_statement', 'newest_valid_reading (overruled)', 'heard_within (overruled)', 'rank'])
  })

  it('name a hold that ran out, since people ask why the bay is not theirs', () => {
    const lapsed = right('11:55', '13:00', { status: 'pending', holdExpiresAt: at('11:59:59') })
    const cards = because(facts({ rights: [lapsed], sensor: heard('free', '11:50') }))
    expect(cards.map(({ rule }) => rule)).toEqual(['newest_valid_reading', 'heard_within', 'hold_ran_out', 'rank'])
    expect(cards[2]).toMatchObject({ used: false, at: '2026-07-01T11:59:59.000Z' })
  })

  it('name the doubt first and the value that is not believed after it', () => {
    const suspect = { since: at('11:59'), changesLastHour: 21, clearsAt: at('12:40') }
    const offline = [gateway('gateway-1', 'offline', '11:57'), gateway('gateway-2', 'offline', '11:58')]
    expect(outline(facts({ sensor: heard('occupied', '11:59', { suspect }) }))).toEqual([
      'flips_per_hour',
      'newest_valid_reading (overruled)',
      'rank',
    ])
    expect(outline(facts({ sensor: heard('free', '11:50', { gateways: offline }) }))).toEqual([
      'all_gateways_offline',
      'all_gateways_offline',
      'newest_valid_reading (overruled)',
      'rank',
    ])
    expect(outline(facts({ sensor: heard('free', '09:00') }))).toEqual(['silent_too_long', 'newest_valid_reading (overruled)', 'rank'])
  })

  it('DOM-309: count the last value as used when the light keeps it', () => {
    const policy = { ...DEFAULT_POLICY, body: { ...DEFAULT_POLICY_BODY, unknown_as: 'last_known' as const } }
    expect(outline(facts({ sensor: heard('free', '09:00') }), policy)).toEqual(['silent_too_long', 'newest_valid_reading', 'rank'])
  })

  it('say about whom nothing is known', () => {
    expect(because(facts({ spaceId: 'space-1' }))[0]).toMatchObject({
      kind: 'absence',
      rule: 'no_sensor',
      ref: { type: 'space', id: 'space-1' },
    })
    expect(because(facts({ sensor: sensor({ usable: false }) }))[0]).toMatchObject({
      rule: 'no_sensor',
      ref: { type: 'device', id: 'sensor-1' },
    })
    expect(because(facts({ sensor: sensor({ assignedAt: at('11:59') }) }))[0]).toMatchObject({
      rule: 'never_heard',
      at: '2026-07-01T11:59:00.000Z',
      evidence: { since: '2026-07-01T11:59:00.000Z' },
    })
  })

  it('do not mention an absence that decides nothing', () => {
    expect(outline(facts({ rights: [right('11:30', '13:00')] }))).toEqual(['right_covers_now', 'rank'])
  })
})

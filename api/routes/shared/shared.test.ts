/** Cursors, site times, and who counts as online (API-022, API-037, DOM-230, DOM-231). */
import type { RequestTime } from '#contract/values'
import { createCursors } from './cursors'
import { onlineReason, silenceLimitSeconds } from './online'
import { toInstant, toRange } from './site-time'

describe('API-022: cursors', () => {
  const secret = 'a secret of the server'
  const cursors = createCursors({ secret, now: () => 1_000_000 })
  const cursor = cursors.write('tenant/list', ['A-2', null, 'id'])

  test('what was written is read, by the same list alone, for a day', () => {
    expect(cursors.read('tenant/list', cursor)).toEqual(['A-2', null, 'id'])
    const bad = expect.objectContaining({ code: 'validation.failed' })
    expect(() => cursors.read('tenant/other', cursor)).toThrow(bad)
    expect(() => cursors.read('tenant/list', `${cursor.slice(0, -1)}x`)).toThrow(bad)
    expect(() => cursors.read('tenant/list', 'x'.repeat(50))).toThrow(bad)
    expect(() => createCursors({ secret: 'another', now: () => 1_000_000 }).read('tenant/list', cursor)).toThrow(bad)
    expect(() => createCursors({ secret, now: () => 1_000_001 + 86_400_000 }).read('tenant/list', cursor)).toThrow(bad)
  })
})

describe('API-037: naive times are the site’s', () => {
  const naive = (iso: string): RequestTime => ({ instant: null, wallClock: Date.parse(`${iso}Z`) })
  const paris = (iso: string) => toInstant(naive(iso), 'Europe/Paris', { in: 'body', pointer: '/at' })

  test('winter, summer, UTC, and one with its own offset', () => {
    expect(paris('2026-01-15T12:00:00')).toBe(Date.parse('2026-01-15T11:00:00Z'))
    expect(paris('2026-07-15T12:00:00')).toBe(Date.parse('2026-07-15T10:00:00Z'))
    expect(toInstant(naive('2026-07-15T12:00:00'), 'UTC', { in: 'body', pointer: '/at' })).toBe(Date.parse('2026-07-15T12:00:00Z'))
    expect(toInstant({ instant: 5, wallClock: 9 }, 'Europe/Paris', { in: 'body', pointer: '/at' })).toBe(5)
  })

  test('the hour that does not exist is refused; of the one that exists twice the first is meant', () => {
    expect(() => paris('2026-03-29T02:30:00')).toThrow(expect.objectContaining({ code: 'validation.failed' }))
    expect(paris('2026-10-25T02:30:00')).toBe(Date.parse('2026-10-25T00:30:00Z'))
    expect(toInstant(naive('2026-04-05T01:45:00'), 'Australia/Lord_Howe', { in: 'body', pointer: '/at' })).toBe(
      Date.parse('2026-04-04T14:45:00Z'),
    )
  })

  test('API-026: from before to', () => {
    expect(toRange({ from: naive('2026-01-01T00:00:00') })).toEqual({ from: Date.parse('2026-01-01T00:00:00Z'), to: null })
    expect(() => toRange({ from: naive('2026-01-02T00:00:00'), to: naive('2026-01-02T00:00:00') })).toThrow(
      expect.objectContaining({ code: 'validation.failed' }),
    )
  })
})

describe('DOM-230, DOM-231: online', () => {
  const sensor = { kind: 'sensor', model: 'browan-tbms100', config: {}, value: 'occupied', lastHeardAt: 0 } as const
  test.each([
    ['occupied', sensor, 1_500],
    ['free', { ...sensor, value: 'free' as const }, 9_000],
    ['no value yet', { ...sensor, value: null }, 9_000],
    ['by its own configuration', { ...sensor, config: { liveness: { occupied_seconds: 300 } } }, 300],
    ['light', { ...sensor, kind: 'display' as const }, 4_500],
    ['light with another interval', { ...sensor, kind: 'display' as const, config: { status_interval_seconds: 60 } }, 150],
  ])('%s', (_what, device, seconds) => {
    expect(silenceLimitSeconds(device)).toBe(seconds)
    expect(onlineReason(device, seconds * 1000 - 1)).toBe('heard_within_limit')
    expect(onlineReason(device, seconds * 1000)).toBe('silent_too_long')
  })
  test('never heard', () => expect(onlineReason({ ...sensor, lastHeardAt: null }, 1)).toBe('never_heard'))
})

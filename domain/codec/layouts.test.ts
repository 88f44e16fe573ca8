/** Layout rules that the published vectors do not reach (LW-208 to LW-222). */
import { fromHex } from './hex'
import { decode } from './registry'
import type { CodecOptions } from './types'

interface Sample {
  model: string
  fPort?: number
  hex?: string
  options?: CodecOptions
  object?: unknown
}

const read = ({ model, fPort, hex = '', options = {}, object }: Sample) =>
  decode({ model, fPort: fPort ?? null, bytes: fromHex(hex) ?? new Uint8Array(), options, object })

const valueOf = (sample: Sample) => {
  const result = read(sample)
  if (!result.ok) throw new Error(result.error.code)
  return result.value
}

describe('LW-208: occupancy by distance', () => {
  const at = (hex: string, options: CodecOptions = {}) => valueOf({ model: 'milesight-em310-udl', hex, options }).occupied

  it('is absent without a threshold', () => expect(at('0382E803')).toBeUndefined())
  it('is true below the threshold', () => expect(at('0382E703', { occupied_below_mm: 1_000 })).toBe(true))
  it('is absent from the threshold to the end of the hysteresis', () => {
    expect(at('0382E803', { occupied_below_mm: 1_000 })).toBeUndefined()
    expect(at('03824C04', { occupied_below_mm: 1_000 })).toBeUndefined()
  })
  it('is false beyond the hysteresis', () => {
    expect(at('03824D04', { occupied_below_mm: 1_000 })).toBe(false)
    expect(at('0382E903', { occupied_below_mm: 1_000, hysteresis_mm: 0 })).toBe(false)
  })
})

describe('LW-209: occupancy by contact', () => {
  it.each([
    ['open', true],
    ['closed', false],
    ['never', undefined],
  ] as const)('an open contact with occupied_when %s observes %s', (when, occupied) => {
    const options = { occupied_when: when }
    expect(valueOf({ model: 'browan-tbdw100', hex: '01CB3500008A3A00', options }).occupied).toBe(occupied)
    expect(valueOf({ model: 'dragino-lds02', hex: '8B880100002500000100', options }).occupied).toBe(occupied)
  })
})

describe('LW-213: NPS405 tells how long the previous state lasted', () => {
  it.each([
    [0, { prevStateMin: 0, prevStateErr: 0, prevStateOverflow: false }],
    [89, { prevStateMin: 89, prevStateErr: 0, prevStateOverflow: false }],
    [90, { prevStateMin: 90, prevStateErr: 4, prevStateOverflow: false }],
    [119, { prevStateMin: 235, prevStateErr: 4, prevStateOverflow: false }],
    [120, { prevStateMin: 240, prevStateErr: 59, prevStateOverflow: false }],
    [126, { prevStateMin: 600, prevStateErr: 59, prevStateOverflow: false }],
    [127, { prevStateMin: 660, prevStateOverflow: true }],
  ])('code %i', (code, history) => {
    const hex = ((code << 1) | 1).toString(16).padStart(2, '0')
    expect(valueOf({ model: 'nwave-nps405', fPort: 1, hex })).toEqual({ kind: 'status', occupied: true, ...history })
  })

  it('judges the battery by lower limits in the cold', () => {
    const health = (hex: string) => valueOf({ model: 'nwave-nps405', fPort: 2, hex }).batteryHealth
    expect([health('007D00'), health('007C00'), health('006400'), health('006300')]).toEqual(['normal', 'low', 'low', 'critical'])
    expect([health('0064E1'), health('0063E1'), health('004BE1'), health('004AE1')]).toEqual(['normal', 'low', 'low', 'critical'])
    expect(health('0064E2')).toBe('low')
  })

  it('reads a tag with its battery, and no state when bit 0 is clear', () => {
    expect(valueOf({ model: 'nwave-nps405', fPort: 10, hex: '021EABCDEF01' })).toEqual({ kind: 'tag', tagBatteryV: 3, tag: 'ABCDEF01' })
  })
})

describe('LW-214: NCC405 counts and never observes a bay', () => {
  it('reads heartbeat and start-up', () => {
    expect(valueOf({ model: 'nwave-ncc405', fPort: 2, hex: '81D3C8' })).toEqual({
      kind: 'heartbeat',
      hwStatus: 1,
      batteryV: 3.344,
      batteryMeanV: 3.3,
    })
    expect(valueOf({ model: 'nwave-ncc405', fPort: 3, hex: '01020300' })).toEqual({
      kind: 'startup',
      firmware: '1.2.3',
      resetCause: 'rejoin',
    })
  })
})

describe('LW-215: PlacePod', () => {
  it.each([
    ['370005', { kind: 'count', counter: 5 }],
    ['21007F', { kind: 'count', counter: 127 }],
    ['210080', { kind: 'count' }],
    ['0302016B', { kind: 'telemetry', batteryV: 3.63 }],
    ['010101', { kind: 'response' }],
    ['1C0100', { kind: 'response' }],
    ['3F0101', { kind: 'response' }],
    ['05020001376601', { kind: 'keep_alive', occupied: true, keepAlive: true }],
    ['0267FFF6210003156600', { kind: 'status', temperatureC: -1, counter: 3, occupied: false }],
  ])('%s', (hex, value) => expect(valueOf({ model: 'pni-placepod', hex })).toEqual(value))
})

describe('LW-216: Libelium', () => {
  it('reads the firmware of a start frame and nothing else of it', () => {
    expect(valueOf({ model: 'libelium-sp2', hex: '040A03001F00C60561ED91' })).toMatchObject({ kind: 'start1', firmware: '3' })
    expect(valueOf({ model: 'libelium-sp2', hex: '040A03001F00C60561ED91' })).not.toHaveProperty('temperatureC')
  })
  it('accepts types it does not know', () => {
    expect(valueOf({ model: 'libelium-sp2', hex: '7F0A03001F00C60561ED91' })).toEqual({
      kind: 'unknown',
      occupied: false,
      lowBattery: true,
      configNack: true,
      recalibrated: true,
      frameCounter: 10,
    })
  })
})

describe('LW-217: Dingtek parameters', () => {
  it('reads those of a DO201', () => {
    expect(valueOf({ model: 'dingtek-do201', hex: '80003103100102180A3C003C14000081' })).toEqual({
      kind: 'parameters',
      firmware: '1.2',
      uploadIntervalH: 24,
      detectIntervalMin: 10,
      levelThresholdCm: 60,
      magThreshold: 60,
      batteryThresholdPct: 20,
    })
  })
  it('reads those of a DO200', () => {
    expect(valueOf({ model: 'dingtek-do200', hex: '8000020311010218050A0000003C000081' })).toEqual({
      kind: 'parameters',
      firmware: '1.2',
      uploadIntervalH: 24,
      ultraDetectIntervalMin: 5,
      magDetectIntervalS: 10,
      magThreshold: 60,
    })
  })
})

describe('LW-218: Milesight', () => {
  it('names a frame of descriptions only info', () => {
    const hex = 'FF0BFFFF0101FF166412A47562000090FF090310FF0A0101FF0F00'
    expect(valueOf({ model: 'milesight-em400-mud', hex })).toEqual({ kind: 'info', firmware: '1.1' })
  })
  it('reads alarms with their measurements', () => {
    expect(valueOf({ model: 'milesight-em400-mud', hex: '8367E8000184822C0801' })).toEqual({
      kind: 'status',
      temperatureC: 23.2,
      temperatureAlarm: true,
      distanceMm: 2_092,
      distanceAlarm: true,
    })
  })
})

describe('LW-219: Dragino', () => {
  it('reads five bytes of old LDDS75 firmware', () => {
    expect(read({ model: 'dragino-ldds75', hex: '0E1C0B0500' })).toEqual({
      ok: true,
      value: { kind: 'status', batteryV: 3.612, distanceMm: 2_821, interrupt: false },
      warnings: [],
    })
  })
  it.each([
    ['0E1C000000', 'no_sensor'],
    ['0E1C001400', 'invalid'],
  ])('%s has no distance: %s', (hex, distanceError) => {
    const value = valueOf({ model: 'dragino-ldds75', hex, options: { occupied_below_mm: 500 } })
    expect(value).toEqual({ kind: 'status', batteryV: 3.612, distanceError, interrupt: false })
  })
  it('reads a door', () => {
    expect(valueOf({ model: 'dragino-lds02', hex: '0BB80100002500000101' })).toMatchObject({
      contactOpen: false,
      occupied: false,
      batteryV: 3,
      openCount: 37,
      lastOpenMin: 1,
      alarm: true,
    })
  })
})

describe('LW-220, LW-221: lights', () => {
  it('reads the 25th byte of newer Busylight firmware without calling it trailing', () => {
    const result = read({ model: 'plenom-busylight', hex: 'D0FFFFFF1E00000008000000060000000000FFFF00290C0101' })
    expect(result).toMatchObject({ ok: true, value: { highBrightness: 1 }, warnings: [] })
  })
  it('takes any frame of a heltec-rgb as a sign of life', () => {
    expect(read({ model: 'heltec-rgb', fPort: 99, hex: 'FFFF' })).toEqual({ ok: true, value: { kind: 'opaque' }, warnings: [] })
  })
})

describe('LW-222: generic-object', () => {
  const model = 'generic-object'
  it.each([true, 1, '1', 'TRUE', 'Occupied'])('%p is occupied', (occupied) =>
    expect(valueOf({ model, object: { occupied } }).occupied).toBe(true),
  )
  it.each([false, 0, '0', 'false', 'Free', 'VACANT', 'empty'])('%p is free', (occupancy) =>
    expect(valueOf({ model, object: { occupancy } }).occupied).toBe(false),
  )
  it.each([null, 2, 'maybe', '', {}, []])('%p is no answer', (occupied) =>
    expect(read({ model, object: { occupied } })).toMatchObject({ error: { code: 'bad_value' } }),
  )
  it('follows pointers, with escapes, and only into own members', () => {
    const object = { 'a/b': { '~': [{ busy: 1 }] } }
    expect(valueOf({ model, object, options: { occupied_pointer: '/a~1b/~0/0/busy' } }).occupied).toBe(true)
    expect(read({ model, object, options: { occupied_pointer: '/constructor' } })).toMatchObject({ error: { code: 'bad_value' } })
  })
  it('takes up to 5 as volts, up to 100 as percent, nothing beyond', () => {
    expect(valueOf({ model, object: { occupied: 1, battery: 5 } })).toMatchObject({ batteryV: 5 })
    expect(valueOf({ model, object: { occupied: 1, battery: 5.1 } })).toMatchObject({ batteryPct: 5.1 })
    expect(valueOf({ model, object: { occupied: 1, battery: 101 } })).toEqual({ kind: 'status', occupied: true })
  })
  it('needs an object', () => expect(read({ model, hex: '01' })).toMatchObject({ error: { code: 'empty' } }))
})

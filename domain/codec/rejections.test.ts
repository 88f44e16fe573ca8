/** The rejection examples of lorawan.md §8.4, the order of checks and plausibility. */
import { fromHex } from './hex'
import { withoutImplausible } from './plausibility'
import { decode, observedOccupancy } from './registry'

const read = (model: string, fPort: number, hex: string) => decode({ model, fPort, bytes: fromHex(hex) ?? new Uint8Array() })

describe('frames that do not fit are a reason, never a value', () => {
  it.each([
    ['browan-tbms100', 42, '01', 'unknown_fport'],
    ['browan-tbms100', 102, '', 'empty'],
    ['browan-tbms100', 102, '01BB', 'too_short'],
    ['browan-tbms100', 102, '0000000000000000', 'all_zero'],
    ['libelium-sp2', 1, '000000000000000000000000', 'bad_length'],
    ['dingtek-do201', 3, '800031021606B4000001610010FFF6FFF08B2D00010081', 'bad_header'],
    ['milesight-em400-mud', 85, '0482', 'unknown_type'],
    ['milesight-em400-mud', 85, 'AA0001', 'unknown_type'],
    ['dragino-lds02', 10, '0B880100250001', 'too_short'],
    ['plenom-busylight', 15, '00'.repeat(19), 'too_short'],
    ['plenom-busylight', 15, '00'.repeat(20), 'too_short'],
    ['no-such-model', 1, '01', 'unknown_model'],
    ['dragino-lds02', 10, '0B880200250001000000', 'unknown_type'],
    ['dingtek-do200', 3, '8000', 'bad_length'],
    ['dingtek-do201', 3, '00'.repeat(23), 'bad_header'],
    ['browan-tbhv110', 102, '610B351EBF030100510036', 'unknown_fport'],
    ['nwave-ncc405', 1, '06', 'too_short'],
  ])('LW-205: %s on port %i: %s is %s', (...[model, fPort, hex, code]) => {
    expect(read(model, fPort, hex)).toMatchObject({ ok: false, error: { code } })
  })

  it('LW-205: the port is checked before the bytes, the model before the port', () => {
    expect(read('browan-tbms100', 1, '')).toMatchObject({ error: { code: 'unknown_fport' } })
    expect(read('nothing', 1, '')).toMatchObject({ error: { code: 'unknown_model' } })
  })
})

describe('frames that fit in part', () => {
  it('LW-211: a TPS110 heartbeat of old firmware has no temperature', () => {
    expect(read('bosch-tps110', 2, '01')).toEqual({ ok: true, value: { kind: 'heartbeat', occupied: true }, warnings: [] })
  })

  it('LW-206: an unknown element ends a TLV frame and keeps what was read', () => {
    expect(read('milesight-em400-mud', 85, '01755CAA00')).toEqual({
      ok: true,
      value: { kind: 'status', batteryPct: 92 },
      warnings: ['unknown_tlv'],
    })
  })

  it('LW-206: a cut-off element after a whole one is warned about', () => {
    expect(read('milesight-em400-mud', 85, '01755C0482AA')).toMatchObject({ ok: true, warnings: ['truncated_tlv'] })
    expect(read('pni-placepod', 1, '15660102')).toMatchObject({ ok: true, value: { occupied: true }, warnings: ['truncated_tlv'] })
  })

  it('LW-206: bytes beyond a fixed layout are warned about', () => {
    expect(read('browan-tbms100', 102, '01BB340400DC7801FF')).toMatchObject({ ok: true, warnings: ['trailing_bytes'] })
  })
})

describe('LW-207: plausibility comes after decoding', () => {
  it('warns about a temperature that cannot be and stores null for it alone', () => {
    const result = read('dingtek-do201', 3, '800031021706B4000001610010FFF6FFF08B2D00010081')
    if (!result.ok) throw new Error(result.error.message)
    expect(result.warnings).toEqual(['implausible_temperature_celsius'])
    expect(withoutImplausible(result.value)).toMatchObject({ temperatureC: null, humidityPct: 45, occupied: false })
  })

  it('never makes a bay free out of a distance that cannot be', () => {
    const result = decode({
      model: 'milesight-em400-mud',
      fPort: 85,
      bytes: fromHex('0482FFFF') ?? new Uint8Array(),
      options: { occupied_below_mm: 1_500 },
    })
    expect(result).toEqual({ ok: true, value: { kind: 'status', distanceMm: 65_535 }, warnings: ['implausible_distance_mm'] })
  })
})

describe('LW-202: only a model’s state kinds observe the bay', () => {
  it.each([
    ['bosch-tps110', 1, '01', true],
    ['bosch-tps110', 3, '240300007503000000000000001D020301', null],
    ['libelium-sp2', 1, '81C60014053300D90C80C8', true],
    ['libelium-sp2', 1, '83C60014053300D90C80C8', null],
    ['nwave-nps405', 10, 'D01F345678', null],
    ['nwave-nps405', 2, '00D3D8', false],
    ['nwave-ncc405', 1, '06AA', null],
    ['plenom-busylight', 15, 'D0FFFFFF1E00000008000000060000000000FFFF00290C01', null],
  ])('%s on port %i: %s observes %s', (...[model, fPort, hex, observed]) => {
    const result = read(model, fPort, hex)
    if (!result.ok) throw new Error(result.error.message)
    expect(observedOccupancy(model, result.value)).toBe(observed)
  })
})

/** What lights and sensors refuse to be told, and the dangerous family (LW-059, LW-240 to LW-249). */
import type { DeviceCommand } from './command'
import { fromHex, toHex } from './hex'
import { classifyRawDownlink } from './raw-downlink'
import { decodeDownlink, encode } from './registry'
import { suggestModel } from './suggest-model'

const hexOf = (model: string, command: DeviceCommand) => {
  const result = encode(model, command)
  return result.ok ? toHex(result.bytes) : result.error
}

describe('commands out of bounds', () => {
  it.each<[string, DeviceCommand, string]>([
    ['plenom-busylight', { type: 'color', color: { r: 256, g: 0, b: 0 } }, '/color/r'],
    ['plenom-busylight', { type: 'color', color: { r: 1, g: 0, b: 0 }, off: -1 }, '/off'],
    ['plenom-busylight', { type: 'state', color: 'mauve', pattern: 'solid' }, '/color'],
    ['plenom-busylight', { type: 'state', color: 'red', pattern: 'solid', brightness_percent: 0 }, '/brightness_percent'],
    ['plenom-busylight', { type: 'state', color: 'red', pattern: 'blink', blink_period_ms: 2_560 }, '/blink_period_ms'],
    ['plenom-busylight', { type: 'status_interval', minutes: 0 }, '/minutes'],
    ['plenom-busylight', { type: 'restart_after_missed', count: 256 }, '/count'],
    ['heltec-rgb', { type: 'color', color: { r: 0, g: 1.5, b: 0 } }, '/color'],
    ['dingtek-do201', { type: 'parameter', uploadIntervalH: 169 }, '/uploadIntervalH'],
    ['dingtek-do201', { type: 'parameter', levelThresholdCm: 14 }, '/levelThresholdCm'],
    ['dingtek-do201', { type: 'parameter', batteryThresholdPct: 100 }, '/batteryThresholdPct'],
    ['dingtek-do200', { type: 'parameter', detectIntervalMin: 10 }, '/detectIntervalMin'],
    ['dingtek-do200', { type: 'parameter', magThreshold: 256 }, '/magThreshold'],
    ['dingtek-do201', { type: 'parameter', uploadIntervalH: 4, detectIntervalMin: 10 }, ''],
    ['dingtek-do201', { type: 'parameter' }, ''],
  ])('LW-249: %s refuses %j at %s', (model, command, pointer) => {
    expect(hexOf(model, command)).toMatchObject({ code: 'validation.failed', pointer })
  })

  it.each<[string, DeviceCommand]>([
    ['browan-tbms100', { type: 'state', color: 'red', pattern: 'solid' }],
    ['heltec-rgb', { type: 'request_status' }],
    ['plenom-busylight', { type: 'working_mode', mode: 'parking' }],
    ['no-such-model', { type: 'request_status' }],
  ])('D-53: %s has no command for %j', (model, command) => {
    expect(hexOf(model, command)).toMatchObject({ code: 'downlink.unsupported' })
  })
})

describe('looks', () => {
  it.each<[string, DeviceCommand, string]>([
    ['both phases of blink', { type: 'state', color: 'blue', pattern: 'blink', blink_period_ms: 2_000 }, '00FF00C8C8'],
    ['pattern off', { type: 'state', color: 'red', pattern: 'off' }, '000000FF00'],
    ['colour off never blinks', { type: 'state', color: 'off', pattern: 'blink' }, '000000FF00'],
    ['black is off', { type: 'state', color: '#000000', pattern: 'fast_blink', answer: true }, '000000FF0001'],
    ['brightness rounds to nearest', { type: 'state', color: '#ff8001', pattern: 'solid', brightness_percent: 50 }, '800140FF00'],
  ])('LW-241: %s', (_case, command, hex) => expect(hexOf('plenom-busylight', command)).toBe(hex))

  it('DOM-322: a light that cannot blink shows the colour and says so', () => {
    expect(encode('heltec-rgb', { type: 'state', color: 'blue', pattern: 'blink' }, { fPort: 7 })).toEqual({
      ok: true,
      fPort: 7,
      bytes: Uint8Array.of(0, 0, 255),
      warnings: ['pattern_unsupported'],
    })
  })
})

describe('bytes that are no command', () => {
  it.each(['', 'AA', 'AA00', '0600FF', '0602', '0400', '090100'])('%s is not read as one', (hex) => {
    expect(decodeDownlink('plenom-busylight', { fPort: 15, bytes: fromHex(hex) ?? new Uint8Array() })).toBeNull()
  })
  it('a Busylight listens on port 15 only', () => {
    expect(decodeDownlink('plenom-busylight', { fPort: 14, bytes: Uint8Array.of(0, 0, 255, 255, 0) })).toBeNull()
  })
})

describe('LW-244: the dangerous family', () => {
  const judge = (hex: string, fPort = 15, model = 'plenom-busylight') =>
    classifyRawDownlink(model, { fPort, bytes: fromHex(hex) ?? new Uint8Array() })
  const dangerous = { ok: false, refused: 'dangerous' }

  it.each(['AA00', 'BB00', '10', '1000', '11', '1011121314151617', '11'.repeat(17), '10000000', '11000000000000'])('%s is refused', (hex) =>
    expect(judge(hex)).toEqual(dangerous),
  )
  it.each(['AA01', 'BB01', 'AA', 'AA0000', '1000000000', '110000000001', 'BB00FF00FF', 'AA00FF00FF00', '0601'])('%s is accepted', (hex) =>
    expect(judge(hex)).toEqual({ ok: true }),
  )
  it('is the Busylight’s alone', () => expect(judge('AA00', 1, 'heltec-rgb')).toEqual({ ok: true }))
})

describe('LW-059: what the network refuses', () => {
  const judge = (fPort: number, length: number, max?: number) =>
    classifyRawDownlink('heltec-rgb', { fPort, bytes: new Uint8Array(length) }, max)

  it.each([0, -1, 224, 255, 256, 1.5, NaN])('port %p', (fPort) => expect(judge(fPort, 1)).toEqual({ ok: false, refused: 'f_port' }))
  it.each([1, 223])('port %p is sent', (fPort) => expect(judge(fPort, 1)).toEqual({ ok: true }))
  it.each([0, 52])('%i bytes', (length) => expect(judge(1, length)).toEqual({ ok: false, refused: 'length' }))
  it('more than 51 bytes when the data rate is known to carry them', () => expect(judge(1, 115, 115)).toEqual({ ok: true }))
})

describe('LW-204: suggestions for orphans', () => {
  it.each([
    ['browan_tabs', 'browan-tbms100'],
    ['Kuando Busylight', 'plenom-busylight'],
    ['led_matrix', 'heltec-rgb'],
    ['bosch-tps110', 'bosch-tps110'],
    ['constructor', null],
    ['', null],
  ])('%s suggests %s', (name, model) => expect(suggestModel(name)).toBe(model))
})

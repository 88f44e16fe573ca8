/** Q-PRP-30: every byte string gives a reading or a reason; what a light is told can be read back. */
import fc from 'fast-check'
import type { ColorCommand } from './command'
import { MODELS, decode, decodeDownlink, encode, observedOccupancy } from './registry'
import type { CodecErrorCode } from './types'

const ERROR_CODES: readonly CodecErrorCode[] = [
  'unknown_model',
  'unknown_fport',
  'empty',
  'too_short',
  'bad_length',
  'bad_header',
  'all_zero',
  'unknown_type',
  'bad_value',
]

const model = fc.constantFrom(...MODELS.map((entry) => entry.model))
const anyBytes = fc.uint8Array({ maxLength: 255 })
const byte = fc.integer({ min: 0, max: 255 })
const rgb = fc.record({ r: byte, g: byte, b: byte })
const options = fc.record({
  occupied_below_mm: fc.option(fc.nat(5_000), { nil: undefined }),
  occupied_pointer: fc.option(fc.string(), { nil: undefined }),
})

describe('decode', () => {
  it('Q-PRP-30, LW-201: never throws and only answers a value or a closed code, every model, every port', () => {
    fc.assert(
      fc.property(model, fc.integer({ min: 0, max: 255 }), anyBytes, options, fc.anything(), (...[key, fPort, bytes, config, object]) => {
        const result = decode({ model: key, fPort, bytes, options: config, object })
        return result.ok ? typeof result.value.kind === 'string' : ERROR_CODES.includes(result.error.code)
      }),
      { numRuns: 3_000 },
    )
  })

  it('Q-PRP-30: the same on a port that the model sends on', () => {
    fc.assert(
      fc.property(model, anyBytes, fc.nat(), (key, bytes, pick) => {
        const entry = MODELS.find((candidate) => candidate.model === key)
        const ports = entry?.fPorts === 'any' || !entry ? [entry?.defaultFPort ?? 1] : entry.fPorts
        const result = decode({ model: key, fPort: ports[pick % ports.length] ?? 1, bytes })
        return result.ok ? observedOccupancy(key, result.value) !== undefined : result.error.code !== 'unknown_fport'
      }),
      { numRuns: 3_000 },
    )
  })

  it('LW-201: reads bytes that are a window into a larger buffer as they are', () => {
    const buffer = Uint8Array.from([9, 9, 0x01, 0xbb, 0x34, 4, 0, 0xdc, 0x78, 1, 9])
    const result = decode({ model: 'browan-tbms100', fPort: 102, bytes: buffer.subarray(2, 10) })
    expect(result).toMatchObject({ ok: true, value: { count: 96_476 }, warnings: [] })
  })
})

describe('encode and decodeDownlink', () => {
  it('Q-PRP-30: are each other’s inverse for every colour of a Busylight', () => {
    fc.assert(
      fc.property(rgb, byte, byte, fc.boolean(), (...[color, on, off, answer]) => {
        const command: ColorCommand = { type: 'color', color, on, off, answer }
        const sent = encode('plenom-busylight', command)
        expect(sent.ok && decodeDownlink('plenom-busylight', sent)).toEqual(command)
      }),
    )
  })

  it('Q-PRP-30: are each other’s inverse for every colour of a heltec-rgb, on any port', () => {
    fc.assert(
      fc.property(rgb, fc.integer({ min: 1, max: 223 }), (color, fPort) => {
        const sent = encode('heltec-rgb', { type: 'color', color }, { fPort })
        expect(sent.ok && decodeDownlink('heltec-rgb', sent)).toEqual({ type: 'color', color })
      }),
    )
  })

  it('Q-PRP-30: what any bytes are read as can be sent, and is read as the same again', () => {
    fc.assert(
      fc.property(model, fc.integer({ min: 1, max: 223 }), fc.uint8Array({ maxLength: 20 }), (key, fPort, bytes) => {
        const command = decodeDownlink(key, { fPort, bytes })
        if (!command) return
        const sent = encode(key, command, { fPort })
        expect(sent.ok && decodeDownlink(key, sent)).toEqual(command)
      }),
      { numRuns: 3_000 },
    )
  })

  it.each(MODELS.map((entry) => [entry.model, entry] as const))('LW-200: the entry of %s is whole', (key, entry) => {
    expect(entry.fPorts === 'any' || entry.fPorts.includes(entry.defaultFPort)).toBe(true)
    expect(entry.windowSeconds.free).toBeGreaterThanOrEqual(entry.windowSeconds.occupied)
    expect(entry.capabilities.colors.length > 0).toBe(entry.role === 'display')
    expect(key).toMatch(/^[a-z0-9]+-[a-z0-9-]+$/)
  })
})

/** Plays every published vector through the registry (D-53, appendix B of lorawan.md). */
import type { DeviceCommand } from './command'
import downlinks from './vectors/downlinks.json'
import uplinks from './vectors/uplinks.json'
import { fromHex, toHex } from './hex'
import { classifyRawDownlink } from './raw-downlink'
import { decode, decodeDownlink, encode } from './registry'
import type { CodecOptions } from './types'

interface UplinkVector {
  id: string
  device: string
  fPort: number | null
  hex: string
  options?: CodecOptions
  expect: Record<string, unknown>
}

interface DownlinkVector {
  id: string
  device: string
  direction: string
  command: DeviceCommand
  fPort: number
  hex: string
  base64: string
  expect?: { refused?: string; accepted?: boolean }
}

const bytesOf = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array()

describe('published uplink vectors', () => {
  it.each(uplinks as UplinkVector[])('D-53: $id of $device reads as published', ({ device, fPort, hex, options, expect: expected }) => {
    const result = decode({ model: device, fPort, bytes: bytesOf(hex), ...(options ? { options } : {}) })
    if ('error' in expected) return expect(result).toMatchObject({ ok: false, error: { code: expected['error'] } })
    expect(result).toMatchObject({ ok: true, value: expected })
  })
})

describe('published downlink vectors', () => {
  const vectors = downlinks as unknown as DownlinkVector[] // the JSON's inferred unions are too wide to compare
  const commands = vectors.filter(({ direction }) => direction !== 'raw')
  const both = vectors.filter(({ direction }) => direction === 'both')
  const raw = vectors.filter(({ direction }) => direction === 'raw')

  it.each(commands)('LW-240 ff.: $id for $device gives the published bytes', ({ device, command, fPort, hex, base64 }) => {
    const result = encode(device, command)
    if (!result.ok) throw new Error(result.error.message)
    expect({ fPort: result.fPort, hex: toHex(result.bytes) }).toEqual({ fPort, hex })
    expect(Buffer.from(result.bytes).toString('base64')).toBe(base64)
  })

  it.each(both)('LW-8.5: $id for $device reads back as the command', ({ device, command, fPort, hex }) => {
    expect(decodeDownlink(device, { fPort, bytes: bytesOf(hex) })).toEqual(command)
  })

  it.each(raw)('LW-244, LW-059: $id by hand is judged as published', ({ device, fPort, hex, expect: expected }) => {
    const verdict = classifyRawDownlink(device, { fPort, bytes: bytesOf(hex) })
    expect(verdict).toEqual(expected?.accepted ? { ok: true } : { ok: false, refused: expected?.refused })
  })
})

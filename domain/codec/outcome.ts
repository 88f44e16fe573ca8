/** How a decoder or encoder answers, and the checks that fixed layouts share (LW-205, LW-206). */
import type { DownlinkBytes, EncodeResult } from './command'
import type { CodecValue } from './reading'
import type { CodecErrorCode, CodecOptions, DecodeResult, Decoder, UplinkFrame } from './types'

export const accept = (value: CodecValue, warnings: readonly string[] = []): DecodeResult => ({ ok: true, value, warnings })

export const reject = (code: CodecErrorCode, message: string): DecodeResult => ({ ok: false, error: { code, message } })

export const encoded = (downlink: DownlinkBytes, warnings: readonly string[] = []): EncodeResult => ({ ok: true, ...downlink, warnings })

/** `pointer` is a JSON pointer into the command. */
export const invalid = (pointer: string, message: string): EncodeResult & { readonly ok: false } => ({
  ok: false,
  error: { code: 'validation.failed', pointer, message },
})

export const unsupported = (message: string): EncodeResult => ({ ok: false, error: { code: 'downlink.unsupported', message } })

/** Reads a frame that has at least the layout's bytes; may still reject its content. */
export type LayoutReader = (view: DataView, frame: UplinkFrame) => DecodeResult

/** A layout of `length` bytes or more; what is beyond is named by a warning, not read (LW-206). */
export function fixedLayout(length: number, read: LayoutReader): Decoder {
  return (frame) => {
    const { bytes } = frame
    if (bytes.length < length) return reject('too_short', `${bytes.length} of ${length} bytes`)
    const result = read(viewOf(bytes), frame)
    if (!result.ok || bytes.length === length) return result
    return accept(result.value, [...result.warnings, 'trailing_bytes'])
  }
}

/** A layout of which nothing but the kind is read: kept raw for people. */
export const rawOnly =
  (kind: CodecValue['kind']): Decoder =>
  () =>
    accept({ kind })

/** One decoder per port; the registry has already refused other ports. */
export function byPort(decoders: Readonly<Record<number, Decoder>>): { readonly fPorts: readonly number[]; readonly decode: Decoder } {
  return {
    fPorts: Object.keys(decoders).map(Number),
    decode: (frame) => decoders[frame.fPort]?.(frame) ?? reject('unknown_fport', `fPort ${frame.fPort}`),
  }
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** 24 bits, least significant byte first. */
export const uint24LittleEndian = (view: DataView, offset: number): number =>
  view.getUint16(offset, true) + view.getUint8(offset + 2) * 0x10000

/** 24 bits, most significant byte first. */
export const uint24BigEndian = (view: DataView, offset: number): number => view.getUint8(offset) * 0x10000 + view.getUint16(offset + 1)

export const hasBit = (byte: number, bit: number): boolean => ((byte >> bit) & 1) === 1

/** Occupancy of a contact model; `never` measures something else than the bay (LW-209). */
export function occupancyOfContact(isOpen: boolean, options: CodecOptions): { occupied?: boolean } {
  const when = options.occupied_when ?? 'open'
  return when === 'never' ? {} : { occupied: when === 'open' ? isOpen : !isOpen }
}

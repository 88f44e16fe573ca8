/** Reads channel–type–value payloads until the first element that is unknown or cut off (LW-206). */
import { accept, reject, viewOf } from './outcome'
import type { CodecValue, ReadingKind } from './reading'
import type { CodecOptions, Decoder } from './types'

/** What one element adds to the reading; `kind` is what the element makes of the frame. */
export interface Element {
  readonly kind: ReadingKind
  readonly fields: Partial<CodecValue>
}

export interface ElementLayout {
  readonly length: number
  /** `offset` is the first byte of the value. */
  readonly read: (view: DataView, offset: number) => Element
}

export interface TlvFormat {
  readonly layoutOf: (channel: number, type: number) => ElementLayout | undefined
  /** The kind of a frame with elements of these kinds. */
  readonly kindOf: (kinds: ReadonlySet<ReadingKind>) => ReadingKind
  /** What follows from all fields together, e.g. a threshold. */
  readonly conclude?: (fields: Partial<CodecValue>, options: CodecOptions) => Partial<CodecValue>
}

const HEADER_BYTES = 2

interface Elements {
  readonly kinds: ReadonlySet<ReadingKind>
  readonly fields: Partial<CodecValue>
  readonly stopped: 'unknown_tlv' | 'truncated_tlv' | null
}

function readElements(bytes: Uint8Array, layoutOf: TlvFormat['layoutOf']): Elements {
  const view = viewOf(bytes)
  const kinds = new Set<ReadingKind>()
  let fields: Partial<CodecValue> = {}
  let offset = 0
  while (offset < bytes.length) {
    if (offset + HEADER_BYTES > bytes.length) return { kinds, fields, stopped: 'truncated_tlv' }
    const layout = layoutOf(view.getUint8(offset), view.getUint8(offset + 1))
    if (!layout) return { kinds, fields, stopped: 'unknown_tlv' }
    const end = offset + HEADER_BYTES + layout.length
    if (end > bytes.length) return { kinds, fields, stopped: 'truncated_tlv' }
    const element = layout.read(view, offset + HEADER_BYTES)
    kinds.add(element.kind)
    fields = { ...fields, ...element.fields }
    offset = end
  }
  return { kinds, fields, stopped: null }
}

/** A decoder of one TLV format: keeps what was read, names by a warning why it stopped. */
export function tlvDecoder({ layoutOf, kindOf, conclude = () => ({}) }: TlvFormat): Decoder {
  return ({ bytes, options }) => {
    const { kinds, fields, stopped } = readElements(bytes, layoutOf)
    if (kinds.size === 0) return reject('unknown_type', 'no element that this model sends')
    return accept({ ...fields, ...conclude(fields, options), kind: kindOf(kinds) }, stopped === null ? [] : [stopped])
  }
}

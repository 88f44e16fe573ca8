/** From a wanted display to the bytes of one downlink, by the light's own codes or its model's encoder (DOM-320 … DOM-325). */
import type { EncodeResult } from '../codec/command'
import { fromHex, toHex } from '../codec/hex'
import { encode, findModel } from '../codec/registry'
import type { Color, Pattern, Situation } from './policy'

/** What a light should show. `situation` is null for a display that a person asked for (DOM-331). */
export interface WantedDisplay {
  readonly situation: Situation | null
  readonly color: Color
  readonly pattern: Pattern
  /** 1–100. */
  readonly brightnessPercent: number
  /** One phase of `blink`, of the policy in force. */
  readonly blinkPeriodMs: number
}

/** The part of `devices.config` that encoding reads, in its stored spelling. */
export interface DisplayConfig {
  readonly fport?: number | null | undefined
  readonly confirmed_downlinks?: boolean | null | undefined
  /** Busylight: each colour asks for a status (DOM-321); on only once its firmware is known to accept it. */
  readonly ask_status?: boolean | null | undefined
  /** Hex by situation or by V5 state name; wins over the model, so that migrated lights keep what drivers know (DOM-323). */
  readonly display_codes?: Readonly<Record<string, string>> | null | undefined
}

export interface EncodedDisplay {
  readonly none?: never
  /** 1–223. */
  readonly fPort: number
  /** Upper-case hex, no separators. */
  readonly bytes: string
  readonly confirmed: boolean
  /** `pattern_unsupported`: the model shows another pattern than the policy asks for. */
  readonly warnings: readonly string[]
}

/** No command can be made: the model takes none of this kind and the light has no code for it (DOM-325). */
export interface NoEncoder {
  readonly none: 'no_encoder'
  /** For people: why. */
  readonly detail: string
}

export interface DisplayToEncode {
  readonly wanted: WantedDisplay
  readonly model: string | null
  readonly config?: DisplayConfig
}

/** Codes without a port of their own go where the simplest lights listen. */
const DEFAULT_CODE_PORT = 1

/** What V5 called a situation; it had no word for an unknown bay. */
const V5_STATE: Readonly<Partial<Record<Situation, string>>> = {
  out_of_service: 'MAINTENANCE',
  blocked: 'MAINTENANCE',
  occupied: 'OCCUPIED',
  reserved: 'RESERVED',
  reserved_soon: 'RESERVED',
  free: 'FREE',
}

/** Pure; the same display, model and configuration always give the same bytes. */
export function encodeDisplay({ wanted, model, config = {} }: DisplayToEncode): EncodedDisplay | NoEncoder {
  const confirmed = config.confirmed_downlinks ?? false
  const code = findCode(wanted.situation, config.display_codes ?? {})
  if (code !== null) return { fPort: config.fport ?? defaultPort(model), bytes: code, confirmed, warnings: [] }
  if (model === null) return { none: 'no_encoder', detail: 'the device has no model' }
  const encoded = encodeLook(wanted, model, config)
  if (!encoded.ok) return { none: 'no_encoder', detail: encoded.error.message }
  return { fPort: encoded.fPort, bytes: toHex(encoded.bytes), confirmed, warnings: encoded.warnings }
}

function encodeLook(wanted: WantedDisplay, model: string, config: DisplayConfig): EncodeResult {
  const { color, pattern, brightnessPercent, blinkPeriodMs } = wanted
  const answer = config.ask_status ?? false
  const look = { type: 'state', color, pattern, brightness_percent: brightnessPercent, blink_period_ms: blinkPeriodMs, answer } as const
  return encode(model, look, { fPort: config.fport ?? undefined })
}

/** A code that is not hex of at least one byte is no code. */
function findCode(situation: Situation | null, codes: Readonly<Record<string, string>>): string | null {
  if (situation === null) return null
  const code = codes[situation] ?? codes[V5_STATE[situation] ?? '']
  const bytes = code === undefined ? null : fromHex(code)
  return bytes !== null && bytes.length > 0 ? toHex(bytes) : null
}

function defaultPort(model: string | null): number {
  return (model === null ? null : findModel(model)?.defaultFPort) ?? DEFAULT_CODE_PORT
}

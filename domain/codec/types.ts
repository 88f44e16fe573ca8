/** The plain types of the codec registry: what an entry is, what a decoder takes and answers (LW-200 to LW-209). */
import type { ColorName, DownlinkDecoder, Encoder, Pattern } from './command'
import type { CodecValue, ReadingKind } from './reading'

export type DeviceRole = 'sensor' | 'display' | 'counter' | 'environment'

/** Why a frame was rejected; closed (LW-205). */
export type CodecErrorCode =
  'unknown_model' | 'unknown_fport' | 'empty' | 'too_short' | 'bad_length' | 'bad_header' | 'all_zero' | 'unknown_type' | 'bad_value'

/** Per-device options as stored in `devices.config.codec`; each model reads its own and ignores the rest. */
export interface CodecOptions {
  /** Distance models: nearer than this is a vehicle (LW-208). */
  readonly occupied_below_mm?: number | undefined
  /** Distance models: how far beyond the threshold is surely empty; 100 by default. */
  readonly hysteresis_mm?: number | undefined
  /** Contact models (LW-209); `open` by default. */
  readonly occupied_when?: 'open' | 'closed' | 'never' | undefined
  /** generic-object: JSON pointers into the event's object (LW-222). */
  readonly occupied_pointer?: string | undefined
  readonly battery_pointer?: string | undefined
}

/** One uplink payload as a model's decoder sees it. */
export interface UplinkFrame {
  readonly fPort: number
  readonly bytes: Uint8Array
  readonly options: CodecOptions
  readonly object: unknown
}

export interface CodecRejection {
  readonly code: CodecErrorCode
  readonly message: string
}

export type DecodeResult =
  | { readonly ok: true; readonly value: CodecValue; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly error: CodecRejection }

/** Bytes of one frame to what they say. Never throws. */
export type Decoder = (frame: UplinkFrame) => DecodeResult

export interface ModelCapabilities {
  /** Colour names a light can show; any `#RRGGBB` too. Empty for what is no light. */
  readonly colors: readonly ColorName[]
  readonly patterns: readonly Exclude<Pattern, 'off'>[]
  readonly reportsState: boolean
}

export interface SecondsByState {
  readonly free: number
  readonly occupied: number
}

/** One entry of the registry (LW-200). */
export interface ModelEntry {
  readonly model: string
  readonly manufacturer: string
  /** Product name as the manufacturer writes it. */
  readonly name: string
  readonly role: DeviceRole
  readonly fPorts: readonly number[] | 'any'
  /** Where a source that names no port is read, and where commands go. */
  readonly defaultFPort: number
  readonly stateKinds: readonly ReadingKind[]
  /** How often it is heard though nothing changes; null = as configured (LW-9 table). */
  readonly heartbeatSeconds: SecondsByState | null
  /** How long silence says nothing about the bay (LW-260). */
  readonly windowSeconds: SecondsByState
  readonly capabilities: ModelCapabilities
  /** Also reads frames without bytes: from the event's object, or because any frame is only a sign of life. */
  readonly readsWithoutBytes?: boolean
  readonly decode: Decoder
  readonly encode?: Encoder
  readonly decodeDownlink?: DownlinkDecoder
  /** Downlinks that could lose the device for good (LW-244). */
  readonly isDangerous?: (bytes: Uint8Array) => boolean
}

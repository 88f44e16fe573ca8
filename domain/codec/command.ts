/** What can be sent to a device, before it is bytes (LW-8.5). */

export interface Rgb {
  readonly r: number
  readonly g: number
  readonly b: number
}

export type ColorName = 'red' | 'green' | 'blue' | 'yellow' | 'orange' | 'purple' | 'white' | 'grey' | 'off'
export type Pattern = 'solid' | 'blink' | 'slow_blink' | 'fast_blink' | 'off'

/** Exact bytes: phases in the lamp's own unit (Busylight: 1/100 s). */
export interface ColorCommand {
  readonly type: 'color'
  readonly color: Rgb
  readonly on?: number
  readonly off?: number
  readonly answer?: boolean
}

/** A look in words: what the delivery workflow sends. `color` is a name or `#RRGGBB`. */
export interface StateCommand {
  readonly type: 'state'
  readonly color: string
  readonly pattern: Pattern
  readonly brightness_percent?: number | undefined
  /** One phase of `blink` in ms; 500 by default. */
  readonly blink_period_ms?: number | undefined
  readonly answer?: boolean | undefined
}

export interface DingtekParameters {
  readonly uploadIntervalH?: number
  readonly detectIntervalMin?: number
  readonly levelThresholdCm?: number
  readonly magThreshold?: number
  readonly batteryThresholdPct?: number
  readonly magDetectIntervalS?: number
}

export type DeviceCommand =
  | ColorCommand
  | StateCommand
  | { readonly type: 'adr' | 'answer_every_downlink' | 'high_brightness'; readonly on: boolean }
  | { readonly type: 'status_interval'; readonly minutes: number }
  | { readonly type: 'request_status' }
  | { readonly type: 'restart_after_missed'; readonly count: number }
  | ({ readonly type: 'parameter' } & DingtekParameters)
  | { readonly type: 'working_mode'; readonly mode: 'parking' }

export interface DownlinkBytes {
  readonly fPort: number
  readonly bytes: Uint8Array
}

/** `validation.failed` names the member by a JSON pointer into the command. */
export type EncodeError =
  | { readonly code: 'validation.failed'; readonly pointer: string; readonly message: string }
  | { readonly code: 'downlink.unsupported'; readonly message: string }

export type EncodeResult =
  ({ readonly ok: true; readonly warnings: readonly string[] } & DownlinkBytes) | { readonly ok: false; readonly error: EncodeError }

export interface EncodeSettings {
  /** Port of the device's configuration (heltec-rgb, LW-248); absent = the model's. */
  readonly fPort?: number | undefined
}

export type Encoder = (command: DeviceCommand, settings: EncodeSettings) => EncodeResult

/** The command that exactly these bytes are, or null when they are none that the codec knows. */
export type DownlinkDecoder = (downlink: DownlinkBytes) => DeviceCommand | null

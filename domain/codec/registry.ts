/** The codec registry: one entry per model, and the only way from bytes to values and from commands to bytes (D-53, LW-200). */
import { boschTps110 } from './bosch-tps110'
import { browanTbdw100, browanTbhv110, browanTbms100 } from './browan-tabs'
import { dingtekDo200, dingtekDo201 } from './dingtek'
import { draginoLdds75, draginoLds02 } from './dragino'
import { genericObject } from './generic-object'
import { heltecRgb } from './heltec-rgb'
import { libeliumSp2 } from './libelium-sp2'
import { milesightEm310Udl, milesightEm400Mud, milesightVs34x } from './milesight'
import { nwaveNcc405, nwaveNps310, nwaveNps405 } from './nwave'
import { reject, unsupported } from './outcome'
import { plausibilityWarnings } from './plausibility'
import { plenomBusylight } from './plenom-busylight'
import { pniPlacepod } from './pni-placepod'
import type { DeviceCommand, DownlinkBytes, EncodeResult, EncodeSettings } from './command'
import type { CodecValue } from './reading'
import type { CodecOptions, DecodeResult, ModelEntry } from './types'

/** Every supported model, in the order in which people are shown them. */
export const MODELS: readonly ModelEntry[] = [
  browanTbms100,
  browanTbdw100,
  browanTbhv110,
  boschTps110,
  nwaveNps310,
  nwaveNps405,
  nwaveNcc405,
  pniPlacepod,
  libeliumSp2,
  dingtekDo200,
  dingtekDo201,
  milesightEm400Mud,
  milesightEm310Udl,
  milesightVs34x,
  draginoLdds75,
  draginoLds02,
  plenomBusylight,
  heltecRgb,
  genericObject,
]

const BY_KEY: ReadonlyMap<string, ModelEntry> = new Map(MODELS.map((entry) => [entry.model, entry]))

/** The registry's entry of a model key, or null. */
export const findModel = (model: string): ModelEntry | null => BY_KEY.get(model) ?? null

export interface DecodeInput {
  readonly model: string
  /** Null = the source does not say: the model's default port is meant. */
  readonly fPort: number | null
  readonly bytes: Uint8Array
  readonly options?: CodecOptions
  /** The event's decoded object, for models that read it (LW-222). */
  readonly object?: unknown
}

/** Bytes of one uplink to a value or a reason; never throws on any bytes (LW-201). Order of checks: LW-205. */
export function decode({ model, fPort, bytes, options = {}, object }: DecodeInput): DecodeResult {
  const entry = findModel(model)
  if (!entry) return reject('unknown_model', `no codec for ${model}`)
  const port = fPort ?? entry.defaultFPort
  if (entry.fPorts !== 'any' && !entry.fPorts.includes(port)) return reject('unknown_fport', `fPort ${port}`)
  if (bytes.length === 0 && !entry.readsWithoutBytes) return reject('empty', 'no bytes')
  const result = entry.decode({ fPort: port, bytes, options, object })
  return result.ok ? { ...result, warnings: [...result.warnings, ...plausibilityWarnings(result.value)] } : result
}

/** A command to the bytes of one downlink, or why the model cannot take it (LW-240 ff.). */
export function encode(model: string, command: DeviceCommand, settings: EncodeSettings = {}): EncodeResult {
  const encoder = findModel(model)?.encode
  return encoder ? encoder(command, settings) : unsupported(`${model} takes no commands`)
}

/** The command that these bytes are for this model, or null when they are none it knows (inverse of `encode`). */
export function decodeDownlink(model: string, downlink: DownlinkBytes): DeviceCommand | null {
  return findModel(model)?.decodeDownlink?.(downlink) ?? null
}

/** What a decoded value says about the bay: null unless the frame is one that measures it (LW-202). */
export function observedOccupancy(model: string, value: CodecValue): boolean | null {
  const observes = findModel(model)?.stateKinds.includes(value.kind) ?? false
  return observes ? (value.occupied ?? null) : null
}

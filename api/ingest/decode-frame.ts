/** What one uplink's payload says, by the device's own model; what does not fit keeps its reason (DOM-905, LW-203). */
import { withoutImplausible } from '#domain/codec/plausibility'
import type { CodecValue } from '#domain/codec/reading'
import { decode, findModel, observedOccupancy } from '#domain/codec/registry'
import type { IngestDevice } from './rows'
import type { UpEvent } from './normalised-event'
import { toWireValue } from './wire-value'

export interface FrameContent {
  /** The codec accepted it, or it carries no payload: the device was *heard*. */
  readonly isAccepted: boolean
  readonly value: CodecValue | null
  readonly occupied: boolean | null
  readonly decodeError: string | null
  readonly batteryVolts: number | null
  readonly batteryPercent: number | null
  readonly temperatureCelsius: number | null
  /** Wire spelling, warnings included; null when there is nothing to keep. */
  readonly decoded: Readonly<Record<string, unknown>> | null
}

const NOTHING = { value: null, occupied: null, batteryVolts: null, batteryPercent: null, temperatureCelsius: null, decoded: null } as const

/** No fPort and fPort 0 are liveness only (LW-083), unless the model reads what was decoded elsewhere (LW-222). */
function isLivenessOnly(event: UpEvent, model: string | null): boolean {
  if ((event.fPort ?? 0) !== 0) return false
  const readsObject = event.object !== null && model !== null && findModel(model)?.readsWithoutBytes === true
  return !readsObject
}

export function decodeFrame(event: UpEvent, device: Pick<IngestDevice, 'model' | 'config' | 'kind'>): FrameContent {
  if (isLivenessOnly(event, device.model)) return { ...NOTHING, isAccepted: true, decodeError: null }
  if (device.model === null) return { ...NOTHING, isAccepted: false, decodeError: 'unknown_model' }
  const result = decode({
    model: device.model,
    fPort: event.fPort,
    bytes: Buffer.from(event.hex, 'hex'),
    options: device.config.codec ?? {},
    object: event.object ?? undefined,
  })
  if (!result.ok) return { ...NOTHING, isAccepted: false, decodeError: result.error.code }
  const { value, warnings } = result
  return {
    ...measurements(value),
    isAccepted: true,
    value,
    occupied: device.kind === 'sensor' ? observedOccupancy(device.model, value) : null,
    decodeError: null,
    decoded: { ...toWireValue(value), ...(warnings.length > 0 ? { warnings } : {}) },
  }
}

function measurements(value: CodecValue): Pick<FrameContent, 'batteryVolts' | 'batteryPercent' | 'temperatureCelsius'> {
  const { batteryV, batteryPct, temperatureC } = withoutImplausible(value)
  return { batteryVolts: batteryV ?? null, batteryPercent: wholePercent(batteryPct ?? null), temperatureCelsius: temperatureC ?? null }
}

/** The column is a whole percent. */
const wholePercent = (percent: number | null): number | null => (percent === null ? null : Math.round(percent))

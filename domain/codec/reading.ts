/** What one decoded frame can say: the fields of LW-8.2, units in their names. */
import type { Rgb } from './command'

/** What a frame is. Only the kinds in a model's `stateKinds` observe the bay (LW-202). */
export type ReadingKind =
  | 'status'
  | 'heartbeat'
  | 'keep_alive'
  | 'info'
  | 'daily_update'
  | 'tag'
  | 'count'
  | 'counter'
  | 'environment'
  | 'light_status'
  | 'opaque'
  | 'startup'
  | 'device_info'
  | 'usage'
  | 'debug'
  | 'parameters'
  | 'response'
  | 'telemetry'
  | 'error'
  | 'start1'
  | 'start2'
  | 'service'
  | 'downlink'
  | 'rssi'
  | 'unknown'

/** What one frame says; units are in the names (LW-8.2 table). Absent = the frame does not say. */
export interface CodecValue {
  readonly kind: ReadingKind
  readonly occupied?: boolean
  readonly keepAlive?: boolean
  readonly batteryV?: number
  readonly batteryPct?: number
  readonly lowBattery?: boolean
  readonly batteryHealth?: 'normal' | 'low' | 'critical'
  readonly temperatureC?: number
  readonly boardTemperatureC?: number
  readonly humidityPct?: number
  readonly distanceMm?: number
  readonly levelMm?: number
  readonly distanceError?: 'no_sensor' | 'invalid'
  readonly minutesSinceEvent?: number
  readonly count?: number
  /** Vehicles counted. */
  readonly counter?: number
  readonly frameCounter?: number
  readonly prevStateMin?: number
  readonly prevStateErr?: number
  readonly prevStateOverflow?: boolean
  readonly tag?: string
  readonly tagBatteryV?: number
  readonly firmware?: string
  readonly hw?: number
  readonly resetCause?: string
  readonly debugCodes?: readonly number[]
  readonly deviceTimeSeconds?: number
  readonly sequence?: number
  readonly hwStatus?: number
  readonly batteryMeanV?: number
  readonly mag?: readonly [number, number, number]
  readonly tilt?: boolean
  readonly temperatureAlarm?: boolean
  readonly distanceAlarm?: boolean
  readonly levelAlarm?: boolean
  readonly magAlarm?: boolean
  readonly batteryAlarm?: boolean
  readonly alarm?: boolean
  readonly sensorPresent?: boolean
  readonly interrupt?: boolean
  readonly sensorError?: number
  readonly configNack?: boolean
  readonly recalibrated?: boolean
  readonly contactOpen?: boolean
  readonly openCount?: number
  readonly lastOpenMin?: number
  readonly mod?: number
  readonly eco2Ppm?: number
  readonly voc?: number
  readonly iaq?: number
  readonly iaqChanged?: boolean
  readonly tempHumidityChanged?: boolean
  readonly status?: number
  /** dBm of the last downlink, measured at the light. */
  readonly rssi?: number
  readonly snr?: number
  readonly received?: number
  readonly sent?: number
  readonly color?: Rgb
  readonly on?: number
  readonly off?: number
  readonly adr?: number
  readonly highBrightness?: number
  readonly uploadIntervalH?: number
  readonly detectIntervalMin?: number
  readonly levelThresholdCm?: number
  readonly magThreshold?: number
  readonly batteryThresholdPct?: number
  readonly ultraDetectIntervalMin?: number
  readonly magDetectIntervalS?: number
}

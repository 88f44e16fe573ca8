/** The bay sensors of the simulated world, with the bytes of their data sheets (layouts: LW-210, 211, 213, 217, 218). */
import type { BaySensorModel } from './bay-sensor'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const MAGNETIC_DETECTION_MS = 3 * SECOND_MS
const MOTION_HOLD_SECONDS = 300

const littleEndian = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** index) % 256)
const bigEndian = (value: number, bytes: number): number[] => littleEndian(value, bytes).reverse()
const signedByte = (value: number): number => (value + 256) % 256

/** 3.6 V, 73 %. */
const TABS_BATTERY = 0xbb

/** Motion sensor: occupied at once, free only after a time without motion. */
const browanTbms100: BaySensorModel = {
  detectionMs: ({ device }, isPresent) => (isPresent ? 0 : (device.motionHoldSeconds ?? MOTION_HOLD_SECONDS) * SECOND_MS),
  heartbeatMs: (isOccupied) => (isOccupied ? 10 * MINUTE_MS : HOUR_MS),
  encode: ({ isOccupied, temperatureC, minutesSinceChange, count }) => ({
    fPort: 102,
    bytes: Uint8Array.from([
      Number(isOccupied),
      TABS_BATTERY,
      temperatureC + 32,
      ...littleEndian(Math.min(minutesSinceChange, 0xffff), 2),
      ...littleEndian(count, 3),
    ]),
  }),
}

const TPS110_STARTUP = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x1d, 2, 2]

const boschTps110: BaySensorModel = {
  detectionMs: () => MAGNETIC_DETECTION_MS,
  heartbeatMs: () => DAY_MS,
  startup: (isOccupied) => ({ fPort: 3, bytes: Uint8Array.from([...TPS110_STARTUP, Number(isOccupied)]) }),
  encode: ({ reason, isOccupied, temperatureC }) =>
    reason === 'change'
      ? { fPort: 1, bytes: Uint8Array.of(Number(isOccupied)) }
      : { fPort: 2, bytes: Uint8Array.of(Number(isOccupied), signedByte(temperatureC)) },
}

/** Ever coarser steps up to eleven hours (LW-213). */
function previousStateCode(minutes: number): number {
  if (minutes < 90) return minutes
  if (minutes < 240) return 90 + Math.floor((minutes - 90) / 5)
  return minutes < 660 ? 120 + Math.floor((minutes - 240) / 60) : 127
}

/** 3.344 V. */
const NPS405_BATTERY = 0xd3
const NPS405_STARTUP = [2, 4, 9, 2]

const nwaveNps405: BaySensorModel = {
  detectionMs: () => MAGNETIC_DETECTION_MS,
  heartbeatMs: () => DAY_MS,
  startup: (isOccupied) => ({ fPort: 3, bytes: Uint8Array.from([...NPS405_STARTUP, Number(isOccupied)]) }),
  encode: ({ reason, isOccupied, previousMinutes, temperatureC }) =>
    reason === 'change'
      ? { fPort: 1, confirmed: true, bytes: Uint8Array.of((previousStateCode(previousMinutes) << 1) | Number(isOccupied)) }
      : { fPort: 2, bytes: Uint8Array.of(Number(isOccupied), NPS405_BATTERY, signedByte((temperatureC - 10) * 2)) },
}

const VEHICLE_LEVEL_MM = 280
const SKY_LEVEL_MM = 1_716

const dingtekDo201: BaySensorModel = {
  detectionMs: () => 5 * SECOND_MS,
  heartbeatMs: () => DAY_MS,
  encode: ({ isOccupied, temperatureC, frameNumber }) => ({
    fPort: 3,
    bytes: Uint8Array.from([
      ...[0x80, 0, 0x31, 2, 23],
      ...bigEndian(isOccupied ? VEHICLE_LEVEL_MM : SKY_LEVEL_MM, 2),
      isOccupied ? 0x10 : 0,
      0,
      ...bigEndian(353, 2),
      ...[0, 0x10, 0xff, 0xf6, 0xff, 0xf0],
      signedByte(temperatureC),
      45,
      ...bigEndian(frameNumber % 0x1_0000, 2),
      ...[0, 0x81],
    ]),
  }),
}

/** Over a bay, looking down, in parking mode; occupancy follows from the distance (LW-208). */
const milesightEm400Mud: BaySensorModel = {
  detectionMs: () => 10 * SECOND_MS,
  heartbeatMs: () => 18 * HOUR_MS,
  encode: ({ isOccupied, temperatureC }) => ({
    fPort: 85,
    bytes: Uint8Array.from([
      ...[0x01, 0x75, 0x5c],
      ...[0x03, 0x67, ...littleEndian((temperatureC * 10 + 0x1_0000) % 0x1_0000, 2)],
      ...[0x04, 0x82, ...littleEndian(isOccupied ? 950 : 2_450, 2)],
      ...[0x05, 0x00, 0x00],
    ]),
  }),
}

export const BAY_SENSOR_MODELS: Readonly<Record<string, BaySensorModel>> = {
  'browan-tbms100': browanTbms100,
  'bosch-tps110': boschTps110,
  'nwave-nps405': nwaveNps405,
  'dingtek-do201': dingtekDo201,
  'milesight-em400-mud': milesightEm400Mud,
}

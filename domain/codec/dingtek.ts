/** Dingtek DO200 and DO201 parking sensors: framed big-endian layouts of exact length. Source: LW-217, Dingtek payload descriptions. */
import { dingtekCommands } from './dingtek-parameters'
import { accept, byPort, reject, viewOf } from './outcome'
import type { CodecValue } from './reading'
import { DAILY, NO_LIGHT } from './traits'
import type { Decoder, ModelEntry } from './types'

const PORT = 3
const START = 0x80
const END = 0x81
const PARAMETERS = 0x03
const KIND_OFFSET = 3
const LENGTH_OFFSET = 4

interface Layout {
  readonly length: number
  readonly read: (view: DataView) => CodecValue
}

/** Lengths are exact; byte 4 repeats them and both ends are marked. */
const framed =
  (telemetry: Layout, parameters: Layout): Decoder =>
  ({ bytes }) => {
    const layout = bytes[KIND_OFFSET] === PARAMETERS ? parameters : telemetry
    if (bytes.length !== layout.length) return reject('bad_length', `${bytes.length} bytes, not ${layout.length}`)
    const isFramed = bytes[0] === START && bytes[LENGTH_OFFSET] === bytes.length && bytes[bytes.length - 1] === END
    return isFramed ? accept(layout.read(viewOf(bytes))) : reject('bad_header', 'start, length byte or end does not fit')
  }

const highNibble = (byte: number): boolean => byte >> 4 !== 0
const lowNibble = (byte: number): boolean => (byte & 0x0f) !== 0

const telemetry = (view: DataView): CodecValue => ({
  kind: 'status',
  levelMm: view.getUint16(5),
  occupied: highNibble(view.getUint8(7)),
  levelAlarm: lowNibble(view.getUint8(7)),
  magAlarm: highNibble(view.getUint8(8)),
  batteryAlarm: lowNibble(view.getUint8(8)),
  batteryV: view.getUint16(9) / 100,
  mag: [view.getInt16(11), view.getInt16(13), view.getInt16(15)],
})

const parameters = (view: DataView): CodecValue => ({
  kind: 'parameters',
  firmware: `${view.getUint8(5)}.${view.getUint8(6)}`,
  uploadIntervalH: view.getUint8(7),
})

const DO201_TELEMETRY: Layout = {
  length: 23,
  read: (view) => ({
    ...telemetry(view),
    temperatureC: view.getInt8(17),
    humidityPct: view.getUint8(18),
    frameCounter: view.getUint16(19),
  }),
}

const DO201_PARAMETERS: Layout = {
  length: 16,
  read: (view) => ({
    ...parameters(view),
    detectIntervalMin: view.getUint8(8),
    levelThresholdCm: view.getUint8(9),
    magThreshold: view.getUint16(10),
    batteryThresholdPct: view.getUint8(12),
  }),
}

const DO200_TELEMETRY: Layout = { length: 21, read: (view) => ({ ...telemetry(view), frameCounter: view.getUint16(17) }) }

const DO200_PARAMETERS: Layout = {
  length: 17,
  read: (view) => ({
    ...parameters(view),
    ultraDetectIntervalMin: view.getUint8(8),
    magDetectIntervalS: view.getUint8(9),
    magThreshold: view.getUint16(12),
  }),
}

const DINGTEK_SENSOR = {
  manufacturer: 'Dingtek',
  role: 'sensor',
  defaultFPort: PORT,
  stateKinds: ['status'],
  ...DAILY,
  capabilities: NO_LIGHT,
} as const

export const dingtekDo200: ModelEntry = {
  ...DINGTEK_SENSOR,
  model: 'dingtek-do200',
  name: 'Parking sensor DO200',
  ...byPort({ [PORT]: framed(DO200_TELEMETRY, DO200_PARAMETERS) }),
  ...dingtekCommands('8888', {
    uploadIntervalH: { key: '01', digits: 2, min: 1, max: 168 },
    magDetectIntervalS: { key: '04', digits: 2, min: 1, max: 255 },
    magThreshold: { key: '02', digits: 2, min: 1, max: 255 },
  }),
}

export const dingtekDo201: ModelEntry = {
  ...DINGTEK_SENSOR,
  model: 'dingtek-do201',
  name: 'Parking sensor DO201',
  ...byPort({ [PORT]: framed(DO201_TELEMETRY, DO201_PARAMETERS) }),
  ...dingtekCommands('9999', {
    uploadIntervalH: { key: '01', digits: 2, min: 1, max: 168 },
    detectIntervalMin: { key: '08', digits: 2, min: 1, max: 60 },
    levelThresholdCm: { key: '02', digits: 2, min: 15, max: 255 },
    magThreshold: { key: '0F', digits: 4, min: 1, max: 65_535 },
    batteryThresholdPct: { key: '05', digits: 2, min: 5, max: 99 },
  }),
}

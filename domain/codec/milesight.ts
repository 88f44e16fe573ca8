/** Milesight EM400-MUD, EM310-UDL and VS34x: little-endian TLV. Source: LW-218, LW-243, Milesight SensorDecoders. */
import { occupancyOfDistance } from './distance'
import { encoded, invalid, unsupported } from './outcome'
import type { Encoder } from './command'
import type { CodecValue } from './reading'
import { tlvDecoder, type ElementLayout } from './tlv'
import { DAILY, NO_LIGHT, everySeconds } from './traits'
import type { Decoder, ModelEntry } from './types'

const PORT = 85

type FieldReader = (view: DataView, offset: number) => Partial<CodecValue>
type Elements = Readonly<Record<string, ElementLayout>>

const measures = (length: number, read: FieldReader): ElementLayout => ({
  length,
  read: (view, offset) => ({ kind: 'status', fields: read(view, offset) }),
})

/** Elements that describe the device; a frame of these only has measured nothing. */
const describes = (length: number, read: FieldReader = () => ({})): ElementLayout => ({
  length,
  read: (view, offset) => ({ kind: 'info', fields: read(view, offset) }),
})

const temperature: FieldReader = (view, offset) => ({ temperatureC: view.getInt16(offset, true) / 10 })
const distance: FieldReader = (view, offset) => ({ distanceMm: view.getUint16(offset, true) })
const isSet = (view: DataView, offset: number): boolean => view.getUint8(offset) === 1
const position = measures(1, (view, offset) => ({ tilt: isSet(view, offset) }))

/** Keys are channel and type in hex. */
const COMMON: Elements = {
  '01 75': measures(1, (view, offset) => ({ batteryPct: view.getUint8(offset) })),
  '03 67': measures(2, temperature),
  'ff 01': describes(1),
  'ff 09': describes(2),
  'ff 0a': describes(2, (view, offset) => ({
    firmware: `${view.getUint8(offset).toString(16)}.${view.getUint8(offset + 1).toString(16)}`,
  })),
  'ff ff': describes(2),
  'ff 16': describes(8),
  'ff 0f': describes(1),
  'ff fe': describes(1),
  'ff 0b': describes(1),
}

const EM400_MUD: Elements = {
  ...COMMON,
  '04 82': measures(2, distance),
  '05 00': position,
  '83 67': measures(3, (view, offset) => ({ ...temperature(view, offset), temperatureAlarm: isSet(view, offset + 2) })),
  '84 82': measures(3, (view, offset) => ({ ...distance(view, offset), distanceAlarm: isSet(view, offset + 2) })),
}

const EM310_UDL: Elements = { ...COMMON, '03 82': measures(2, distance), '04 00': position }

/** Any other value than 0 and 1 is no observation. */
const presence: FieldReader = (view, offset) => (view.getUint8(offset) > 1 ? {} : { occupied: isSet(view, offset) })

const VS34X: Elements = { ...COMMON, '03 00': measures(1, presence) }

const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0')

const milesightDecoder = (elements: Elements): Decoder =>
  tlvDecoder({
    layoutOf: (channel, type) => elements[`${hexByte(channel)} ${hexByte(type)}`],
    kindOf: (kinds) => (kinds.has('status') ? 'status' : 'info'),
    conclude: ({ distanceMm }, options) => occupancyOfDistance(distanceMm, options),
  })

const PARKING_MODE = [0xff, 0x71, 0x02]

const encodeWorkingMode: Encoder = (command) => {
  if (command.type !== 'working_mode') return unsupported(`an EM400-MUD has no command ${command.type}`)
  if (command.mode !== 'parking') return invalid('/mode', 'must be parking')
  return encoded({ fPort: PORT, bytes: Uint8Array.from(PARKING_MODE) })
}

const MILESIGHT_SENSOR = {
  manufacturer: 'Milesight',
  role: 'sensor',
  fPorts: 'any',
  defaultFPort: PORT,
  stateKinds: ['status'],
  capabilities: NO_LIGHT,
} as const

export const milesightEm400Mud: ModelEntry = {
  ...MILESIGHT_SENSOR,
  model: 'milesight-em400-mud',
  name: 'Ultrasonic distance sensor EM400-MUD',
  ...everySeconds(64_800, DAILY.windowSeconds.free),
  decode: milesightDecoder(EM400_MUD),
  encode: encodeWorkingMode,
  decodeDownlink: ({ fPort, bytes }) =>
    fPort === PORT && bytes.length === PARKING_MODE.length && PARKING_MODE.every((byte, index) => bytes[index] === byte)
      ? { type: 'working_mode', mode: 'parking' }
      : null,
}

export const milesightEm310Udl: ModelEntry = {
  ...MILESIGHT_SENSOR,
  model: 'milesight-em310-udl',
  name: 'Ultrasonic distance sensor EM310-UDL',
  ...everySeconds(null, DAILY.windowSeconds.free),
  decode: milesightDecoder(EM310_UDL),
}

export const milesightVs34x: ModelEntry = {
  ...MILESIGHT_SENSOR,
  model: 'milesight-vs34x',
  name: 'Desk and seat occupancy sensor VS340, VS341',
  ...everySeconds(null, DAILY.windowSeconds.free),
  decode: milesightDecoder(VS34X),
}

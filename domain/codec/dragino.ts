/** Dragino LDDS75 (distance) and LDS02 (door). Source: LW-219, Dragino user manuals. */
import { occupancyOfDistance } from './distance'
import { accept, byPort, fixedLayout, hasBit, occupancyOfContact, reject, uint24BigEndian } from './outcome'
import { DAILY, NO_LIGHT, everySeconds } from './traits'
import type { CodecValue } from './reading'
import type { CodecOptions, Decoder, ModelEntry } from './types'

const NO_SENSOR = 0
const INVALID = 20
const DOOR_MODE = 1

/** Volts of the low 14 bits in mV. */
const batteryVolts = (view: DataView): number => (view.getUint16(0) & 0x3fff) / 1000

function distanceFields(rawMm: number, options: CodecOptions): Partial<CodecValue> {
  if (rawMm === NO_SENSOR) return { distanceError: 'no_sensor' }
  if (rawMm === INVALID) return { distanceError: 'invalid' }
  return { distanceMm: rawMm, ...occupancyOfDistance(rawMm, options) }
}

const readStart = (view: DataView, options: CodecOptions): CodecValue => ({
  kind: 'status',
  batteryV: batteryVolts(view),
  ...distanceFields(view.getUint16(2), options),
  interrupt: view.getUint8(4) !== 0,
})

/** Old firmware ends after the interrupt byte. */
const oldDistance: Decoder = fixedLayout(5, (view, { options }) => accept(readStart(view, options)))

const newDistance: Decoder = fixedLayout(8, (view, { options }) =>
  accept({ ...readStart(view, options), temperatureC: view.getInt16(5) / 10, sensorPresent: view.getUint8(7) !== 0 }),
)

const distance: Decoder = (frame) => (frame.bytes.length < 8 ? oldDistance(frame) : newDistance(frame))

const door: Decoder = fixedLayout(10, (view, { options }) => {
  const mod = view.getUint8(2)
  if (mod !== DOOR_MODE) return reject('unknown_type', `mode ${mod} is not a door`)
  const contactOpen = hasBit(view.getUint8(0), 7)
  return accept({
    kind: 'status',
    contactOpen,
    ...occupancyOfContact(contactOpen, options),
    batteryV: batteryVolts(view),
    mod,
    openCount: uint24BigEndian(view, 3),
    lastOpenMin: uint24BigEndian(view, 6),
    alarm: hasBit(view.getUint8(9), 0),
  })
})

export const draginoLdds75: ModelEntry = {
  model: 'dragino-ldds75',
  manufacturer: 'Dragino',
  name: 'Distance detection sensor LDDS75',
  role: 'sensor',
  ...byPort({ 2: distance }),
  defaultFPort: 2,
  stateKinds: ['status'],
  ...everySeconds(1_200, 3_000),
  capabilities: NO_LIGHT,
}

export const draginoLds02: ModelEntry = {
  model: 'dragino-lds02',
  manufacturer: 'Dragino',
  name: 'Door sensor LDS02',
  role: 'sensor',
  ...byPort({ 10: door }),
  defaultFPort: 10,
  stateKinds: ['status'],
  ...DAILY,
  capabilities: NO_LIGHT,
}

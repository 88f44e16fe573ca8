/** Browan TABS family: motion (TBMS100), door and window (TBDW100), healthy home (TBHV110). Source: LW-210, Browan TABS reference. */
import { accept, byPort, fixedLayout, hasBit, occupancyOfContact, reject, uint24LittleEndian, type LayoutReader } from './outcome'
import { NO_LIGHT, everySeconds } from './traits'
import type { Decoder, ModelEntry } from './types'

const VOLTS_AT_ZERO = 25

/** Volts = (25 + low nibble) / 10, percent = high nibble of 15. */
const battery = (byte: number) => ({ batteryV: (VOLTS_AT_ZERO + (byte & 0x0f)) / 10, batteryPct: Math.round((100 * (byte >> 4)) / 15) })

/** Degrees Celsius = (bits 6..0) − 32. */
const temperature = (byte: number): number => (byte & 0x7f) - 32

const common = (view: DataView) => ({
  ...battery(view.getUint8(1)),
  temperatureC: temperature(view.getUint8(2)),
  minutesSinceEvent: view.getUint16(3, true),
  count: uint24LittleEndian(view, 5),
})

/** A frame of zeros is a device that has not measured, never a free bay. */
const unlessAllZero =
  (read: LayoutReader): LayoutReader =>
  (view, frame) =>
    frame.bytes.every((byte) => byte === 0) ? reject('all_zero', 'every byte is zero') : read(view, frame)

const motion: Decoder = fixedLayout(
  8,
  unlessAllZero((view) => accept({ kind: 'status', occupied: hasBit(view.getUint8(0), 0), ...common(view) })),
)

const contact: Decoder = fixedLayout(
  8,
  unlessAllZero((view, { options }) => {
    const contactOpen = hasBit(view.getUint8(0), 0)
    return accept({ kind: 'status', contactOpen, ...occupancyOfContact(contactOpen, options), ...common(view) })
  }),
)

const air: Decoder = fixedLayout(
  11,
  unlessAllZero((view) => {
    const flags = view.getUint8(0)
    return accept({
      kind: 'environment',
      status: flags & 1,
      tempHumidityChanged: hasBit(flags, 4),
      iaqChanged: hasBit(flags, 5),
      ...battery(view.getUint8(1)),
      boardTemperatureC: temperature(view.getUint8(2)),
      humidityPct: view.getUint8(3) & 0x7f,
      eco2Ppm: view.getUint16(4, true),
      voc: view.getUint16(6, true),
      iaq: view.getUint16(8, true),
      temperatureC: temperature(view.getUint8(10)),
    })
  }),
)

export const browanTbms100: ModelEntry = {
  model: 'browan-tbms100',
  manufacturer: 'Browan',
  name: 'TABS motion sensor TBMS100',
  role: 'sensor',
  ...byPort({ 102: motion }),
  defaultFPort: 102,
  stateKinds: ['status'],
  heartbeatSeconds: { free: 3_600, occupied: 600 },
  windowSeconds: { free: 9_000, occupied: 1_500 },
  capabilities: NO_LIGHT,
}

export const browanTbdw100: ModelEntry = {
  model: 'browan-tbdw100',
  manufacturer: 'Browan',
  name: 'TABS door and window sensor TBDW100',
  role: 'sensor',
  ...byPort({ 100: contact }),
  defaultFPort: 100,
  stateKinds: ['status'],
  ...everySeconds(3_600, 9_000),
  capabilities: NO_LIGHT,
}

export const browanTbhv110: ModelEntry = {
  model: 'browan-tbhv110',
  manufacturer: 'Browan',
  name: 'TABS healthy home sensor TBHV110',
  role: 'environment',
  ...byPort({ 103: air }),
  defaultFPort: 103,
  stateKinds: [],
  ...everySeconds(null, 90_000),
  capabilities: NO_LIGHT,
}

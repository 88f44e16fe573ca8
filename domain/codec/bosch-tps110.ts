/** Bosch Parking Lot Sensor TPS110. Source: LW-211, Bosch TPS110 communication interface. */
import { accept, byPort, fixedLayout, hasBit, rawOnly } from './outcome'
import { DAILY, NO_LIGHT } from './traits'
import type { Decoder, ModelEntry } from './types'

const RESET_CAUSES: Readonly<Record<number, string>> = { 1: 'watchdog', 2: 'power_on', 3: 'system_request', 4: 'other' }
const DEBUG_CODE_OFFSETS = [0, 4, 8]

/** Twelve bits: the byte, and the low nibble of the next as its high part; zero = none. */
const debugCode = (view: DataView, offset: number): number => view.getUint8(offset) + (view.getUint8(offset + 1) & 0x0f) * 256

const status: Decoder = fixedLayout(1, (view) => accept({ kind: 'status', occupied: hasBit(view.getUint8(0), 0) }))

/** Old firmware sends the state without a temperature. */
const heartbeatWithoutTemperature: Decoder = fixedLayout(1, (view) => accept({ kind: 'heartbeat', occupied: hasBit(view.getUint8(0), 0) }))

const heartbeatWithTemperature: Decoder = fixedLayout(2, (view) =>
  accept({ kind: 'heartbeat', occupied: hasBit(view.getUint8(0), 0), temperatureC: view.getInt8(1) }),
)

const heartbeat: Decoder = (frame) => (frame.bytes.length < 2 ? heartbeatWithoutTemperature(frame) : heartbeatWithTemperature(frame))

const startup: Decoder = fixedLayout(17, (view) => {
  const resetCause = RESET_CAUSES[view.getUint8(15)]
  return accept({
    kind: 'startup',
    debugCodes: DEBUG_CODE_OFFSETS.map((offset) => debugCode(view, offset)).filter((code) => code !== 0),
    firmware: `${view.getUint8(12)}.${view.getUint8(13)}.${view.getUint8(14)}`,
    ...(resetCause === undefined ? {} : { resetCause }),
    occupied: hasBit(view.getUint8(16), 0),
  })
})

const debug: Decoder = fixedLayout(10, (view) => {
  const code = debugCode(view, 4)
  return accept({
    kind: 'debug',
    deviceTimeSeconds: view.getUint32(0, true),
    debugCodes: code === 0 ? [] : [code],
    sequence: view.getUint16(8, true),
  })
})

export const boschTps110: ModelEntry = {
  model: 'bosch-tps110',
  manufacturer: 'Bosch',
  name: 'Parking Lot Sensor TPS110',
  role: 'sensor',
  ...byPort({ 1: status, 2: heartbeat, 3: startup, 4: rawOnly('device_info'), 5: rawOnly('usage'), 6: debug }),
  defaultFPort: 1,
  stateKinds: ['status', 'heartbeat'],
  ...DAILY,
  capabilities: NO_LIGHT,
}

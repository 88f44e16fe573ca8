/** Nwave parking sensors NPS310 and NPS405 and car counter NCC405. Source: LW-212 to LW-214, Nwave payload descriptions. */
import { toHex } from './hex'
import { accept, byPort, fixedLayout, hasBit, rawOnly } from './outcome'
import type { CodecValue } from './reading'
import { DAILY, NO_LIGHT } from './traits'
import type { Decoder, ModelEntry } from './types'

type ResetCauses = Readonly<Record<number, string>>

const NPS310_RESET_CAUSES: ResetCauses = { 1: 'watchdog', 2: 'power_on', 3: 'user_request', 4: 'brownout', 5: 'other' }
const X405_RESET_CAUSES: ResetCauses = { 0: 'rejoin', 1: 'watchdog', 2: 'power_on', 3: 'user_request', 6: 'brownout', 7: 'other' }

/** Below this the cell's voltage sags, so the limits are lower. */
const COLD_BELOW_C = -5
const WARM_LIMITS = { normal: 3.0, low: 2.9 }
const COLD_LIMITS = { normal: 2.9, low: 2.8 }

/** Volts = (2500 + 4n) / 1000. */
const volts = (byte: number): number => (2500 + 4 * byte) / 1000

function batteryHealth(batteryV: number, temperatureC: number): 'normal' | 'low' | 'critical' {
  const limits = temperatureC < COLD_BELOW_C ? COLD_LIMITS : WARM_LIMITS
  if (batteryV >= limits.normal) return 'normal'
  return batteryV >= limits.low ? 'low' : 'critical'
}

/** Length of the previous state in ever coarser steps; `prevStateErr` is how many minutes more it may have been. */
function previousState(code: number): Partial<CodecValue> {
  if (code < 90) return { prevStateMin: code, prevStateErr: 0, prevStateOverflow: false }
  if (code < 120) return { prevStateMin: 90 + 5 * (code - 90), prevStateErr: 4, prevStateOverflow: false }
  if (code < 127) return { prevStateMin: 240 + 60 * (code - 120), prevStateErr: 59, prevStateOverflow: false }
  return { prevStateMin: 660, prevStateOverflow: true }
}

const occupancyOnly = (kind: 'status' | 'heartbeat'): Decoder =>
  fixedLayout(1, (view) => accept({ kind, occupied: hasBit(view.getUint8(0), 0) }))

const versionAndCause = (view: DataView, causes: ResetCauses): Partial<CodecValue> => {
  const resetCause = causes[view.getUint8(3)]
  return {
    firmware: `${view.getUint8(0)}.${view.getUint8(1)}.${view.getUint8(2)}`,
    ...(resetCause === undefined ? {} : { resetCause }),
  }
}

const startup = (causes: ResetCauses): Decoder =>
  fixedLayout(5, (view) => accept({ kind: 'startup', ...versionAndCause(view, causes), occupied: hasBit(view.getUint8(4), 0) }))

const statusWithHistory: Decoder = fixedLayout(1, (view) => {
  const first = view.getUint8(0)
  return accept({ kind: 'status', occupied: hasBit(first, 0), ...previousState(first >> 1) })
})

const heartbeatWithHealth: Decoder = fixedLayout(3, (view) => {
  const batteryV = volts(view.getUint8(1))
  const temperatureC = view.getInt8(2) / 2 + 10
  return accept({
    kind: 'heartbeat',
    occupied: hasBit(view.getUint8(0), 0),
    hwStatus: view.getUint8(0) >> 1,
    batteryV,
    temperatureC,
    batteryHealth: batteryHealth(batteryV, temperatureC),
  })
})

/** A tag seen beside the bay says nothing about the bay unless bit 0 is set (LW-213). */
const tagState = (first: number): Partial<CodecValue> => (hasBit(first, 0) ? { occupied: true, ...previousState(first >> 1) } : {})

const shortTag: Decoder = fixedLayout(5, (view, { bytes }) =>
  accept({ kind: 'tag', ...tagState(view.getUint8(0)), tag: toHex(bytes.slice(1, 5)) }),
)

const tagWithBattery: Decoder = fixedLayout(6, (view, { bytes }) =>
  accept({ kind: 'tag', ...tagState(view.getUint8(0)), tagBatteryV: view.getUint8(1) / 10, tag: toHex(bytes.slice(2, 6)) }),
)

const tag: Decoder = (frame) => (frame.bytes.length < 6 ? shortTag(frame) : tagWithBattery(frame))

const count: Decoder = fixedLayout(2, (view) => accept({ kind: 'counter', counter: view.getUint16(0) }))

const counterHeartbeat: Decoder = fixedLayout(3, (view) =>
  accept({
    kind: 'heartbeat',
    hwStatus: view.getUint8(0) & 0x7f,
    batteryV: volts(view.getUint8(1)),
    batteryMeanV: volts(view.getUint8(2)),
  }),
)

const counterStartup: Decoder = fixedLayout(4, (view) => accept({ kind: 'startup', ...versionAndCause(view, X405_RESET_CAUSES) }))

const PARKING_SENSOR = { manufacturer: 'Nwave', role: 'sensor', defaultFPort: 1, ...DAILY, capabilities: NO_LIGHT } as const

export const nwaveNps310: ModelEntry = {
  ...PARKING_SENSOR,
  model: 'nwave-nps310',
  name: 'Parking sensor NPS310',
  ...byPort({ 1: occupancyOnly('status'), 2: occupancyOnly('heartbeat'), 3: startup(NPS310_RESET_CAUSES), 6: rawOnly('debug') }),
  stateKinds: ['status', 'heartbeat', 'tag'],
}

export const nwaveNps405: ModelEntry = {
  ...PARKING_SENSOR,
  model: 'nwave-nps405',
  name: 'Parking sensor NPS405',
  ...byPort({ 1: statusWithHistory, 2: heartbeatWithHealth, 3: startup(X405_RESET_CAUSES), 6: rawOnly('debug'), 10: tag }),
  stateKinds: ['status', 'heartbeat', 'tag'],
}

export const nwaveNcc405: ModelEntry = {
  ...PARKING_SENSOR,
  model: 'nwave-ncc405',
  name: 'Car counter NCC405',
  role: 'counter',
  ...byPort({ 1: count, 2: counterHeartbeat, 3: counterStartup, 6: rawOnly('debug') }),
  stateKinds: [],
}

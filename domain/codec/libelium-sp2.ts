/** Libelium Smart Parking v2 and v3; v1 sends 12 bytes and is another layout. Source: LW-216, Libelium Smart Parking guide. */
import { accept, hasBit, reject, viewOf } from './outcome'
import type { CodecValue, ReadingKind } from './reading'
import { NO_LIGHT, everySeconds } from './traits'
import type { ModelEntry, UplinkFrame } from './types'

const FRAME_BYTES = 11

const KINDS: readonly ReadingKind[] = ['info', 'keep_alive', 'daily_update', 'error', 'start1', 'start2', 'service', 'downlink', 'rssi']

/** What byte 2 and 3 mean in the kinds that use them. */
const details: Partial<Record<ReadingKind, (view: DataView) => Partial<CodecValue>>> = {
  info: (view) => measured(view),
  keep_alive: (view) => measured(view),
  start1: (view) => ({ firmware: String(view.getUint8(2)) }),
}

const measured = (view: DataView): Partial<CodecValue> => ({ sensorError: view.getUint8(2), temperatureC: view.getInt8(3) })

function decodeFrame({ bytes }: UplinkFrame) {
  if (bytes.length !== FRAME_BYTES) return reject('bad_length', `${bytes.length} bytes, not ${FRAME_BYTES}`)
  const view = viewOf(bytes)
  const flags = view.getUint8(0)
  const kind = KINDS[flags & 0x0f] ?? 'unknown'
  return accept({
    kind,
    occupied: hasBit(flags, 7),
    lowBattery: hasBit(flags, 6),
    configNack: hasBit(flags, 5),
    recalibrated: hasBit(flags, 4),
    frameCounter: view.getUint8(1),
    ...details[kind]?.(view),
  })
}

export const libeliumSp2: ModelEntry = {
  model: 'libelium-sp2',
  manufacturer: 'Libelium',
  name: 'Smart Parking v2 and v3',
  role: 'sensor',
  fPorts: 'any',
  defaultFPort: 1,
  stateKinds: ['info', 'keep_alive', 'daily_update'],
  ...everySeconds(10_800, 27_000),
  capabilities: NO_LIGHT,
  decode: decodeFrame,
}

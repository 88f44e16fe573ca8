/** Plenom Kuando Busylight IoT Omega: a class-C lamp that reports what it shows. Source: LW-220, LW-240 to LW-244, vendor paper v4.2.2. */
import { COLOR_NAMES, isDark } from './color'
import { isByte, resolveLook } from './look'
import { accept, byPort, encoded, fixedLayout, invalid, unsupported } from './outcome'
import { everySeconds } from './traits'
import type { ColorCommand, DeviceCommand, DownlinkDecoder, Encoder, EncodeResult, Pattern, StateCommand } from './command'
import type { Decoder, ModelEntry } from './types'

const PORT = 15
const STEADY_ON = 255
const ANSWER = 1
const DEFAULT_BLINK_MS = 500
const LONGEST_PHASE_MS = 2_550
const HIGH_BRIGHTNESS_OFFSET = 24

const HEADER = {
  adrOn: 0x01,
  adrOff: 0x02,
  restartAfterMissed: 0x03,
  statusInterval: 0x04,
  requestStatus: 0x05,
  answerEvery: 0x06,
  highBrightness: 0x07,
}

const readStatus: Decoder = fixedLayout(24, (view, { bytes }) => {
  const software = view.getUint8(21)
  return accept({
    kind: 'light_status',
    rssi: view.getInt32(0, true),
    snr: view.getInt32(4, true),
    received: view.getUint32(8, true),
    sent: view.getUint32(12, true),
    color: { r: view.getUint8(16), b: view.getUint8(17), g: view.getUint8(18) },
    on: view.getUint8(19),
    off: view.getUint8(20),
    firmware: `${Math.floor(software / 10)}.${software % 10}`,
    hw: view.getUint8(22),
    adr: view.getUint8(23),
    ...(bytes.length > HIGH_BRIGHTNESS_OFFSET ? { highBrightness: view.getUint8(HIGH_BRIGHTNESS_OFFSET) } : {}),
  })
})

/** 24 B, or 25 B in newer firmware; only what is beyond that is trailing. */
const decodeUplink: Decoder = (frame) => {
  const result = readStatus(frame)
  if (!result.ok || frame.bytes.length !== HIGH_BRIGHTNESS_OFFSET + 1) return result
  return accept(result.value)
}

const send = (...bytes: number[]): EncodeResult => encoded({ fPort: PORT, bytes: Uint8Array.from(bytes) })

function encodeColor({ color, on = STEADY_ON, off = 0, answer = false }: ColorCommand): EncodeResult {
  const members: readonly (readonly [string, number])[] = [
    ['/color/r', color.r],
    ['/color/b', color.b],
    ['/color/g', color.g],
    ['/on', on],
    ['/off', off],
  ]
  const wrong = members.find(([, value]) => !isByte(value))
  if (wrong) return invalid(wrong[0], 'must be a whole number from 0 to 255')
  return send(...members.map(([, value]) => value), ...(answer ? [ANSWER] : []))
}

/** Both phases in 1/100 s; steady is ON 255, OFF 0 (LW-241). */
function phases(pattern: Pattern, blinkPeriodMs: number): readonly [number, number] {
  const both = { solid: 0, off: 0, blink: Math.round(blinkPeriodMs / 10), slow_blink: 100, fast_blink: 20 }[pattern]
  return both === 0 ? [STEADY_ON, 0] : [both, both]
}

function encodeState(command: StateCommand): EncodeResult {
  const { pattern, blink_period_ms: period = DEFAULT_BLINK_MS, answer = false } = command
  const look = resolveLook(command)
  if (!look.ok) return look
  if (!(period >= 10 && period <= LONGEST_PHASE_MS)) return invalid('/blink_period_ms', 'must be from 10 to 2550')
  const [on, off] = phases(isDark(look.color) ? 'off' : pattern, period)
  return encodeColor({ type: 'color', color: look.color, on, off, answer })
}

function encodeCounted(header: number, pointer: string, value: number): EncodeResult {
  if (!isByte(value) || value === 0) return invalid(pointer, 'must be a whole number from 1 to 255')
  return send(header, value)
}

const encodeCommand: Encoder = (command) => {
  switch (command.type) {
    case 'color':
      return encodeColor(command)
    case 'state':
      return encodeState(command)
    case 'adr':
      return send(command.on ? HEADER.adrOn : HEADER.adrOff, 0)
    case 'answer_every_downlink':
      return send(HEADER.answerEvery, Number(command.on))
    case 'high_brightness':
      return send(HEADER.highBrightness, Number(command.on))
    case 'request_status':
      return send(HEADER.requestStatus, 1)
    case 'status_interval':
      return encodeCounted(HEADER.statusInterval, '/minutes', command.minutes)
    case 'restart_after_missed':
      return encodeCounted(HEADER.restartAfterMissed, '/count', command.count)
    default:
      return unsupported(`a Busylight has no command ${command.type}`)
  }
}

/** The two-byte commands by their first byte; null = this second byte is none of ours. */
const SHORT_COMMANDS: Readonly<Record<number, (value: number) => DeviceCommand | null>> = {
  [HEADER.adrOn]: (value) => (value === 0 ? { type: 'adr', on: true } : null),
  [HEADER.adrOff]: (value) => (value === 0 ? { type: 'adr', on: false } : null),
  [HEADER.restartAfterMissed]: (count) => (count > 0 ? { type: 'restart_after_missed', count } : null),
  [HEADER.statusInterval]: (minutes) => (minutes > 0 ? { type: 'status_interval', minutes } : null),
  [HEADER.requestStatus]: (value) => (value === 1 ? { type: 'request_status' } : null),
  [HEADER.answerEvery]: (value) => (value < 2 ? { type: 'answer_every_downlink', on: value === 1 } : null),
  [HEADER.highBrightness]: (value) => (value < 2 ? { type: 'high_brightness', on: value === 1 } : null),
}

/** A sixth byte other than 01 asks for nothing; the frame is a colour all the same. */
function decodeColor([r = 0, b = 0, g = 0, on = 0, off = 0, answer = 0]: Uint8Array): DeviceCommand {
  return { type: 'color', color: { r, g, b }, on, off, answer: answer === ANSWER }
}

const decodeShort = ([header = 0, value = 0]: Uint8Array): DeviceCommand | null => SHORT_COMMANDS[header]?.(value) ?? null

const decodeDownlink: DownlinkDecoder = ({ fPort, bytes }) => {
  if (fPort !== PORT) return null
  if (isColorFrame(bytes)) return decodeColor(bytes)
  return bytes.length === 2 ? decodeShort(bytes) : null
}

/** Five and six bytes are always colours, whatever they begin with (LW-244). */
const isColorFrame = (bytes: Uint8Array): boolean => bytes.length === 5 || bytes.length === 6

const RECONFIGURES = new Set([0x10, 0x11])
const RESETS = new Set([0xaa, 0xbb])

/** Factory reset, firmware mode, JoinEUI or AppKey change (LW-244). */
function isDangerous(bytes: Uint8Array): boolean {
  if (isColorFrame(bytes)) return false
  const [first = 0, second] = bytes
  return RECONFIGURES.has(first) || (bytes.length === 2 && RESETS.has(first) && second === 0)
}

export const plenomBusylight: ModelEntry = {
  model: 'plenom-busylight',
  manufacturer: 'Plenom',
  name: 'Kuando Busylight IoT Omega',
  role: 'display',
  ...byPort({ [PORT]: decodeUplink }),
  defaultFPort: PORT,
  stateKinds: [],
  ...everySeconds(1_800, 4_500),
  capabilities: { colors: COLOR_NAMES, patterns: ['solid', 'blink', 'slow_blink', 'fast_blink'], reportsState: true },
  encode: encodeCommand,
  decodeDownlink,
  isDangerous,
}

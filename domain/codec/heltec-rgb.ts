/** Heltec board driving an RGB light: takes three bytes, reports nothing. Source: LW-221, LW-248. */
import { COLOR_NAMES } from './color'
import type { DownlinkDecoder, EncodeResult, Encoder, Rgb, StateCommand } from './command'
import { isByte, resolveLook } from './look'
import { accept, encoded, invalid, unsupported } from './outcome'
import { NO_LIGHT, everySeconds } from './traits'
import type { ModelEntry } from './types'

const DEFAULT_PORT = 1

function encodeColor({ r, g, b }: Rgb, fPort: number): EncodeResult {
  if (![r, g, b].every(isByte)) return invalid('/color', 'channels must be whole numbers from 0 to 255')
  return encoded({ fPort, bytes: Uint8Array.of(r, g, b) })
}

function encodeState(command: StateCommand, fPort: number): EncodeResult {
  const look = resolveLook(command)
  if (!look.ok) return look
  const { r, g, b } = look.color
  const isSteady = command.pattern === 'solid' || command.pattern === 'off'
  return encoded({ fPort, bytes: Uint8Array.of(r, g, b) }, isSteady ? [] : ['pattern_unsupported'])
}

const encodeLook: Encoder = (command, { fPort = DEFAULT_PORT }) => {
  if (command.type === 'color') return encodeColor(command.color, fPort)
  if (command.type === 'state') return encodeState(command, fPort)
  return unsupported(`this light has no command ${command.type}`)
}

/** Any port: the light takes its colours on the one that it was configured with. */
const decodeLook: DownlinkDecoder = ({ bytes }) => {
  const [r = 0, g = 0, b = 0] = bytes
  return bytes.length === 3 ? { type: 'color', color: { r, g, b } } : null
}

export const heltecRgb: ModelEntry = {
  model: 'heltec-rgb',
  manufacturer: 'Heltec',
  name: 'RGB light',
  role: 'display',
  fPorts: 'any',
  defaultFPort: DEFAULT_PORT,
  stateKinds: [],
  ...everySeconds(null, 90_000),
  capabilities: { ...NO_LIGHT, colors: COLOR_NAMES, patterns: ['solid'] },
  readsWithoutBytes: true,
  decode: () => accept({ kind: 'opaque' }),
  encode: encodeLook,
  decodeDownlink: decodeLook,
}

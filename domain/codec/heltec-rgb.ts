/** Heltec board driving an RGB light: takes three bytes, reports nothing. Source: LW-221, LW-248. */
import type { DownlinkDecoder, Encoder } from './command'
import { COLOR_NAMES, rgbOf, scaleRgb } from './color'
import { accept, encoded, invalid, unsupported } from './outcome'
import { NO_LIGHT, everySeconds } from './traits'
import type { ModelEntry } from './types'

const DEFAULT_PORT = 1

const isByte = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 255

const encodeLook: Encoder = (command, { fPort = DEFAULT_PORT }) => {
  if (command.type === 'color') {
    const { r, g, b } = command.color
    if (![r, g, b].every(isByte)) return invalid('/color', 'channels must be whole numbers from 0 to 255')
    return encoded({ fPort, bytes: Uint8Array.of(r, g, b) })
  }
  if (command.type !== 'state') return unsupported(`this light has no command ${command.type}`)
  const { color, pattern, brightness_percent: brightness = 100 } = command
  const named = rgbOf(pattern === 'off' ? 'off' : color)
  if (!named) return invalid('/color', 'must be a colour name or #RRGGBB')
  if (!(brightness >= 1 && brightness <= 100)) return invalid('/brightness_percent', 'must be from 1 to 100')
  const { r, g, b } = scaleRgb(named, brightness)
  return encoded({ fPort, bytes: Uint8Array.of(r, g, b) }, pattern === 'solid' || pattern === 'off' ? [] : ['pattern_unsupported'])
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

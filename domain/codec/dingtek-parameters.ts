/** Sets one parameter of a Dingtek sensor: a line of ASCII hex digits. Source: LW-249, Dingtek downlink descriptions. */
import type { DeviceCommand, DingtekParameters, DownlinkDecoder, Encoder } from './command'
import { encoded, invalid, unsupported } from './outcome'

const PORT = 3
const PREFIX = '8002'
const SUFFIX = '81'

interface Parameter {
  /** Two hex digits that name it on the wire. */
  readonly key: string
  readonly digits: number
  readonly min: number
  readonly max: number
}

type Name = keyof DingtekParameters
type Parameters = Readonly<Partial<Record<Name, Parameter>>>

const toAscii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const fromAscii = (bytes: Uint8Array): string => String.fromCharCode(...bytes)
const upperHex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0')

/** `group` is the four digits of the model; each parameter has its own key, width and limits. */
export function dingtekCommands(
  group: string,
  parameters: Parameters,
): { readonly encode: Encoder; readonly decodeDownlink: DownlinkDecoder } {
  return { encode: encodeParameter(group, parameters), decodeDownlink: decodeParameter(group, parameters) }
}

const encodeParameter =
  (group: string, parameters: Parameters): Encoder =>
  (command) => {
    if (command.type !== 'parameter') return unsupported(`a Dingtek sensor has no command ${command.type}`)
    const { type: _type, ...given } = command
    const [member, ...others] = Object.entries(given)
    if (!member || others.length > 0) return invalid('', 'exactly one parameter per frame')
    const [name, value] = member
    const parameter = parameters[name as Name] // an unknown name finds nothing
    if (!parameter) return invalid(`/${name}`, 'this model has no such parameter')
    const { key, digits, min, max } = parameter
    if (!Number.isInteger(value) || value < min || value > max) return invalid(`/${name}`, `must be a whole number from ${min} to ${max}`)
    return encoded({ fPort: PORT, bytes: toAscii(PREFIX + group + key + upperHex(value, digits) + SUFFIX) })
  }

const decodeParameter =
  (group: string, parameters: Parameters): DownlinkDecoder =>
  ({ fPort, bytes }) => {
    const text = fromAscii(bytes)
    const start = PREFIX + group
    if (fPort !== PORT || !/^[0-9A-F]+$/.test(text) || !text.startsWith(start) || !text.endsWith(SUFFIX)) return null
    const body = text.slice(start.length, -SUFFIX.length)
    const found = Object.entries(parameters).find(([, { key, digits }]) => body.startsWith(key) && body.length === key.length + digits)
    if (!found) return null
    const [name, { key }] = found
    const command = { type: 'parameter', [name]: Number.parseInt(body.slice(key.length), 16) }
    return command as DeviceCommand // `name` is a key of DingtekParameters
  }

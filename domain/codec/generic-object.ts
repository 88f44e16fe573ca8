/** Any sensor whose network server or relay already decodes: reads members of the event's object by JSON pointer. Source: LW-222. */
import { accept, reject } from './outcome'
import { NO_LIGHT, everySeconds } from './traits'
import type { CodecOptions, Decoder, ModelEntry } from './types'

const OCCUPIED_POINTERS = ['/occupied', '/occupancy']
const BATTERY_POINTER = '/battery'

const OCCUPIED_WORDS = new Set(['1', 'true', 'occupied'])
const FREE_WORDS = new Set(['0', 'false', 'free', 'vacant', 'empty'])

/** Values up to this are volts, above it percent. */
const MAX_VOLTS = 5
const MAX_PERCENT = 100

const unescape = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~')

/** The member that a JSON pointer (RFC 6901) names; undefined when there is none. Own members only. */
function memberAt(root: unknown, pointer: string): unknown {
  if (pointer !== '' && !pointer.startsWith('/')) return undefined
  let current = root
  for (const token of pointer.split('/').slice(1).map(unescape)) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, token)) return undefined
    current = (current as Record<string, unknown>)[token] // hasOwn has just found it
  }
  return current
}

function toOccupied(member: unknown): boolean | null {
  if (typeof member !== 'boolean' && typeof member !== 'number' && typeof member !== 'string') return null
  const word = String(member).toLowerCase()
  if (OCCUPIED_WORDS.has(word)) return true
  return FREE_WORDS.has(word) ? false : null
}

function batteryFields(member: unknown): { batteryV?: number; batteryPct?: number } {
  if (typeof member !== 'number' || !(member >= 0 && member <= MAX_PERCENT)) return {}
  return member <= MAX_VOLTS ? { batteryV: member } : { batteryPct: member }
}

function occupiedMember(object: object, options: CodecOptions): unknown {
  const pointers = options.occupied_pointer === undefined ? OCCUPIED_POINTERS : [options.occupied_pointer]
  return pointers.map((pointer) => memberAt(object, pointer)).find((member) => member !== undefined)
}

const decodeObject: Decoder = ({ object, options }) => {
  if (typeof object !== 'object' || object === null) return reject('empty', 'the event has no decoded object')
  const occupied = toOccupied(occupiedMember(object, options))
  if (occupied === null) return reject('bad_value', 'no member that says occupied or free')
  return accept({ kind: 'status', occupied, ...batteryFields(memberAt(object, options.battery_pointer ?? BATTERY_POINTER)) })
}

export const genericObject: ModelEntry = {
  model: 'generic-object',
  manufacturer: 'Any',
  name: 'Sensor decoded by its network server',
  role: 'sensor',
  fPorts: 'any',
  defaultFPort: 1,
  stateKinds: ['status'],
  ...everySeconds(null, 90_000),
  capabilities: NO_LIGHT,
  readsWithoutBytes: true,
  decode: decodeObject,
}

/** PNI PlacePod in-ground and surface sensor: big-endian TLV. Source: LW-215, PlacePod communications protocol. */
import type { CodecValue, ReadingKind } from './reading'
import { tlvDecoder, type ElementLayout } from './tlv'
import { DAILY, NO_LIGHT } from './traits'
import type { ModelEntry } from './types'

const TYPE = { digitalIn: 0x00, digitalOut: 0x01, analogueIn: 0x02, analogueOut: 0x03, presence: 0x66, temperature: 0x67 }

const LENGTHS: Readonly<Record<number, number>> = {
  [TYPE.digitalIn]: 1,
  [TYPE.digitalOut]: 1,
  [TYPE.analogueIn]: 2,
  [TYPE.analogueOut]: 2,
  [TYPE.presence]: 1,
  [TYPE.temperature]: 2,
}

const ANALOGUE = [TYPE.analogueIn, TYPE.analogueOut]
const ANY = Object.keys(LENGTHS).map(Number)
/** The counter says this after a restart instead of a count. */
const RESTARTED = 128

interface Channel {
  readonly channel: number
  readonly types: readonly number[]
  readonly kind: ReadingKind
  readonly read: (view: DataView, offset: number) => Partial<CodecValue>
}

const nothing = () => ({})

const CHANNELS: readonly Channel[] = [
  { channel: 0x15, types: [TYPE.presence], kind: 'status', read: (view, offset) => ({ occupied: view.getUint8(offset) === 1 }) },
  {
    channel: 0x37,
    types: [TYPE.presence],
    kind: 'keep_alive',
    read: (view, offset) => ({ occupied: view.getUint8(offset) === 1, keepAlive: true }),
  },
  { channel: 0x37, types: [TYPE.digitalIn], kind: 'count', read: (view, offset) => ({ counter: view.getUint8(offset) }) },
  { channel: 0x21, types: [TYPE.digitalIn], kind: 'count', read: (view, offset) => countUnlessRestarted(view.getUint8(offset)) },
  { channel: 0x02, types: [TYPE.temperature], kind: 'telemetry', read: (view, offset) => ({ temperatureC: view.getInt16(offset) / 10 }) },
  { channel: 0x03, types: ANALOGUE, kind: 'telemetry', read: (view, offset) => ({ batteryV: view.getInt16(offset) / 100 }) },
  { channel: 0x01, types: ANY, kind: 'response', read: nothing },
  { channel: 0x1c, types: ANY, kind: 'response', read: nothing },
  { channel: 0x3f, types: ANY, kind: 'response', read: nothing },
  { channel: 0x05, types: ANY, kind: 'telemetry', read: nothing },
  { channel: 0x06, types: ANY, kind: 'telemetry', read: nothing },
]

const countUnlessRestarted = (count: number): Partial<CodecValue> => (count < RESTARTED ? { counter: count } : {})

function layoutOf(channel: number, type: number): ElementLayout | undefined {
  const found = CHANNELS.find((entry) => entry.channel === channel && entry.types.includes(type))
  const length = LENGTHS[type]
  if (!found || length === undefined) return undefined
  return { length, read: (view, offset) => ({ kind: found.kind, fields: found.read(view, offset) }) }
}

/** What names the frame when it has several elements, highest first. */
const KIND_RANK: readonly ReadingKind[] = ['status', 'keep_alive', 'count', 'response']

export const pniPlacepod: ModelEntry = {
  model: 'pni-placepod',
  manufacturer: 'PNI',
  name: 'PlacePod',
  role: 'sensor',
  fPorts: 'any',
  defaultFPort: 1,
  stateKinds: ['status', 'keep_alive'],
  ...DAILY,
  capabilities: NO_LIGHT,
  decode: tlvDecoder({ layoutOf, kindOf: (kinds) => KIND_RANK.find((kind) => kinds.has(kind)) ?? 'telemetry' }),
}

/** What a client may say, read from one text frame; anything else becomes a sentence to answer with (API-880 to API-885). */
import { echo } from './frames'

export type ClientMessage =
  | { readonly type: 'ping' }
  | { readonly type: 'subscribe'; readonly channels: readonly string[]; readonly cursor: string | null }
  | { readonly type: 'unsubscribe'; readonly channels: readonly string[] }
  | { readonly type: 'resume'; readonly cursor: string }
  | { readonly type: 'auth'; readonly token: string }
  | { readonly type: 'refused'; readonly message: string }

/** Twice what a socket can subscribe to; more in one message would only buy many answers for one question. */
const MAX_CHANNELS = 200

type Members = Readonly<Record<string, unknown>>

const NOT_JSON: ClientMessage = { type: 'refused', message: 'Invalid JSON message' }

type Reader = (members: Members) => ClientMessage

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['ping', () => ({ type: 'ping' })],
  ['subscribe', (members) => withChannels(members, (channels) => ({ type: 'subscribe', channels, cursor: textOf(members['cursor']) }))],
  ['unsubscribe', (members) => withChannels(members, (channels) => ({ type: 'unsubscribe', channels }))],
  ['resume', (members) => withText(members, 'cursor', (cursor) => ({ type: 'resume', cursor }))],
  ['auth', (members) => withText(members, 'token', (token) => ({ type: 'auth', token }))],
])

/** Never throws: a frame that says nothing we know is `refused` with the sentence that the client gets. */
export function parseClientMessage(text: string): ClientMessage {
  const members = parseObject(text)
  if (members === null) return NOT_JSON
  const type = members['type']
  const read = typeof type === 'string' ? READERS.get(type) : undefined
  return read ? read(members) : { type: 'refused', message: `Unknown message type: ${nameOf(type)}` }
}

function parseObject(text: string): Members | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null // not JSON: that is the answer, not a failure
  }
}

function nameOf(type: unknown): string {
  return type === undefined ? 'none' : echo(typeof type === 'string' ? type : typeof type)
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

function withText(members: Members, name: string, make: (text: string) => ClientMessage): ClientMessage {
  const text = textOf(members[name])
  return text === null ? { type: 'refused', message: `Missing ${name}` } : make(text)
}

/** `channel` and `channels[]` together, without repeats and in their order. */
function withChannels(members: Members, make: (channels: readonly string[]) => ClientMessage): ClientMessage {
  const listed = Array.isArray(members['channels']) ? members['channels'] : []
  const channels = [...new Set([members['channel'], ...listed].filter((item) => typeof item === 'string'))]
  if (channels.length === 0) return { type: 'refused', message: 'Missing channel' }
  return channels.length > MAX_CHANNELS ? { type: 'refused', message: 'Too many channels in one message' } : make(channels)
}

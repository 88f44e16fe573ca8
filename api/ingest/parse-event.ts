/** Checks the shape of one message from the broker and normalises it; what does not fit gets its dead-letter reason (DOM-901, DOM-902, LW-075). */
import { normaliseEui } from '#domain/shared/eui'
import type { Instant } from '#domain/shared/instant'
import { EVENT_KINDS, type DeadLetterReason, type EventKind, type NormalisedEvent } from './normalised-event'
import { normaliseBody } from './normalise'
import { isJsonObject, isTooDeep, readObject, readUuid, ShapeError, type JsonObject } from './proto-json'

/** One message as the broker handed it over; `payload` is untouched. */
export interface RawMessage {
  readonly topic: string
  readonly payload: Buffer
  readonly receivedAt: Instant
}

export interface Rejection {
  readonly ok: false
  readonly reason: DeadLetterReason
  /** One sentence for the person who reads the dead letter; names members, never values. */
  readonly detail: string
  /** Known from the topic when that much could be read. */
  readonly devEui: string | null
  readonly applicationId: string | null
}

export type ParsedMessage = { readonly ok: true; readonly event: NormalisedEvent } | Rejection

export const MAX_MESSAGE_BYTES = 256 * 1024

interface Address {
  readonly applicationId: string | null
  readonly devEui: string | null
  readonly kind: string
}

const TOPIC = /^application\/([^/]{1,64})\/device\/([^/]{1,64})\/event\/([^/]{1,32})$/
const UTF_8 = new TextDecoder('utf-8', { fatal: true })

/** Pure and total: whatever the broker delivers is either an event or a rejection with its reason. */
export function parseEvent(message: RawMessage): ParsedMessage {
  const address = readTopic(message.topic)
  const reject = (reason: DeadLetterReason, detail: string): Rejection => ({
    ok: false,
    reason,
    detail,
    devEui: address?.devEui ?? null,
    applicationId: address?.applicationId ?? null,
  })
  if (address === null) return reject('topic_mismatch', 'the topic is not application/…/device/…/event/…')
  if (!isEventKind(address.kind)) return reject('unknown_event', 'the topic names no known event')
  if (message.payload.length > MAX_MESSAGE_BYTES)
    return reject('too_large', `${message.payload.length} bytes are more than ${MAX_MESSAGE_BYTES}`)
  const body = readJson(message.payload)
  if (body === undefined) return reject('not_json', 'the payload is not JSON in UTF-8')
  try {
    return normaliseAddressed(body, { ...address, kind: address.kind, receivedAt: message.receivedAt }, reject)
  } catch (error) {
    if (error instanceof ShapeError) return reject('bad_shape', error.message)
    throw error
  }
}

const isEventKind = (kind: string): kind is EventKind => (EVENT_KINDS as readonly string[]).includes(kind)

function readTopic(topic: string): Address | null {
  const match = TOPIC.exec(topic)
  if (match === null) return null
  const [, application = '', device = '', kind = ''] = match
  return { applicationId: uuidOrNull(application), devEui: normaliseEui(device), kind }
}

/** The topic's own ids only label a rejection, so an unreadable one is simply unknown. */
function uuidOrNull(text: string): string | null {
  try {
    return readUuid({ text }, 'text')
  } catch {
    return null
  }
}

function readJson(payload: Buffer): unknown {
  try {
    return JSON.parse(UTF_8.decode(payload)) as unknown
  } catch {
    return undefined // JSON has no undefined, so it stands for "not JSON"
  }
}

type Reject = (reason: DeadLetterReason, detail: string) => Rejection

type Addressed = Address & { readonly kind: EventKind; readonly receivedAt: Instant }

function normaliseAddressed(body: unknown, { applicationId, devEui, kind, receivedAt }: Addressed, reject: Reject): ParsedMessage {
  if (!isJsonObject(body)) return reject('bad_shape', 'the payload is not an object')
  if (isTooDeep(body)) return reject('bad_shape', 'the payload nests too deeply')
  const identity = readIdentity(body)
  if (identity.applicationId !== applicationId) return reject('topic_mismatch', 'the topic names another application than deviceInfo')
  if (identity.devEui !== devEui) return reject('topic_mismatch', 'the topic names another device than deviceInfo')
  return { ok: true, event: normaliseBody(kind, body, { ...identity, receivedAt }) }
}

function readIdentity(body: JsonObject): { applicationId: string; devEui: string } {
  const deviceInfo = readObject(body, 'deviceInfo')
  const applicationId = readUuid(deviceInfo, 'applicationId')
  if (applicationId === null) throw new ShapeError('deviceInfo.applicationId is missing')
  const devEui = typeof deviceInfo['devEui'] === 'string' ? normaliseEui(deviceInfo['devEui']) : null
  if (devEui === null) throw new ShapeError('deviceInfo.devEui must be an EUI')
  return { applicationId, devEui }
}

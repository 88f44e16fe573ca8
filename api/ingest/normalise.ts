/** One function per event kind: wire members of ChirpStack v4 in, normalised event out (LW-080 to LW-088). Throws ShapeError. */
import { createHash } from 'node:crypto'
import type { Instant } from '#domain/shared/instant'
import { normaliseEui } from '#domain/shared/eui'
import { readGateways } from './best-gateway'
import { parseNetworkTime } from './network-time'
import type {
  AckEvent,
  EventKind,
  JoinEvent,
  LocationEvent,
  LogEvent,
  NormalisedEvent,
  StatusEvent,
  TxAckEvent,
  UpEvent,
} from './normalised-event'
import {
  isJsonObject,
  readCount,
  readFlag,
  readNumber,
  readObject,
  readObjects,
  readText,
  readUuid,
  ShapeError,
  type JsonObject,
} from './proto-json'

interface Identity {
  readonly applicationId: string
  readonly devEui: string
  readonly receivedAt: Instant
}

type Common = Omit<JoinEvent, 'kind' | 'dedupeKey' | 'session'>

const MAX_U32 = 0xffff_ffff
const MAX_U8 = 0xff
/** Room for every gateway of a dense city; more is no radio event. */
const MAX_GATEWAYS = 200
const DEV_ADDR = /^[0-9a-f]{8}$/i
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/
const DEVICE_CLASSES = ['CLASS_A', 'CLASS_B', 'CLASS_C'] as const
/** Hex digits of SHA-256 kept in the key of a `log` event (LW § 4.2). */
const LOG_HASH_DIGITS = 32

const readers: { readonly [K in EventKind]: (body: JsonObject, common: Common) => NormalisedEvent } = {
  up: readUp,
  join: readJoin,
  ack: readAck,
  txack: readTxAck,
  log: readLog,
  status: readStatus,
  location: readLocation,
}

/** `body` is a JSON object whose topic has been checked; members that are absent take their proto3 default. */
export function normaliseBody(kind: EventKind, body: JsonObject, identity: Identity): NormalisedEvent {
  return readers[kind](body, readCommon(body, identity))
}

function readCommon(body: JsonObject, identity: Identity): Common {
  const deviceInfo = readObject(body, 'deviceInfo')
  const timeText = readText(body, 'time', 64) || null
  const time = timeText === null ? null : parseNetworkTime(timeText)
  if (timeText !== null && time === null) throw new ShapeError('time must be an RFC 3339 instant')
  const deviceClass = readText(deviceInfo, 'deviceClassEnabled', 32)
  return {
    ...identity,
    nsTenantId: readUuid(deviceInfo, 'tenantId'),
    deviceName: readText(deviceInfo, 'deviceName') || null,
    profileName: readText(deviceInfo, 'deviceProfileName') || null,
    classEnabled: DEVICE_CLASSES.find((known) => known === deviceClass) ?? null,
    time,
    timeText,
  }
}

function readSession(body: JsonObject): string | null {
  const devAddr = readText(body, 'devAddr', 16)
  if (devAddr === '') return null
  if (!DEV_ADDR.test(devAddr)) throw new ShapeError('devAddr must be eight hex digits')
  return devAddr.toLowerCase()
}

function readHex(body: JsonObject): string {
  const data = readText(body, 'data', 4_096)
  if (!BASE64.test(data)) throw new ShapeError('data must be base64')
  return Buffer.from(data, 'base64').toString('hex').toUpperCase()
}

function required(text: string | null, name: string): string {
  if (text === null || text === '') throw new ShapeError(`${name} is missing`)
  return text
}

function readUp(body: JsonObject, common: Common): UpEvent {
  const deduplicationId = readText(body, 'deduplicationId', 100) || null
  const session = readSession(body)
  const fCnt = readCount(body, 'fCnt', MAX_U32)
  const gateways = readGateways(readObjects(body, 'rxInfo', MAX_GATEWAYS))
  const object = readObject(body, 'object')
  readFlag(body, 'confirmed')
  readFlag(body, 'adr')
  return {
    ...common,
    kind: 'up',
    dedupeKey: `up:${deduplicationId ?? `${common.devEui}:${session ?? ''}:${fCnt}`}`,
    deduplicationId,
    session,
    fCnt,
    fPort: body['fPort'] === undefined || body['fPort'] === null ? null : readCount(body, 'fPort', MAX_U8),
    hex: readHex(body),
    object: Object.keys(object).length === 0 ? null : object,
    dr: readCount(body, 'dr', MAX_U8),
    gatewayCount: gateways.length,
    gateways,
    best: gateways[0] ?? null,
  }
}

function readJoin(body: JsonObject, common: Common): JoinEvent {
  const id = required(readText(body, 'deduplicationId', 100), 'deduplicationId')
  return { ...common, kind: 'join', dedupeKey: `join:${id}`, session: readSession(body) }
}

function readAck(body: JsonObject, common: Common): AckEvent {
  const queueItemId = required(readUuid(body, 'queueItemId'), 'queueItemId')
  const acknowledged = readFlag(body, 'acknowledged')
  readText(body, 'deduplicationId', 100)
  return {
    ...common,
    kind: 'ack',
    dedupeKey: `${acknowledged ? 'ack' : 'nack'}:${queueItemId}`,
    queueItemId,
    acknowledged,
    fCntDown: readCount(body, 'fCntDown', MAX_U32),
  }
}

function readTxAck(body: JsonObject, common: Common): TxAckEvent {
  const queueItemId = required(readUuid(body, 'queueItemId'), 'queueItemId')
  const lora = readObject(readObject(readObject(body, 'txInfo'), 'modulation'), 'lora')
  const gatewayId = readText(body, 'gatewayId', 64)
  return {
    ...common,
    kind: 'txack',
    dedupeKey: `txack:${queueItemId}:${readCount(body, 'downlinkId', MAX_U32)}`,
    queueItemId,
    fCntDown: readCount(body, 'fCntDown', MAX_U32),
    gatewayId: gatewayId === '' ? null : normaliseEui(gatewayId),
    spreadingFactor: readCount(lora, 'spreadingFactor', 12) || null,
  }
}

function readLog(body: JsonObject, common: Common): LogEvent {
  const context = readObject(body, 'context')
  const code = readText(body, 'code', 100)
  const queueItem = readText(context, 'queue_item_id', 100)
  const reference = queueItem || readText(context, 'deduplication_id', 100)
  const hash = createHash('sha256')
    .update(`${common.devEui}|${common.timeText ?? ''}|${code}|${reference}`)
    .digest('hex')
  return {
    ...common,
    kind: 'log',
    dedupeKey: `log:${hash.slice(0, LOG_HASH_DIGITS)}`,
    level: readText(body, 'level', 32),
    code,
    description: readText(body, 'description', 2_000),
    queueItemId: readUuid(context, 'queue_item_id'),
    fCnt: context['f_cnt_up'] === undefined ? null : readCount(context, 'f_cnt_up', MAX_U32),
    context,
  }
}

function readStatus(body: JsonObject, common: Common): StatusEvent {
  const id = required(readText(body, 'deduplicationId', 100), 'deduplicationId')
  const isUnavailable = readFlag(body, 'batteryLevelUnavailable')
  return {
    ...common,
    kind: 'status',
    dedupeKey: `status:${id}`,
    margin: readNumber(body, 'margin'),
    batteryPct: isUnavailable ? null : readNumber(body, 'batteryLevel'),
    externalPower: readFlag(body, 'externalPowerSource'),
  }
}

function readLocation(body: JsonObject, common: Common): LocationEvent {
  const id = required(readText(body, 'deduplicationId', 100), 'deduplicationId')
  if (!isJsonObject(body['location'])) throw new ShapeError('location is missing')
  const { location } = body
  return {
    ...common,
    kind: 'location',
    dedupeKey: `location:${id}`,
    location: {
      latitude: readNumber(location, 'latitude'),
      longitude: readNumber(location, 'longitude'),
      altitude: readNumber(location, 'altitude'),
      source: readText(location, 'source', 64),
      accuracy: readNumber(location, 'accuracy'),
    },
  }
}

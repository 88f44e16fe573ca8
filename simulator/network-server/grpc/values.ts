/** Reads and writes the values of requests as ChirpStack does: EUIs, UUIDs, names, times, pages. */
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb'
import { internal, invalidArgument } from './grpc-error'

const EUI = /^[0-9a-f]{16}$/i
const KEY = /^[0-9a-f]{32}$/i
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const MAX_NAME = 100

/** Lower case; a bad EUI is 13 here, not 3 (LW-024). */
export function parseEui(text: string): string {
  if (!EUI.test(text)) throw internal('Invalid EUI64: Invalid string length')
  return text.toLowerCase()
}

/** Lower case; empty stays empty, bad hex is 13. */
export function parseKey(text: string): string {
  if (text !== '' && !KEY.test(text)) throw internal('Invalid AES128Key: Invalid string length')
  return text.toLowerCase()
}

export function parseUuid(text: string): string {
  if (!UUID.test(text)) throw invalidArgument('invalid UUID')
  return text.toLowerCase()
}

/** Absent is 3, too long is the database's 13. */
export function assertName(name: string): void {
  if (name === '') throw invalidArgument('name: is not set')
  if (name.length > MAX_NAME) throw internal(`value too long for type character varying(${MAX_NAME})`)
}

export function timestampOf(epochMs: number): Timestamp {
  return timestampOfMicros(epochMs * 1_000)
}

export function timestampOfMicros(epochMicros: number): Timestamp {
  const timestamp = new Timestamp()
  timestamp.setSeconds(Math.floor(epochMicros / 1_000_000))
  timestamp.setNanos(Math.round(epochMicros % 1_000_000) * 1_000)
  return timestamp
}

/** ChirpStack keeps microseconds: what is finer is cut off. */
export const microsOf = (timestamp: Timestamp): number => timestamp.getSeconds() * 1_000_000 + Math.floor(timestamp.getNanos() / 1_000)

export interface PageRequest {
  getLimit(): number
  getOffset(): number
}

/** No limit means zero rows: the count only (LW-022). */
export const pageOf = <Row>(rows: readonly Row[], request: PageRequest): readonly Row[] =>
  rows.slice(request.getOffset(), request.getOffset() + request.getLimit())

/** Case-insensitive, anywhere in one of the texts; an empty search finds all. */
export const matchesSearch = (search: string, texts: readonly string[]): boolean =>
  texts.some((text) => text.toLowerCase().includes(search.toLowerCase()))

export const byText =
  <Row>(textOf: (row: Row) => string) =>
  (a: Row, b: Row): number =>
    textOf(a) < textOf(b) ? -1 : Number(textOf(a) > textOf(b))

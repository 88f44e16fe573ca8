/** Reads proto3 JSON members: absent, null and default are one and the same, 64-bit numbers may be text (LW-080). */

export type JsonObject = Readonly<Record<string, unknown>>

/** A member that is not what its type says; the message names the member, never its value. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError'
}

const isAbsent = (value: unknown): value is null | undefined => value === undefined || value === null
const INTEGER_TEXT = /^-?\d{1,16}$/

export const isJsonObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

function refuse(name: string, wanted: string): never {
  throw new ShapeError(`${name} must be ${wanted}`)
}

/** Absent → `''`. */
export function readText(object: JsonObject, name: string, maxLength = 1_000): string {
  const value = object[name]
  if (isAbsent(value)) return ''
  if (typeof value !== 'string' || value.length > maxLength) refuse(name, `text of at most ${maxLength} characters`)
  return value
}

/** Absent → false. */
export function readFlag(object: JsonObject, name: string): boolean {
  const value = object[name]
  if (isAbsent(value)) return false
  if (typeof value !== 'boolean') refuse(name, 'true or false')
  return value
}

/** Absent → 0; finite numbers only (JSON spells infinity as 1e999). */
export function readNumber(object: JsonObject, name: string): number {
  const value = object[name]
  if (isAbsent(value)) return 0
  if (typeof value !== 'number' || !Number.isFinite(value)) refuse(name, 'a number')
  return value
}

/** Absent → 0; digits in quotes are accepted; outside `[0, max]` is refused. */
export function readCount(object: JsonObject, name: string, max: number): number {
  const value = object[name]
  if (isAbsent(value)) return 0
  const number = typeof value === 'string' && INTEGER_TEXT.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > max) refuse(name, `an integer from 0 to ${max}`)
  return number
}

/** Absent → `{}`. */
export function readObject(object: JsonObject, name: string): JsonObject {
  const value = object[name]
  if (isAbsent(value)) return {}
  if (!isJsonObject(value)) refuse(name, 'an object')
  return value
}

/** Absent → `[]`; every element must be an object. */
export function readObjects(object: JsonObject, name: string, maxLength: number): readonly JsonObject[] {
  const value = object[name]
  if (isAbsent(value)) return []
  if (!Array.isArray(value) || value.length > maxLength || !value.every(isJsonObject)) refuse(name, 'a list of objects')
  return value
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Absent → null. */
export function readUuid(object: JsonObject, name: string): string | null {
  const text = readText(object, name, 36)
  if (text === '') return null
  if (!UUID.test(text)) refuse(name, 'a UUID')
  return text.toLowerCase()
}

/** Deeper nesting serves nobody and breaks recursive writers further down (Q-FLT-26). */
const MAX_DEPTH = 32

/** Whether brackets nest deeper than any real event's, without recursion. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
    if (level.length === 0) return false
  }
  return true
}

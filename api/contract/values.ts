/** The values that requests and answers are made of: one schema per kind of text, number and instant (API-035 to API-041). */
import { z } from 'zod'
import { normaliseEui } from '#domain/shared/eui'

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/
const CONTROL_BUT_NEWLINE_AND_TAB = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/
const UUID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/

export interface TextLimits {
  readonly min?: number
  readonly max: number
  /** `notes`, `description`, `reason` may hold line feeds and tabs. */
  readonly multiline?: boolean
}

/** Trimmed, NFC, without control characters; length in code points (API-040). */
export function text({ min = 1, max, multiline = false }: TextLimits) {
  const forbidden = multiline ? CONTROL_BUT_NEWLINE_AND_TAB : CONTROL
  return z
    .string()
    .trim()
    .normalize('NFC')
    .refine((value) => !forbidden.test(value), { params: { issue: 'invalid_format' }, message: 'must not hold control characters' })
    .refine((value) => codePoints(value, min) >= min, { params: { issue: 'too_short' }, message: `must have at least ${min} characters` })
    .refine((value) => codePoints(value, max + 1) <= max, { params: { issue: 'too_long' }, message: `must have at most ${max} characters` })
    .meta({ minLength: min, maxLength: max })
}

/** Counts code points, no further than needed. */
function codePoints(value: string, enough: number): number {
  let count = 0
  for (const _ of value) if (++count >= enough) break
  return count
}

export const reason = text({ max: 500, multiline: true }).meta({ examples: ['Painting the lines'] })

/** Any version of UUID in, lower case out (API-035). */
export const uuid = z
  .string()
  .regex(UUID)
  .transform((value) => value.toLowerCase())
  .meta({ format: 'uuid', examples: ['01977a3e-7c10-7b2e-9f00-3f6f1d2a9b01'] })

/** 16 hex digits in any spelling in, the canonical lower-case form out (API-036, D-21). */
export const eui = z
  .string()
  .transform((value, context) => {
    const canonical = normaliseEui(value)
    if (canonical !== null) return canonical
    context.addIssue({ code: 'custom', params: { issue: 'invalid_eui' }, message: 'must be 16 hexadecimal digits' })
    return z.NEVER
  })
  .meta({ format: 'eui', examples: ['58A0CB0000115B4E'] })

/** A row's UUID or its EUI, told apart for the handler (API-352, API-381). */
export const uuidOrEui = z
  .string()
  .transform((value, context) => {
    if (UUID.test(value)) return { id: value.toLowerCase() }
    const canonical = normaliseEui(value)
    if (canonical !== null) return { eui: canonical }
    context.addIssue({ code: 'custom', params: { issue: 'invalid_format' }, message: 'must be a UUID or 16 hexadecimal digits' })
    return z.NEVER
  })
  .meta({ examples: ['01977a3f-7c10-7b2e-9f00-3f6f1d2a9b01'] })

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?$/i

/** A time of a request: an instant, or a local time that the site's zone will make one (API-037). */
export interface RequestTime {
  /** Milliseconds since the epoch when an offset was given; else null. */
  readonly instant: number | null
  /** The wall clock as given, in milliseconds as if it were UTC. */
  readonly wallClock: number
}

/** RFC 3339 with offset, or naive, years 2000 to 2100. */
export const time = z
  .string()
  .transform((value, context) => {
    const parsed = parseTime(value)
    if (parsed !== null) return parsed
    context.addIssue({ code: 'custom', params: { issue: 'invalid_time' }, message: 'must be an RFC 3339 time between 2000 and 2100' })
    return z.NEVER
  })
  .meta({ format: 'date-time', examples: ['2026-07-01T09:34:15.775Z'] })

function parseTime(value: string): RequestTime | null {
  const match = INSTANT.exec(value)
  if (match === null) return null
  const clock = clockOf(match)
  const wallClock = Date.parse(`${clock}Z`)
  const isReal = !Number.isNaN(wallClock) && new Date(wallClock).getUTCDate() === Number(match[3])
  const year = Number(match[1])
  if (!isReal || year < 2000 || year > 2100) return null
  return withOffset(clock, match[8], wallClock)
}

/** Missing parts of the day are zero, fractions are cut to milliseconds. */
function clockOf(match: RegExpExecArray): string {
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = ''] = match
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}`
}

function withOffset(clock: string, offset: string | undefined, wallClock: number): RequestTime | null {
  if (offset === undefined) return { instant: null, wallClock }
  const instant = Date.parse(`${clock}${offset.toUpperCase()}`)
  return Number.isNaN(instant) ? null : { instant, wallClock }
}

/** An instant of an answer. */
export const instantOut = z.string().meta({ format: 'date-time', examples: ['2026-07-01T09:34:15.775Z'] })
export const uuidOut = z.string().meta({ format: 'uuid', examples: ['01977a3e-7c10-7b2e-9f00-3f6f1d2a9b01'] })
export const euiOut = z.string().meta({ examples: ['58A0CB0000115B4E'] })
export const objectOut = z.record(z.string(), z.unknown())

/** `true` or `false` of a query string. */
export const flag = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .meta({ type: 'boolean', enum: undefined })

/** A whole number of a query string. */
export function wholeNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^-?\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max))
    .meta({ type: 'integer', minimum: min, maximum: max, pattern: undefined })
}

/** A finite number of a query string. */
export function decimalNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^-?\d{1,12}(\.\d{1,9})?$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .meta({ type: 'number', minimum: min, maximum: max, pattern: undefined })
}

const MAX_VALUES = 100

/** Several values of one filter, by comma or repetition: OR (API-024). */
export function several<T extends z.ZodType<unknown, string>>(one: T) {
  return z
    .string()
    .transform((value) => value.split(','))
    .pipe(z.array(one).max(MAX_VALUES))
    .meta({ type: 'array', items: itemSchema(one) })
}

function itemSchema(one: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(one, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>
  return schema
}

export const nothing = z.strictObject({})
/** An operation that takes no body, or one whose members are all optional and absent (API-006). */
export const emptyBody = z.strictObject({})
export const idParams = z.strictObject({ id: uuid })

/** Column texts that recur (DB-105, DB-106): checks are written here once. Frozen since 2026-11: a later need gets a new file. */

interface Shape {
  readonly default?: string
  readonly nullable?: boolean
}

const quoted = (values: readonly string[]) => values.map((value) => `'${value}'`).join(', ')

function tail(shape: Shape): string {
  if (shape.nullable) return ''
  return shape.default === undefined ? ' not null' : ` not null default ${shape.default}`
}

/** An enumeration: text that must be one of `values` (DB-105). */
export const oneOf = (name: string, values: readonly string[], shape: Shape = {}): string =>
  `${name} text${tail(shape)} check (${name} in (${quoted(values)}))`

/** Text of at most `max` characters; not empty unless it may be absent. */
export const words = (name: string, max: number, shape: Shape = {}): string =>
  `${name} text${tail(shape)} check (${shape.nullable ? `length(${name}) <= ${max}` : `length(${name}) between 1 and ${max}`})`

/** An EUI as it is stored: 16 lower-case hex digits (DB-106, D-21). */
export const eui = (name: string, shape: Shape = {}): string => `${name} text${tail(shape)} check (${name} ~ '^[0-9a-f]{16}$')`

/** A JSON object, `{}` unless told otherwise. */
export const object = (name: string, shape: Shape = { default: `'{}'` }): string =>
  `${name} jsonb${tail(shape)} check (jsonb_typeof(${name}) = 'object')`

/** A JSON array. */
export const array = (name: string, shape: Shape = {}): string => `${name} jsonb${tail(shape)} check (jsonb_typeof(${name}) = 'array')`

export const optional: Shape = { nullable: true }

/** The part of JSON Schema that our OpenAPI document uses, and one valid value of it. */

export interface JsonSchema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly examples?: readonly unknown[]
  readonly example?: unknown
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly minimum?: number
  readonly minLength?: number
}

const TEXT = 'sample text'

/** A value that the schema accepts: its example, else its first choice, else the smallest of its type with required members only. */
export function sampleOf(schema: JsonSchema): unknown {
  const given = [schema.const, schema.example, schema.examples?.[0], schema.default, schema.enum?.[0]].find((value) => value !== undefined)
  if (given !== undefined) return given
  const choice = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])][0]
  if (choice) return sampleOf(choice)
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map(sampleOf)) as unknown // parts of one object
  const make = SAMPLES.get([schema.type].flat()[0] ?? 'string')
  return make?.(schema)
}

const SAMPLES: ReadonlyMap<string, (schema: JsonSchema) => unknown> = new Map<string, (schema: JsonSchema) => unknown>([
  ['object', sampleObject],
  ['array', ({ items }) => (items ? [sampleOf(items)] : [])],
  ['integer', ({ minimum }) => minimum ?? 1],
  ['number', ({ minimum }) => minimum ?? 1],
  ['boolean', () => true],
  ['string', ({ minLength }) => TEXT.padEnd(minLength ?? 0, 'x')],
])

function sampleObject({ properties = {}, required = [] }: JsonSchema): Record<string, unknown> {
  return Object.fromEntries(required.map((name) => [name, sampleOf(properties[name] ?? {})]))
}

export const isText = ({ type, enum: choices }: JsonSchema): boolean => type === 'string' && choices === undefined

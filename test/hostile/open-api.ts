/** The operations of `openapi.json` as the catalogue sees them: a new route is covered the day it appears (Q-HOS-00). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonSchema } from './json-schema'

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header' | 'cookie'
  readonly required: boolean
  readonly schema: JsonSchema
}

export interface HostileOperation {
  readonly name: string
  readonly contractId: string
  readonly method: string
  readonly path: string
  readonly isPublic: boolean
  /** `Subject.action` of api-v6 § 3; null for a public operation. */
  readonly permission: string | null
  readonly pathParameters: readonly Parameter[]
  readonly query: readonly Parameter[]
  readonly headers: readonly string[]
  readonly body: JsonSchema | null
  readonly bodyExample: unknown
  /** All methods that the path answers. */
  readonly methods: readonly string[]
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>
  readonly components?: { readonly schemas?: Readonly<Record<string, JsonSchema>> }
}

interface RawOperation {
  readonly operationId: string
  readonly security?: readonly unknown[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: {
    readonly content?: Readonly<Record<string, { schema?: JsonSchema; example?: unknown; examples?: Record<string, { value?: unknown }> }>>
  }
  readonly 'x-contract-id': string
  readonly 'x-permission': string | null
}

const METHODS: ReadonlySet<string> = new Set(['get', 'post', 'put', 'patch', 'delete'])
const DOCUMENT_FILE = join(__dirname, '..', '..', 'openapi.json')

export function readOperations(file: string = DOCUMENT_FILE): HostileOperation[] {
  const document = JSON.parse(readFileSync(file, 'utf8')) as Document // our own generated file; its shape is tested with it
  return Object.entries(document.paths).flatMap(([path, verbs]) => {
    const methods = Object.keys(verbs).filter((verb) => METHODS.has(verb))
    return methods.map((method) => operationOf(document, { path, method, methods, raw: verbs[method]! }))
  })
}

interface Place {
  readonly path: string
  readonly method: string
  readonly methods: readonly string[]
  readonly raw: RawOperation
}

function operationOf(document: Document, { path, method, methods, raw }: Place): HostileOperation {
  const parameters = (raw.parameters ?? []).map((parameter) => ({ ...parameter, schema: resolve(document, parameter.schema) }))
  const inPlace = (place: Parameter['in']) => parameters.filter((parameter) => parameter.in === place)
  return {
    name: raw.operationId,
    contractId: raw['x-contract-id'],
    method: method.toUpperCase(),
    path,
    isPublic: raw.security?.length === 0,
    permission: raw['x-permission'],
    pathParameters: inPlace('path'),
    query: inPlace('query'),
    headers: inPlace('header').map(({ name }) => name),
    methods: methods.map((each) => each.toUpperCase()),
    ...bodyOf(document, raw),
  }
}

function bodyOf(document: Document, { requestBody }: RawOperation): Pick<HostileOperation, 'body' | 'bodyExample'> {
  const { schema, example, examples = {} } = requestBody?.content?.['application/json'] ?? {}
  return { body: schema ? resolve(document, schema) : null, bodyExample: example ?? Object.values(examples)[0]?.value }
}

/** Follows `#/components/schemas/<name>`, at the top only: members are looked at by name and type. */
function resolve(document: Document, schema: JsonSchema): JsonSchema {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined ? schema : (document.components?.schemas?.[name] ?? schema)
}

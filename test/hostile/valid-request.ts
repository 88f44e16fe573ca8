/** One valid request per operation and role, from the document, the factories' ids and a few credentials (Q-HOS-00). */
import { sampleOf, type JsonSchema } from './json-schema'
import type { HttpRequest } from './http'
import type { HostileOperation, Parameter } from './open-api'

/** Ids of one tenant's rows, by the path segment that names them. */
export type RowIds = Readonly<Record<string, string>>

export interface ValidRequest {
  readonly operation: HostileOperation
  readonly token: string | null
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>> | null
}

export interface Sources {
  readonly ids: RowIds
  readonly token: string | null
  /** Bodies that only the world can know: credentials. */
  readonly bodies: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

export function validRequest(operation: HostileOperation, { ids, token, bodies }: Sources): ValidRequest {
  return {
    operation,
    token: operation.isPublic ? null : token,
    params: Object.fromEntries(operation.pathParameters.map((parameter) => [parameter.name, rowId(operation, parameter, ids)])),
    query: Object.fromEntries(
      operation.query.filter(({ required }) => required).map(({ name, schema }) => [name, String(sampleOf(schema))]),
    ),
    headers: {},
    body: operation.body === null ? null : (bodies[operation.name] ?? sampleBody(operation, operation.body)),
  }
}

/** The segment before the parameter names the resource: `/spaces/{id}`; `{override_id}` names it itself. */
export function resourceOf(operation: HostileOperation, name: string): string {
  if (name !== 'id') return name
  const segments = operation.path.split('/')
  return segments[segments.indexOf(`{${name}}`) - 1] ?? ''
}

function rowId(operation: HostileOperation, { name, schema }: Parameter, ids: RowIds): string {
  const id = ids[resourceOf(operation, name)]
  if (id === undefined && !operation.isPublic)
    throw new Error(`${operation.method} ${operation.path}: no row for ${name}; teach world.ts to make one`)
  return id ?? String(sampleOf(schema))
}

/** The documented example without its times, which are past by now; else the smallest body. */
function sampleBody({ bodyExample }: HostileOperation, schema: JsonSchema): Readonly<Record<string, unknown>> {
  const example = asObject(bodyExample ?? sampleOf(schema))
  return Object.fromEntries(Object.entries(example).filter(([name]) => schema.properties?.[name]?.format !== 'date-time'))
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Error('a request body is an object')
  return { ...value }
}

/** The request as it goes over the wire; `body` replaces the JSON with bytes of one's own. */
export function toHttp(valid: ValidRequest, body?: string | Buffer): HttpRequest {
  const { operation, token, params, query, headers } = valid
  const path = operation.path.replace(/\{([a-z_]+)\}/g, (_match, name: string) => encodeURIComponent(params[name] ?? ''))
  const search = new URLSearchParams(query).toString()
  const json = body ?? (valid.body === null ? null : JSON.stringify(valid.body))
  return {
    method: operation.method,
    target: search === '' ? path : `${path}?${search}`,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(json === null ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: json,
  }
}

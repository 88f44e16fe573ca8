/** OpenAPI 3.1 made from the operations: the schemas that validate are the schemas that are published (API-835). */
import { z } from 'zod'
import { ERROR_CODES, type ErrorCode } from '#domain/shared/error-codes'
import { errorsOf, type Alias, type Operation } from './operation'
import { problemSchema } from './problem'

type Json = Record<string, unknown>

export interface DocumentInfo {
  readonly version: string
}

const PROBLEM = { $ref: '#/components/schemas/Problem' }

export function createOpenApi(operations: readonly Operation[], { version }: DocumentInfo): Json {
  const paths: Record<string, Json> = {}
  for (const operation of operations) {
    for (const spelling of [operation, ...operation.aliases]) {
      paths[spelling.path] = { ...paths[spelling.path], [spelling.method]: presentOperation(operation, spelling) }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Parking platform',
      version,
      description: 'Every path is answered with and without a trailing slash. Errors are problem+json (RFC 9457).',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      schemas: { Problem: schemaOf(problemSchema, 'output') },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  }
}

function presentOperation(operation: Operation, spelling: Alias | Operation): Json {
  const errors = errorsOf(operation)
  return {
    operationId: spelling.name,
    tags: [operation.tag],
    summary: operation.summary,
    description: operation.description,
    'x-contract-id': operation.id,
    'x-permission': operation.permission === null ? null : `${operation.permission.subject}.${operation.permission.action}`,
    'x-scope': operation.scope,
    'x-budget': operation.budget,
    ...(operation.audit === null ? {} : { 'x-audit': operation.audit }),
    'x-error-codes': errors,
    security: operation.permission === null ? [] : [{ bearer: [] }],
    parameters: [...parametersOf(operation.params, 'path'), ...parametersOf(operation.query, 'query'), ...headersOf(operation, spelling)],
    ...bodyOf(operation),
    responses: { ...answersOf(operation), ...problemsOf(errors) },
  }
}

function parametersOf(schema: z.ZodType, place: 'path' | 'query'): Json[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as { properties?: Record<string, Json>; required?: string[] }
  return Object.entries(properties)
    .filter(([, property]) => property['readOnly'] !== true)
    .map(([name, property]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      schema: property,
      ...(property['type'] === 'array' ? { style: 'form', explode: false } : {}),
    }))
}

function headersOf({ idempotent, tagged, method }: Operation, spelling: Alias | Operation): Json[] {
  const header = (name: string, description: string) => ({ name, in: 'header', required: false, description, schema: { type: 'string' } })
  return [
    ...(idempotent && spelling.method === 'post'
      ? [header('Idempotency-Key', 'The same key and body get the same answer for 24 hours.')]
      : []),
    ...(tagged && method === 'get' ? [header('If-None-Match', '304 when nothing changed.')] : []),
    ...(tagged && method !== 'get' ? [header('If-Match', '412 when its configuration changed since.')] : []),
  ]
}

function bodyOf({ takesBody, body, examples }: Operation): Json {
  if (takesBody === 'none') return {}
  const schema = schemaOf(body, 'input')
  const shown = examples.filter((example) => example.body !== undefined)
  const content = {
    schema,
    ...(shown.length === 0
      ? {}
      : { examples: Object.fromEntries(shown.map((one, index) => [`example_${index + 1}`, { summary: one.summary, value: one.body }])) }),
  }
  return {
    requestBody: {
      required: Array.isArray(schema['required']) && schema['required'].length > 0,
      content: {
        'application/json': content,
        ...(takesBody === 'json_or_form' ? { 'application/x-www-form-urlencoded': { schema } } : {}),
      },
    },
  }
}

function answersOf({ answers, produces }: Operation): Json {
  return Object.fromEntries(
    Object.entries(answers).map(([status, schema]) => [
      status,
      { description: status === '201' ? 'Created' : 'Answer', content: { [produces]: { schema: schemaOf(schema, 'output') } } },
    ]),
  )
}

/** One response per status; the codes that it may carry are named. */
function problemsOf(codes: readonly ErrorCode[]): Json {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of codes) byStatus.set(ERROR_CODES[code].status, [...(byStatus.get(ERROR_CODES[code].status) ?? []), code])
  return Object.fromEntries(
    [...byStatus].map(([status, all]) => [
      String(status),
      { description: all.map((code) => `\`${code}\``).join(', '), content: { 'application/problem+json': { schema: PROBLEM } } },
    ]),
  )
}

/** What callers write (`input`) differs from what handlers read: an EUI goes in as any spelling. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json
  return json
}

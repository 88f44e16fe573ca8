/** Health, metrics and the contract itself (API-830 to 832, 834 to 836). */
import { z } from 'zod'
import { defineOperation } from './operation'
import { emptyBody, nothing, objectOut } from './values'

const TAG = 'System'
const PUBLIC = { permission: null, scope: 'none', budget: 'none', params: nothing, query: nothing, body: emptyBody, tag: TAG } as const
const words = z.looseObject({ status: z.string() })

export const health = defineOperation({
  id: 'API-830',
  name: 'getHealth',
  method: 'get',
  path: '/health',
  aliases: [{ name: 'getApiHealth', method: 'get', path: '/api/health' }],
  summary: 'Is it well',
  description: '200 `healthy` or `degraded`; 503 `unhealthy` without its database. Words only.',
  answers: { 200: words, 503: words },
  ...PUBLIC,
})

export const liveness = defineOperation({
  id: 'API-831',
  name: 'getLiveness',
  method: 'get',
  path: '/health/live',
  summary: 'Does it run',
  description: 'Whatever else is down.',
  answers: { 200: words, 503: words },
  ...PUBLIC,
})

export const readiness = defineOperation({
  id: 'API-832',
  name: 'getReadiness',
  method: 'get',
  path: '/health/ready',
  aliases: [{ name: 'getApiReadiness', method: 'get', path: '/api/health/ready' }],
  summary: 'Can it serve',
  description: '503 `not_ready` with `Retry-After` only when this process cannot do its own work.',
  answers: { 200: words, 503: words },
  ...PUBLIC,
})

export const metrics = defineOperation({
  id: 'API-834',
  name: 'getMetrics',
  method: 'get',
  path: '/metrics',
  summary: 'Prometheus metrics',
  description: 'With the metrics token when one is configured; open locally, 404 in production without it.',
  answers: { 200: z.string() },
  errors: ['auth.required', 'auth.invalid_token', 'request.route_not_found'],
  produces: 'text/plain',
  ...PUBLIC,
})

export const openApiDocument = defineOperation({
  id: 'API-835',
  name: 'getOpenApi',
  method: 'get',
  path: '/openapi.json',
  summary: 'This contract',
  description: 'OpenAPI 3.1, made from the schemas that validate.',
  answers: { 200: objectOut },
  ...PUBLIC,
  budget: 'public',
})

const docs = { id: 'API-835', method: 'get', ...PUBLIC, budget: 'public', answers: { 200: z.string() } } as const

export const docsPage = defineOperation({
  ...docs,
  name: 'getDocs',
  path: '/docs',
  summary: 'This contract, to read and try',
  description: 'An interactive page; every asset is local.',
  produces: 'text/html',
})

export const docsScript = defineOperation({
  ...docs,
  name: 'getDocsScript',
  path: '/docs/reference.js',
  summary: 'The script of that page',
  description: 'Served from here, so that the page needs no other host.',
  produces: 'text/javascript',
})

export const docsStyle = defineOperation({
  ...docs,
  name: 'getDocsStyle',
  path: '/docs/reference.css',
  summary: 'The style of that page',
  description: 'Served from here, so that the page needs no other host.',
  produces: 'text/css',
})

export const problemPage = defineOperation({
  id: 'API-836',
  name: 'getProblem',
  method: 'get',
  path: '/problems/{code}',
  summary: 'What an error code means',
  description: 'Meaning, likely cause, remedy.',
  answers: { 200: z.string() },
  errors: ['resource.not_found'],
  produces: 'text/markdown',
  ...PUBLIC,
  budget: 'public',
  params: z.strictObject({ code: z.string().regex(/^[a-z0-9_.]{1,60}$/) }),
})

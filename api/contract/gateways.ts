/** Gateways: list, one, counters (API-380, 381, 386). */
import { z } from 'zod'
import { listAnswer, listQuery, tenantMembers } from './list'
import { defineOperation } from './operation'
import { emptyBody, euiOut, flag, instantOut, nothing, objectOut, several, uuid, uuidOrEui, uuidOut } from './values'

const TAG = 'Gateways'
const READ = { permission: { subject: 'Gateway', action: 'read' }, scope: 'gateways:read', budget: 'read' } as const
const STATUSES = ['online', 'offline', 'never_seen'] as const
const count = z.number().int()

export const gatewayView = z.object({
  id: uuidOut,
  ...tenantMembers,
  gateway_id: euiOut,
  name: z.string(),
  description: z.string().nullable(),
  location: z.string().nullable(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  altitude_metres: z.number().nullable(),
  site_id: uuidOut.nullable(),
  site_name: z.string().nullable(),
  model: z.string().nullable(),
  enabled: z.boolean(),
  config: objectOut,
  metadata: objectOut,
  status: z.enum(STATUSES),
  status_since: instantOut,
  is_online: z.boolean(),
  last_seen_at: instantOut.nullable(),
  devices_heard_24h: count,
  affected_spaces: count,
  airtime_used_ms: z.number(),
  airtime_budget_ms: z.number().nullable(),
  chirpstack_gateway_id: z.string().nullable(),
  chirpstack_sync_status: z.string(),
  version: count,
  created_at: instantOut,
  updated_at: instantOut,
})

const GATEWAY_SORT_KEYS = ['name', 'gateway_id', 'last_seen_at', 'status'] as const

export const listGateways = defineOperation({
  id: 'API-380',
  name: 'listGateways',
  method: 'get',
  path: '/api/v6/gateways',
  tag: TAG,
  summary: 'List gateways',
  description: '`include_offline=false` leaves out those that are not heard.',
  params: nothing,
  query: listQuery(GATEWAY_SORT_KEYS, {
    site_id: several(uuid).optional(),
    status: several(z.enum(STATUSES)).optional(),
    is_online: flag.optional(),
    include_offline: flag.optional(),
  }),
  body: emptyBody,
  answers: { 200: listAnswer('gateways', gatewayView) },
  ...READ,
})

export const getGateway = defineOperation({
  id: 'API-381',
  name: 'getGateway',
  method: 'get',
  path: '/api/v6/gateways/{id}',
  tag: TAG,
  summary: 'One gateway',
  description: 'By UUID or EUI.',
  params: z.strictObject({ id: uuidOrEui }),
  query: nothing,
  body: emptyBody,
  answers: { 200: gatewayView },
  errors: ['resource.not_found'],
  tagged: true,
  ...READ,
})

export const getGatewaySummary = defineOperation({
  id: 'API-386',
  name: 'getGatewaySummary',
  method: 'get',
  path: '/api/v6/gateways/stats/summary',
  tag: TAG,
  summary: 'Count gateways',
  description: 'By status.',
  params: nothing,
  query: z.strictObject({ site_id: uuid.optional(), tenant_id: several(uuid).optional() }),
  body: emptyBody,
  answers: { 200: z.object({ total: count, online: count, offline: count, never_seen: count, tenant_id: uuidOut }) },
  errors: ['resource.not_found'],
  ...READ,
})

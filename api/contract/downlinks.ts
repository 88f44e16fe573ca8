/** Commands to lights: list, one, dead letters, counters, cancel (API-512 to 515, API-517). */
import { z } from 'zod'
import { listAnswer, listQuery, tenantMembers } from './list'
import { defineOperation } from './operation'
import {
  emptyBody,
  euiOut,
  idParams,
  instantOut,
  nothing,
  objectOut,
  reason,
  several,
  text,
  time,
  uuid,
  uuidOut,
  wholeNumber,
} from './values'

const TAG = 'Downlinks'
const READ = { permission: { subject: 'Downlink', action: 'read' }, scope: 'downlinks:read', budget: 'read' } as const
const STATUSES = ['queued', 'sent', 'transmitted', 'confirmed', 'superseded', 'expired', 'failed'] as const
const ORIGINS = ['policy', 'manual', 'reconcile', 'api', 'setup'] as const
const count = z.number().int()

export const downlinkView = z.object({
  id: uuidOut,
  ...tenantMembers,
  device_id: uuidOut,
  dev_eui: euiOut,
  space_id: uuidOut.nullable(),
  space_code: z.string().nullable(),
  origin: z.enum(ORIGINS),
  command: z.string(),
  arguments: objectOut,
  payload_hex: z.string(),
  f_port: count,
  confirmed: z.boolean(),
  priority: count,
  status: z.enum(STATUSES),
  status_reason: z.string().nullable(),
  waiting_for: z.string().nullable(),
  attempts: count,
  next_attempt_at: instantOut.nullable(),
  queue_item_id: z.string().nullable(),
  f_cnt_down: count.nullable(),
  gateway_id: euiOut.nullable(),
  proof: z.string().nullable(),
  decision_sequence: count.nullable(),
  expires_at: instantOut.nullable(),
  queued_at: instantOut,
  sent_at: instantOut.nullable(),
  transmitted_at: instantOut.nullable(),
  confirmed_at: instantOut.nullable(),
  ended_at: instantOut.nullable(),
  last_error: z.string().nullable(),
  retry_of: uuidOut.nullable(),
  created_by: z.string().nullable(),
  workflow_id: z.string().nullable(),
})

export const downlinkDetail = z.object({
  ...downlinkView.shape,
  steps: z.array(
    z.object({
      status: z.string(),
      at: instantOut,
      attempt: count.optional(),
      gateway_id: z.string().optional(),
      by: z.string().optional(),
    }),
  ),
})

const DOWNLINK_SORT_KEYS = ['created_at', 'priority', 'status'] as const

const filters = {
  device_id: several(uuid).optional(),
  space_id: several(uuid).optional(),
  site_id: several(uuid).optional(),
  command: several(text({ max: 50 })).optional(),
  origin: several(z.enum(ORIGINS)).optional(),
  from: time.optional(),
  to: time.optional(),
}
const listShape = { params: nothing, body: emptyBody, answers: { 200: listAnswer('downlinks', downlinkView) }, tag: TAG, ...READ }

export const getDownlink = defineOperation({
  id: 'API-512',
  name: 'getDownlink',
  method: 'get',
  path: '/api/v6/downlinks/{id}',
  aliases: [{ name: 'getDownlinkStatus', method: 'get', path: '/api/v6/downlinks/{id}/status' }],
  tag: TAG,
  summary: 'One command',
  description: 'With the steps it went through. A final `transmitted` reads: not verified.',
  params: idParams,
  query: nothing,
  body: emptyBody,
  answers: { 200: downlinkDetail },
  errors: ['resource.not_found'],
  tagged: true,
  ...READ,
})

export const listDownlinks = defineOperation({
  id: 'API-513',
  name: 'listDownlinks',
  method: 'get',
  path: '/api/v6/downlinks',
  summary: 'List commands',
  description: '`from` and `to` limit by the time they were queued.',
  query: listQuery(DOWNLINK_SORT_KEYS, { ...filters, status: several(z.enum(STATUSES)).optional() }),
  ...listShape,
})

export const listFailedDownlinks = defineOperation({
  id: 'API-515',
  name: 'listDownlinkDeadLetters',
  method: 'get',
  path: '/api/v6/downlinks/dead-letters',
  summary: 'List commands that failed',
  description: 'Those that were tried as often as allowed.',
  query: listQuery(DOWNLINK_SORT_KEYS, filters),
  ...listShape,
})

export const cancelDownlink = defineOperation({
  id: 'API-514',
  name: 'cancelDownlink',
  method: 'post',
  path: '/api/v6/downlinks/{id}/cancel',
  aliases: [{ name: 'deleteDownlink', method: 'delete', path: '/api/v6/downlinks/{id}' }],
  tag: TAG,
  summary: 'Cancel a command that waits',
  description: 'Only while `queued`. Of a command that a rule asked for, nothing is sent before the next wanted colour.',
  params: idParams,
  query: nothing,
  body: z.strictObject({ reason: reason.optional() }),
  takesBody: 'json',
  answers: { 200: downlinkDetail },
  errors: ['resource.not_found', 'downlink.not_cancellable', 'tenant.switch_required'],
  permission: { subject: 'Downlink', action: 'command' },
  scope: 'downlinks:write',
  budget: 'write',
  audit: 'downlink.cancel',
  idempotent: true,
  tagged: true,
})

export const getDownlinkStats = defineOperation({
  id: 'API-517',
  name: 'getDownlinkStats',
  method: 'get',
  path: '/api/v6/downlinks/stats',
  tag: TAG,
  summary: 'Count commands and lights',
  description: 'Over `window_hours` (24 by default). `success_rate_percent` = confirmed or transmitted ÷ ended; null while none has ended.',
  params: nothing,
  query: z.strictObject({ site_id: uuid.optional(), window_hours: wholeNumber(1, 720).optional(), tenant_id: several(uuid).optional() }),
  body: emptyBody,
  answers: {
    200: z.object({
      queued: count,
      sent: count,
      transmitted: count,
      confirmed: count,
      superseded: count,
      expired: count,
      failed: count,
      dead_letters: count,
      success_rate_percent: z.number().nullable(),
      queue_seconds_p50: z.number().nullable(),
      queue_seconds_p95: z.number().nullable(),
      lights: z.object({ total: count, proved: count, unverified: count, pending: count, drifted: count }),
      rate: z.object({ used: count, limit: count.nullable() }),
      gateways: z.array(
        z.object({
          gateway_id: euiOut,
          airtime_used_ms: z.number(),
          airtime_budget_ms: z.number().nullable(),
          waiting: count,
          next_at: instantOut.nullable(),
        }),
      ),
      tenant_id: uuidOut,
      generated_at: instantOut,
    }),
  },
  errors: ['resource.not_found'],
  ...READ,
})

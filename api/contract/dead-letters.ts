/** Messages that could not be taken in: list, one, replay, discard (API-540 to 542). */
import { z } from 'zod'
import { listAnswer, listQuery, tenantMembers } from './list'
import { defineOperation } from './operation'
import { emptyBody, eui, euiOut, idParams, instantOut, nothing, reason, several, text, time, uuidOut } from './values'

const TAG = 'Ingest'
const READ = { permission: { subject: 'IngestDeadLetter', action: 'read' }, scope: 'admin:*', budget: 'read' } as const
const MANAGE = { permission: { subject: 'IngestDeadLetter', action: 'manage' }, scope: 'admin:*', budget: 'write' } as const
const STATUSES = ['open', 'replayed', 'discarded'] as const

export const deadLetterView = z.object({
  id: uuidOut,
  ...tenantMembers,
  source: z.string(),
  topic: z.string().nullable(),
  dev_eui: euiOut.nullable(),
  reason: z.string(),
  detail: z.string().nullable(),
  received_at: instantOut,
  attempts: z.number().int(),
  status: z.enum(STATUSES),
})

/** `raw`: what came, at most 64 KiB, bytes that are no text escaped. */
const detailView = z.object({
  ...deadLetterView.shape,
  raw: z.string(),
  raw_truncated: z.boolean(),
  resolved_at: instantOut.nullable(),
  resolve_reason: z.string().nullable(),
})

export const listDeadLetters = defineOperation({
  id: 'API-540',
  name: 'listDeadLetters',
  method: 'get',
  path: '/api/v6/ingest/dead-letters',
  tag: TAG,
  summary: 'List messages that could not be taken in',
  description: 'Newest first; `from` and `to` limit by receipt.',
  params: nothing,
  query: listQuery(['received_at', 'created_at'], {
    reason: several(text({ max: 50 })).optional(),
    dev_eui: eui.optional(),
    status: several(z.enum(STATUSES)).optional(),
    from: time.optional(),
    to: time.optional(),
  }),
  body: emptyBody,
  answers: { 200: listAnswer('dead_letters', deadLetterView) },
  ...READ,
})

export const getDeadLetter = defineOperation({
  id: 'API-540',
  name: 'getDeadLetter',
  method: 'get',
  path: '/api/v6/ingest/dead-letters/{id}',
  tag: TAG,
  summary: 'One such message',
  description: 'With what came.',
  params: idParams,
  query: nothing,
  body: emptyBody,
  answers: { 200: detailView },
  errors: ['resource.not_found'],
  tagged: true,
  ...READ,
})

export const replayDeadLetter = defineOperation({
  id: 'API-541',
  name: 'replayDeadLetter',
  method: 'post',
  path: '/api/v6/ingest/dead-letters/{id}/replay',
  tag: TAG,
  summary: 'Take it in again',
  description:
    'Runs the same path and the same dedupe as the first time. `outcome` says what became of it; a message that is refused again stays open.',
  params: idParams,
  query: nothing,
  body: emptyBody,
  takesBody: 'json',
  answers: { 200: z.object({ success: z.boolean(), message: z.string(), outcome: z.string(), dead_letter: detailView }) },
  errors: ['resource.not_found', 'resource.in_use', 'tenant.switch_required'],
  audit: 'ingest.replay',
  idempotent: true,
  ...MANAGE,
})

export const discardDeadLetter = defineOperation({
  id: 'API-542',
  name: 'discardDeadLetter',
  method: 'delete',
  path: '/api/v6/ingest/dead-letters/{id}',
  tag: TAG,
  summary: 'Put it away',
  description: 'Kept and marked, with the reason.',
  params: idParams,
  query: nothing,
  body: z.strictObject({ reason }),
  takesBody: 'json',
  answers: { 200: z.object({ success: z.literal(true), id: uuidOut, dead_letter_id: uuidOut, message: z.string() }) },
  errors: ['resource.not_found', 'tenant.switch_required'],
  audit: 'ingest.discard',
  ...MANAGE,
})

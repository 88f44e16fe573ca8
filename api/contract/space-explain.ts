/** Why a space is as it is, what it was, and everything that happened to it (API-335 to API-337). */
import { z } from 'zod'
import { listAnswer, pageQuery } from './list'
import { defineOperation } from './operation'
import { lookView } from './space-views'
import { emptyBody, idParams, instantOut, objectOut, several, time, uuidOut } from './values'

const TAG = 'Spaces'
const READ = { permission: { subject: 'Space', action: 'read' }, scope: 'spaces:read', budget: 'read' } as const
const SOURCES = ['sensor', 'manual', 'reservation', 'timer', 'policy', 'system'] as const
const TIMELINE_TYPES = ['reading', 'transition', 'command', 'report', 'booking', 'assignment', 'override', 'audit'] as const

export const cardView = z.object({
  order: z.number().int(),
  kind: z.string(),
  rule: z.string(),
  used: z.boolean(),
  /** One English sentence made from the card; the card itself is what was stored. */
  text: z.string(),
  at: instantOut.nullable(),
  ref: z.object({ type: z.string(), id: z.string() }).nullable(),
  evidence: objectOut,
})

const stepView = z.object({
  status: z.string(),
  at: instantOut,
  attempt: z.number().int().optional(),
  gateway_id: z.string().optional(),
  by: z.string().optional(),
})

export const explanationView = z.object({
  space_id: uuidOut,
  state: z.string(),
  state_reason: z.string(),
  since: instantOut,
  sequence: z.number().int(),
  until: instantOut.nullable(),
  source: z.string().nullable(),
  valid_at: instantOut.nullable(),
  recorded_at: instantOut.nullable(),
  because: z.array(cardView),
  light: z
    .object({
      device_id: uuidOut,
      desired: lookView.nullable(),
      downlink_id: uuidOut.nullable(),
      status: z.string().nullable(),
      proof: z.string(),
      missing: z.string().nullable(),
      reported_at: instantOut.nullable(),
      attempts: z.number().int(),
      payload_hex: z.string().nullable(),
      proof_reading_id: uuidOut.nullable(),
      steps: z.array(stepView),
    })
    .nullable(),
  told: z.array(z.object({ to: z.string(), at: instantOut })),
  workflow: z.object({ workflow_id: z.string(), run_id: z.string().nullable() }),
})

export const explainSpace = defineOperation({
  id: 'API-335',
  name: 'explainSpace',
  method: 'get',
  path: '/api/v6/spaces/{id}/why',
  tag: TAG,
  summary: 'Why is it so',
  description:
    'The cards that were stored with the transition, never recomputed, continued by id to the command, its attempts, the light’s own report, who was told and the workflow. `at` asks for the transition in force at a past instant, as known then.',
  params: idParams,
  query: z.strictObject({ at: time.optional() }),
  body: emptyBody,
  answers: { 200: explanationView },
  errors: ['resource.not_found'],
  ...READ,
})

export const spaceHistory = defineOperation({
  id: 'API-336',
  name: 'getSpaceHistory',
  method: 'get',
  path: '/api/v6/spaces/{id}/history',
  tag: TAG,
  summary: 'Its transitions',
  description: 'Newest first; `from` and `to` limit by recorded time.',
  params: idParams,
  query: pageQuery(['recorded_at'], { from: time.optional(), to: time.optional(), source: several(z.enum(SOURCES)).optional() }),
  body: emptyBody,
  answers: {
    200: listAnswer(
      'transitions',
      z.object({
        sequence: z.number().int(),
        from_state: z.string(),
        to_state: z.string(),
        from_reason: z.string(),
        state_reason: z.string(),
        valid_at: instantOut,
        recorded_at: instantOut,
        late: z.boolean(),
        source: z.string(),
        actor: z.object({ type: z.string(), id: z.string().nullable() }).nullable(),
        because: z.array(cardView),
        display: objectOut,
        reservation_id: uuidOut.nullable(),
        reading_id: uuidOut.nullable(),
        workflow_id: z.string().nullable(),
      }),
    ),
  },
  errors: ['resource.not_found'],
  ...READ,
})

export const spaceTimeline = defineOperation({
  id: 'API-337',
  name: 'getSpaceTimeline',
  method: 'get',
  path: '/api/v6/spaces/{id}/timeline',
  tag: TAG,
  summary: 'Everything that happened to it',
  description:
    'Readings (late and repeated ones marked), transitions, commands, light reports, bookings, assignments, overrides and audit in one line, newest first.',
  params: idParams,
  query: pageQuery(['at'], { from: time.optional(), to: time.optional(), types: several(z.enum(TIMELINE_TYPES)).optional() }),
  body: emptyBody,
  answers: {
    200: listAnswer('events', z.object({ id: z.string(), type: z.enum(TIMELINE_TYPES), at: instantOut, data: objectOut })),
  },
  errors: ['resource.not_found'],
  ...READ,
})

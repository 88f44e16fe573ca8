/** An operator's word about a space: state, block, release, belief in its sensor (API-330 to 332, API-340). */
import { z } from 'zod'
import { defineOperation } from './operation'
import { spaceView } from './space-views'
import { idParams, instantOut, nothing, reason, time, uuid, uuidOut } from './values'

const TAG = 'Spaces'
const OVERRIDE = { permission: { subject: 'Space', action: 'override' }, scope: 'spaces:write', budget: 'write', tagged: true } as const
/** `reserved` is readable here so that it can be refused by name (422 `space.state_not_settable`). */
const commanded = z.enum(['free', 'occupied', 'maintenance', 'unknown', 'reserved'])

const stateMembers = {
  state: commanded.optional(),
  status: commanded.optional(),
  new_state: commanded.optional(),
  reason: reason.optional(),
  until: time.optional(),
}
/** Older clients may know these names; they are what the sensor and the light say, not what a person sets. */
const refused = z
  .unknown()
  .refine((value) => value === undefined, { params: { issue: 'read_only' }, message: 'cannot be written' })
  .optional()
  .meta({ readOnly: true })

export const setSpaceState = defineOperation({
  id: 'API-330',
  name: 'setSpaceState',
  method: 'put',
  path: '/api/v6/spaces/{id}/state',
  aliases: [{ name: 'postSpaceState', method: 'post', path: '/api/v6/spaces/{id}/state' }],
  tag: TAG,
  summary: 'Set the state by hand',
  description:
    '`maintenance` opens a block; `free` and `occupied` end a block set this way and record a statement that the next newer reading supersedes; `unknown` withdraws the statement. `reserved` needs a booking. The answer shows what the rules made of it. The members may also be query parameters.',
  params: idParams,
  query: z.strictObject({ ...stateMembers, source: z.string().max(50).optional(), sensor_state: refused, display_state: refused }),
  body: z.strictObject(stateMembers),
  takesBody: 'json',
  answers: {
    200: z.object({
      success: z.literal(true),
      space_id: uuidOut,
      previous_state: z.string(),
      current_state: z.string(),
      requested_state: z.string(),
      changed: z.boolean(),
      source: z.literal('manual'),
      sequence: z.number().int(),
      until: instantOut.nullable(),
      message: z.string(),
      space: spaceView,
    }),
  },
  errors: ['resource.not_found', 'space.state_not_settable', 'tenant.switch_required'],
  audit: 'space.override',
  idempotent: true,
  examples: [{ summary: 'A car stands there', body: { state: 'occupied', reason: 'Seen on my round' } }],
  ...OVERRIDE,
})

const overrideBody = z
  .strictObject({ kind: z.enum(['blocked', 'out_of_service']), reason, from: time.optional(), until: time.optional() })
  .refine(
    ({ from, until }) =>
      from === undefined || until === undefined || until.wallClock > from.wallClock || (from.instant === null) !== (until.instant === null),
    {
      path: ['until'],
      params: { issue: 'invalid_time' },
      message: 'must be after from',
    },
  )

const overrideAnswer = z.object({
  ...spaceView.shape,
  override_id: uuidOut,
  affected_reservations: z.array(z.object({ id: uuidOut, start_time: instantOut, end_time: instantOut, status: z.string() })),
})

export const addOverride = defineOperation({
  id: 'API-331',
  name: 'addSpaceOverride',
  method: 'post',
  path: '/api/v6/spaces/{id}/overrides',
  tag: TAG,
  summary: 'Block a space or take it out of service',
  description: 'Several may be open; the rules rank them. Bookings that overlap are listed, not cancelled.',
  params: idParams,
  query: nothing,
  body: overrideBody,
  takesBody: 'json',
  answers: { 201: overrideAnswer },
  errors: ['resource.not_found', 'tenant.switch_required'],
  audit: 'space.block',
  idempotent: true,
  examples: [{ summary: 'Until tomorrow', body: { kind: 'blocked', reason: 'Painting the lines', until: '2026-07-02T06:00:00Z' } }],
  ...OVERRIDE,
})

export const replaceOverride = defineOperation({
  id: 'API-331',
  name: 'replaceSpaceOverride',
  method: 'put',
  path: '/api/v6/spaces/{id}/override',
  tag: TAG,
  summary: 'Block a space, replacing the block of that kind',
  description: 'An open override of the same kind ends; the new one takes its place.',
  params: idParams,
  query: nothing,
  body: overrideBody,
  takesBody: 'json',
  answers: { 200: overrideAnswer },
  errors: ['resource.not_found', 'tenant.switch_required'],
  audit: 'space.block',
  ...OVERRIDE,
})

const releaseBody = z.strictObject({ reason: reason.optional() })

export const endOverride = defineOperation({
  id: 'API-332',
  name: 'endSpaceOverride',
  method: 'delete',
  path: '/api/v6/spaces/{id}/overrides/{override_id}',
  tag: TAG,
  summary: 'Release one block',
  description: 'Already ended: the space is answered unchanged.',
  params: z.strictObject({ id: uuid, override_id: uuid }),
  query: nothing,
  body: releaseBody,
  takesBody: 'json',
  answers: { 200: spaceView },
  errors: ['resource.not_found', 'tenant.switch_required'],
  audit: 'space.unblock',
  ...OVERRIDE,
})

export const endOverrides = defineOperation({
  id: 'API-332',
  name: 'endSpaceOverrides',
  method: 'delete',
  path: '/api/v6/spaces/{id}/override',
  tag: TAG,
  summary: 'Release all blocks',
  description: 'None open: the space is answered unchanged.',
  params: idParams,
  query: nothing,
  body: releaseBody,
  takesBody: 'json',
  answers: { 200: spaceView },
  errors: ['resource.not_found', 'tenant.switch_required'],
  audit: 'space.unblock',
  ...OVERRIDE,
})

export const clearSuspect = defineOperation({
  id: 'API-340',
  name: 'clearSpaceSuspect',
  method: 'delete',
  path: '/api/v6/spaces/{id}/suspect',
  tag: TAG,
  summary: 'Believe the sensor again',
  description: 'Clears the suspicion of a sensor that changed its mind too often; not suspect: unchanged.',
  params: idParams,
  query: nothing,
  body: z.strictObject({ reason }),
  takesBody: 'json',
  answers: { 200: spaceView },
  errors: ['resource.not_found', 'tenant.switch_required'],
  audit: 'space.clear_suspect',
  ...OVERRIDE,
})

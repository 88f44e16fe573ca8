/** Reading spaces: list, one, counters, the whole grid at once (API-320, 321, 327, 338). */
import { z } from 'zod'
import { listAnswer, listQuery } from './list'
import { defineOperation } from './operation'
import { PROOFS, SPACE_KINDS, SPACE_STATES, STATE_REASONS, lookView, spaceView } from './space-views'
import { emptyBody, flag, idParams, instantOut, nothing, several, text, time, uuid, uuidOut } from './values'

const TAG = 'Spaces'
const READ = { permission: { subject: 'Space', action: 'read' }, scope: 'spaces:read', budget: 'read' } as const

const SPACE_SORT_KEYS = [
  'code',
  'name',
  'site_name',
  'current_state',
  'state_changed_at',
  'last_heard_at',
  'floor',
  'zone',
  'created_at',
] as const

/** Filters of API-234, shared by the list and the counters. */
const spaceFilters = {
  site_id: several(uuid).optional(),
  current_state: several(z.enum(SPACE_STATES)).optional(),
  status: several(z.enum(SPACE_STATES)).optional(),
  state_reason: several(z.enum(STATE_REASONS)).optional(),
  building: several(text({ max: 100 })).optional(),
  floor: several(text({ max: 20 })).optional(),
  zone: several(text({ max: 50 })).optional(),
  kind: several(z.enum(SPACE_KINDS)).optional(),
  label: several(text({ max: 40 })).optional(),
  enabled: flag.optional(),
  is_reservable: flag.optional(),
  has_sensor: flag.optional(),
  has_display: flag.optional(),
  overridden: flag.optional(),
  suspect: flag.optional(),
  alert: flag.optional(),
  proof: several(z.enum(PROOFS)).optional(),
}

export const listSpaces = defineOperation({
  id: 'API-320',
  name: 'listSpaces',
  method: 'get',
  path: '/api/v6/spaces',
  tag: TAG,
  summary: 'List spaces',
  description:
    'Natural order of code (A-2 before A-10). Device blocks with `include_devices=true`, current or next booking with `include_reservation=true`.',
  params: nothing,
  query: listQuery(SPACE_SORT_KEYS, { ...spaceFilters, include_devices: flag.optional(), include_reservation: flag.optional() }),
  body: emptyBody,
  answers: { 200: listAnswer('spaces', spaceView) },
  ...READ,
})

export const getSpace = defineOperation({
  id: 'API-321',
  name: 'getSpace',
  method: 'get',
  path: '/api/v6/spaces/{id}',
  tag: TAG,
  summary: 'One space',
  description: 'With its devices, its current or next booking and its open stay.',
  params: idParams,
  query: nothing,
  body: emptyBody,
  answers: { 200: spaceView },
  errors: ['resource.not_found'],
  tagged: true,
  ...READ,
})

const count = z.number().int()

export const getSpaceStats = defineOperation({
  id: 'API-327',
  name: 'getSpaceStats',
  method: 'get',
  path: '/api/v6/spaces/stats',
  aliases: [{ name: 'getSpaceOccupancyStats', method: 'get', path: '/api/v6/spaces/stats/occupancy' }],
  tag: TAG,
  summary: 'Count spaces by state',
  description: 'The five states always add up to `total_spaces`.',
  params: nothing,
  query: z.strictObject({
    ...spaceFilters,
    site_id: uuid.optional(),
    q: text({ max: 100 }).optional(),
    search: text({ max: 100 }).optional(),
    tenant_id: several(uuid).optional(),
  }),
  body: emptyBody,
  answers: {
    200: z.object({
      total_spaces: count,
      free: count,
      occupied: count,
      reserved: count,
      maintenance: count,
      unknown: count,
      available: count,
      occupancy_rate: z.number(),
      site_id: uuidOut.optional(),
      tenant_id: uuidOut,
      unknown_reasons: z.record(z.string(), count),
      by_kind: z.record(z.string(), count),
      generated_at: instantOut,
    }),
  },
  errors: ['resource.not_found'],
  ...READ,
})

export const getSpaceStates = defineOperation({
  id: 'API-338',
  name: 'getSpaceStates',
  method: 'get',
  path: '/api/v6/spaces/states',
  tag: TAG,
  summary: 'The whole grid at once',
  description:
    'Compact rows, not paged: now; what changed since an earlier answer (`changed_since` = its `cursor`); or as it was known at a past instant (`at` with `known=then`). `known=now` for a past instant is not offered yet.',
  params: nothing,
  query: z
    .strictObject({
      site_id: uuid.optional(),
      at: time.optional(),
      known: z.enum(['now', 'then']).optional(),
      changed_since: text({ max: 200 }).optional(),
    })
    .refine(({ at, changed_since }) => at === undefined || changed_since === undefined, {
      path: ['changed_since'],
      params: { issue: 'conflict_with_field' },
      message: 'give at or changed_since, not both',
    })
    .refine(({ at, known }) => at === undefined || known === 'then', {
      path: ['known'],
      params: { issue: 'invalid_enum' },
      message: 'only then is offered for a past instant',
    }),
  body: emptyBody,
  answers: {
    200: z.object({
      at: instantOut,
      known: z.enum(['now', 'then']),
      cursor: z.string(),
      spaces: z.array(
        z.object({
          space_id: uuidOut,
          code: z.string(),
          state: z.enum(SPACE_STATES),
          state_reason: z.string(),
          since: instantOut,
          sequence: count,
          display: lookView.nullable(),
        }),
      ),
      tenant_id: uuidOut,
    }),
  },
  errors: ['resource.not_found'],
  ...READ,
})

/** Car parks and their counters (api-v6 § 8, read side). */
import { z } from 'zod'
import { listAnswer, listQuery, tenantMembers } from './list'
import { defineOperation } from './operation'
import { emptyBody, flag, idParams, instantOut, nothing, objectOut, several, text, uuidOut } from './values'

const TAG = 'Sites'
const READ = { permission: { subject: 'Site', action: 'read' }, scope: 'sites:read', budget: 'read' } as const
const count = z.number().int()

export const siteView = z.object({
  id: uuidOut,
  ...tenantMembers,
  name: z.string(),
  slug: z.string(),
  address: z.string().nullable(),
  city: z.string().nullable(),
  state: z.string().nullable(),
  postal_code: z.string().nullable(),
  country: z.string().nullable(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  timezone: z.string(),
  settings: objectOut,
  is_active: z.boolean(),
  metadata: objectOut,
  space_count: count,
  device_count: count,
  gateway_count: count,
  free_spaces: count,
  occupied_spaces: count,
  reserved_spaces: count,
  maintenance_spaces: count,
  unknown_spaces: count,
  occupancy_rate: z.number(),
  gateways_online: count,
  created_at: instantOut,
  updated_at: instantOut,
  version: count,
})

export const occupancyView = z.object({
  site_id: uuidOut,
  site_name: z.string(),
  site_code: z.string(),
  total_spaces: count,
  free: count,
  occupied: count,
  reserved: count,
  maintenance: count,
  unknown: count,
  available: count,
  occupancy_rate: z.number(),
  tenant_id: uuidOut,
  generated_at: instantOut,
})

const SITE_SORT_KEYS = ['name', 'slug', 'created_at', 'space_count', 'occupancy_rate'] as const

export const listSites = defineOperation({
  id: 'API-300',
  name: 'listSites',
  method: 'get',
  path: '/api/v6/sites',
  tag: TAG,
  summary: 'List car parks',
  description: 'With their counters, always. `include_stats` is accepted for older clients and changes nothing.',
  params: nothing,
  query: listQuery(SITE_SORT_KEYS, {
    is_active: flag.optional(),
    country: several(text({ max: 100 })).optional(),
    city: several(text({ max: 100 })).optional(),
    has_alerts: flag.optional(),
    include_stats: flag.optional(),
  }),
  body: emptyBody,
  answers: { 200: listAnswer('sites', siteView) },
  ...READ,
})

export const getSite = defineOperation({
  id: 'API-301',
  name: 'getSite',
  method: 'get',
  path: '/api/v6/sites/{id}',
  tag: TAG,
  summary: 'One car park',
  description: 'With its counters.',
  params: idParams,
  query: nothing,
  body: emptyBody,
  answers: { 200: siteView },
  errors: ['resource.not_found'],
  tagged: true,
  ...READ,
})

export const getSiteOccupancy = defineOperation({
  id: 'API-302',
  name: 'getSiteOccupancy',
  method: 'get',
  path: '/api/v6/sites/{id}/occupancy',
  tag: TAG,
  summary: 'How full is it',
  description: '`occupancy_rate` = occupied ÷ total × 100; 0 when there are no spaces.',
  params: idParams,
  query: nothing,
  body: emptyBody,
  answers: { 200: occupancyView },
  errors: ['resource.not_found'],
  ...READ,
})

export const getAllOccupancy = defineOperation({
  id: 'API-303',
  name: 'getAllOccupancy',
  method: 'get',
  path: '/api/v6/sites/occupancy/all',
  tag: TAG,
  summary: 'How full are all',
  description: 'A bare array, one object per car park, by name.',
  params: nothing,
  query: nothing,
  body: emptyBody,
  answers: { 200: z.array(occupancyView) },
  ...READ,
})

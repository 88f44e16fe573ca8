/** Sensors and lights: list and one (API-350 to API-352). */
import { z } from 'zod'
import { listAnswer, listQuery, tenantMembers } from './list'
import { defineOperation } from './operation'
import { PROOFS } from './space-views'
import {
  decimalNumber,
  emptyBody,
  euiOut,
  flag,
  instantOut,
  nothing,
  objectOut,
  several,
  text,
  time,
  uuid,
  uuidOrEui,
  uuidOut,
} from './values'

const TAG = 'Devices'
const DEVICE_READ = { permission: { subject: 'Device', action: 'read' }, scope: 'devices:read', budget: 'read' } as const
const LIFECYCLE = ['discovered', 'provisioned', 'commissioned', 'operational', 'maintenance', 'decommissioned', 'retired'] as const
const STATUSES = ['unassigned', 'assigned', 'active', 'inactive', 'maintenance', 'retired'] as const
const KINDS = { sensor: 'sensor', parking_sensor: 'sensor', display: 'display', 'e-paper_display': 'display', light: 'display' } as const
const SYNC = ['pending', 'synced', 'error', 'drift', 'none'] as const

const kind = z.enum(['sensor', 'parking_sensor', 'display', 'e-paper_display', 'light']).transform((word) => KINDS[word])
const kindFilter = several(kind).optional()

export const deviceView = z.object({
  id: uuidOut,
  ...tenantMembers,
  dev_eui: euiOut,
  kind: z.enum(['sensor', 'display']),
  type: z.enum(['sensor', 'display']),
  device_type: z.string().nullable(),
  manufacturer: z.string().nullable(),
  model: z.string().nullable(),
  name: z.string(),
  description: z.string().nullable(),
  location: z.string().nullable(),
  status: z.enum(STATUSES),
  lifecycle_state: z.enum(LIFECYCLE),
  enabled: z.boolean(),
  space_id: uuidOut.nullable(),
  space_code: z.string().nullable(),
  site_id: uuidOut.nullable(),
  site_name: z.string().nullable(),
  assigned_at: instantOut.nullable(),
  last_seen_at: instantOut.nullable(),
  is_online: z.boolean(),
  online_reason: z.enum(['heard_within_limit', 'silent_too_long', 'never_heard']),
  battery_volts: z.number().nullable(),
  battery_percent: z.number().nullable(),
  rssi_dbm: z.number().nullable(),
  snr_db: z.number().nullable(),
  last_gateway_id: euiOut.nullable(),
  suspect: z.object({ since: instantOut, changes_last_hour: z.number().int() }).nullable(),
  chirpstack_sync_status: z.enum(SYNC),
  chirpstack_last_sync_at: instantOut.nullable(),
  chirpstack_error: z.string().nullable(),
  chirpstack_application_id: z.string().nullable(),
  device_profile_id: z.string().nullable(),
  join_eui: euiOut.nullable(),
  provisioning_job_id: uuidOut.nullable(),
  config: objectOut,
  metadata: objectOut,
  desired: z
    .object({ situation: z.string().nullable(), color: z.string(), pattern: z.string(), since: instantOut.nullable() })
    .nullable()
    .optional(),
  reported: z.object({ color: z.string(), pattern: z.string(), at: instantOut }).nullable().optional(),
  proof: z.enum(PROOFS).optional(),
  waiting_for: z.string().nullable().optional(),
  archived_at: instantOut.nullable(),
  version: z.number().int(),
  created_at: instantOut,
  updated_at: instantOut,
})

const detailView = z.object({
  ...deviceView.shape,
  assignment: z
    .object({
      space_id: uuidOut,
      space_code: z.string(),
      assigned_at: instantOut,
      assigned_by: z.string().nullable(),
      reason: z.string().nullable(),
    })
    .nullable(),
  allowed_transitions: z.array(z.enum(LIFECYCLE)),
  gateways: z.array(
    z.object({ gateway_id: euiOut, last_heard_at: instantOut, rssi_dbm: z.number().nullable(), snr_db: z.number().nullable() }),
  ),
  problems: z.array(z.object({ code: z.string(), detail: z.string(), since: instantOut.nullable(), count: z.number().int().optional() })),
})

const DEVICE_SORT_KEYS = ['created_at', 'name', 'dev_eui', 'status', 'lifecycle_state', 'last_seen_at', 'battery_volts'] as const

const filters = {
  status: several(z.enum(STATUSES)).optional(),
  lifecycle_state: several(z.enum(LIFECYCLE)).optional(),
  site_id: several(uuid).optional(),
  space_id: several(uuid).optional(),
  assigned: flag.optional(),
  is_online: flag.optional(),
  model: several(text({ max: 100 })).optional(),
  suspect: flag.optional(),
  sync_status: several(z.enum(SYNC)).optional(),
  proof: several(z.enum(PROOFS)).optional(),
  battery_below_volts: decimalNumber(0, 100).optional(),
  battery_low: flag.optional(),
  silent: flag.optional(),
  silent_since: time.optional(),
  include_stats: flag.optional(),
  include_archived: flag.optional(),
}

const listShape = {
  params: nothing,
  body: emptyBody,
  answers: { 200: listAnswer('devices', deviceView).loose() },
  tag: TAG,
  ...DEVICE_READ,
}

export const listDevices = defineOperation({
  id: 'API-350',
  name: 'listDevices',
  method: 'get',
  path: '/api/v6/devices',
  summary: 'List sensors and lights',
  description: 'Both kinds. `include_stats=true` adds counters to the envelope.',
  query: listQuery(DEVICE_SORT_KEYS, { ...filters, kind: kindFilter, type: kindFilter, device_type: kindFilter }),
  ...listShape,
})

export const listSensors = defineOperation({
  id: 'API-351',
  name: 'listSensors',
  method: 'get',
  path: '/api/v6/devices/sensors',
  summary: 'List sensors',
  description: 'As the list of devices, sensors alone.',
  query: listQuery(DEVICE_SORT_KEYS, filters),
  ...listShape,
})

export const listDisplays = defineOperation({
  id: 'API-351',
  name: 'listDisplays',
  method: 'get',
  path: '/api/v6/devices/displays',
  summary: 'List lights',
  description: 'As the list of devices, lights alone.',
  query: listQuery(DEVICE_SORT_KEYS, filters),
  ...listShape,
})

const deviceParams = z.strictObject({ id: uuidOrEui })

export const getDevice = defineOperation({
  id: 'API-352',
  name: 'getDevice',
  method: 'get',
  path: '/api/v6/devices/{id}',
  tag: TAG,
  summary: 'One device',
  description: 'By UUID or EUI; with its assignment, the steps its life may take, who hears it, and its problems in plain words.',
  params: deviceParams,
  query: nothing,
  body: emptyBody,
  answers: { 200: detailView },
  errors: ['resource.not_found'],
  tagged: true,
  ...DEVICE_READ,
})

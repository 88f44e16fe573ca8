/** Sensors and lights: list, one, readings, counters (API-350 to 352, 361, 371). */
import { z } from 'zod'
import { listAnswer, listQuery, pageQuery, tenantMembers } from './list'
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
  wholeNumber,
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

export const listReadings = defineOperation({
  id: 'API-361',
  name: 'listDeviceReadings',
  method: 'get',
  path: '/api/v6/devices/{id}/readings',
  tag: TAG,
  summary: 'What it reported',
  description: 'Newest first. `from` and `to` at most 31 days apart; without them the last 31 days.',
  params: deviceParams,
  query: pageQuery(['received_at'], { from: time.optional(), to: time.optional() }),
  body: emptyBody,
  answers: {
    200: listAnswer(
      'readings',
      z.object({
        id: uuidOut,
        received_at: instantOut,
        heard_at: instantOut,
        recorded_at: instantOut,
        f_cnt: z.number().int().nullable(),
        f_port: z.number().int().nullable(),
        occupied: z.boolean().nullable(),
        battery_volts: z.number().nullable(),
        temperature_celsius: z.number().nullable(),
        rssi_dbm: z.number().nullable(),
        snr_db: z.number().nullable(),
        gateway_id: euiOut.nullable(),
        verdict: z.enum(['applied', 'same', 'stored', 'late', 'undecoded']),
        repeat_count: z.number().int(),
        raw_payload: z.string().nullable(),
        decode_error: z.string().nullable(),
      }),
    ),
  },
  errors: ['resource.not_found'],
  ...DEVICE_READ,
})

const count = z.number().int()

export const getDeviceStats = defineOperation({
  id: 'API-371',
  name: 'getDeviceStats',
  method: 'get',
  path: '/api/v6/devices/stats',
  tag: TAG,
  summary: 'Count devices',
  description: 'Archived devices are not counted.',
  params: nothing,
  query: z.strictObject({ site_id: uuid.optional(), tenant_id: several(uuid).optional() }),
  body: emptyBody,
  answers: {
    200: z.object({
      sensors: z.object({
        total: count,
        assigned: count,
        unassigned: count,
        active: count,
        silent: count,
        battery_low: count,
        suspect: count,
      }),
      displays: z.object({
        total: count,
        assigned: count,
        unassigned: count,
        active: count,
        silent: count,
        proved: count,
        unverified: count,
        pending: count,
        drifted: count,
      }),
      orphans: count,
      tenant_id: uuidOut,
    }),
  },
  errors: ['resource.not_found'],
  ...DEVICE_READ,
})

export const listDeviceModels = defineOperation({
  id: 'API-370',
  name: 'listDeviceModels',
  method: 'get',
  path: '/api/v6/device-models',
  tag: TAG,
  summary: 'List device models',
  description: 'What the codecs can read and drive, and how long each model may be silent.',
  params: nothing,
  query: z.strictObject({ page: wholeNumber(1, 1_000).optional(), page_size: wholeNumber(1, 500).optional() }),
  body: emptyBody,
  answers: {
    200: listAnswer(
      'models',
      z.object({
        key: z.string(),
        manufacturer: z.string(),
        name: z.string(),
        kind: z.enum(['sensor', 'display']),
        f_ports: z.array(z.number().int()),
        capabilities: z.object({ colors: z.array(z.string()), patterns: z.array(z.string()), reports_state: z.boolean() }),
        freshness: z.object({ occupied_seconds: count, free_seconds: count, other_seconds: count }),
      }),
    ),
  },
  ...DEVICE_READ,
})

/** What devices reported, counters of them, and the models that can be read (API-361, API-370, API-371). */
import { z } from 'zod'
import { listAnswer, pageQuery } from './list'
import { defineOperation } from './operation'
import { emptyBody, euiOut, instantOut, nothing, several, time, uuid, uuidOrEui, uuidOut, wholeNumber } from './values'

const TAG = 'Devices'
const DEVICE_READ = { permission: { subject: 'Device', action: 'read' }, scope: 'devices:read', budget: 'read' } as const
const deviceParams = z.strictObject({ id: uuidOrEui })

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

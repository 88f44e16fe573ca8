/** How a space looks in answers: whole, in lists, and with its stay, right and devices (api-v6 § 9). */
import { z } from 'zod'
import { tenantMembers } from './list'
import { euiOut, instantOut, objectOut, uuidOut } from './values'

export const SPACE_STATES = ['free', 'occupied', 'reserved', 'maintenance', 'unknown'] as const
export const STATE_REASONS = [
  'blocked',
  'out_of_service',
  'sensor_occupied',
  'sensor_free',
  'manual_occupied',
  'manual_free',
  'reserved',
  'soon',
  'never_heard',
  'sensor_silent',
  'gateway_down',
  'sensor_suspect',
  'no_sensor',
] as const
export const SPACE_KINDS = ['standard', 'accessible', 'ev', 'family', 'motorcycle', 'truck', 'delivery'] as const
export const PROOFS = ['proved', 'unverified', 'pending', 'drifted', 'none'] as const

export const lookView = z.object({ color: z.string(), pattern: z.string() })

export const deviceBlock = z.object({
  id: uuidOut,
  dev_eui: euiOut,
  name: z.string(),
  status: z.string(),
  is_online: z.boolean(),
  last_seen_at: instantOut.nullable(),
})

export const overrideView = z.object({
  id: uuidOut,
  kind: z.enum(['out_of_service', 'blocked', 'occupied', 'free']),
  reason: z.string().nullable(),
  from: instantOut,
  until: instantOut.nullable(),
  by: z.object({ type: z.string(), id: z.string().nullable() }),
  created_at: instantOut,
})

const displayView = z.object({
  situation: z.string().nullable(),
  color: z.string().nullable(),
  pattern: z.string().nullable(),
  policy_id: uuidOut.nullable(),
  policy_version: z.number().int(),
  proof: z.enum(PROOFS),
  downlink_id: uuidOut.nullable(),
  reported_at: instantOut.nullable(),
})

export const spaceView = z.object({
  id: uuidOut,
  ...tenantMembers,
  site_id: uuidOut,
  site_name: z.string(),
  code: z.string(),
  name: z.string(),
  display_name: z.string().nullable(),
  building: z.string().nullable(),
  floor: z.string().nullable(),
  zone: z.string().nullable(),
  kind: z.enum(SPACE_KINDS),
  labels: z.array(z.string()),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  enabled: z.boolean(),
  is_reservable: z.boolean(),
  auto_release_minutes: z.number().int().nullable(),
  config: objectOut,
  metadata: objectOut,
  current_state: z.enum(SPACE_STATES),
  state_reason: z.enum(STATE_REASONS),
  state_changed_at: instantOut,
  state_sequence: z.number().int(),
  state_until: instantOut.nullable(),
  last_heard_at: instantOut.nullable(),
  sensor_state: z.string().nullable(),
  display_state: z.string().nullable(),
  display: displayView.nullable(),
  sensor_device_id: uuidOut.nullable(),
  display_device_id: uuidOut.nullable(),
  sensor_device: deviceBlock.nullable().optional(),
  display_device: deviceBlock.nullable().optional(),
  override: overrideView.nullable(),
  overrides: z.array(overrideView),
  reservation: z
    .object({ id: uuidOut, status: z.string(), start_time: instantOut, end_time: instantOut, user_name: z.string().nullable() })
    .nullable()
    .optional(),
  session: z.object({ id: uuidOut, started_at: instantOut }).nullable().optional(),
  suspect: z.object({ since: instantOut, changes_last_hour: z.number().int() }).nullable(),
  version: z.number().int(),
  created_at: instantOut,
  updated_at: instantOut,
})

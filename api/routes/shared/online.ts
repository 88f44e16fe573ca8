/** Whether a device counts as online: heard within what its model and its last word allow (DOM-230, DOM-231). */
import { freshnessWindow, type LivenessConfig } from '#domain/device/freshness'
import type { Instant } from '#domain/shared/instant'

export interface HeardDevice {
  readonly kind: 'sensor' | 'display'
  readonly model: string | null
  readonly config: Readonly<Record<string, unknown>>
  readonly value: 'occupied' | 'free' | null
  readonly lastHeardAt: Instant | null
}

export type OnlineReason = 'heard_within_limit' | 'silent_too_long' | 'never_heard'

/** A light reports every 30 min unless its configuration says otherwise; 2.5 intervals without a word are silence (DOM-231). */
const STATUS_INTERVAL_SECONDS = 30 * 60
const INTERVALS_TOLERATED = 2.5

/** How long this device may be silent, in seconds. */
export function silenceLimitSeconds({ kind, model, config, value }: Omit<HeardDevice, 'lastHeardAt'>): number {
  if (kind === 'display') return INTERVALS_TOLERATED * numberIn(config, 'status_interval_seconds', STATUS_INTERVAL_SECONDS)
  const window = freshnessWindow({ model: model ?? '', config: config as LivenessConfig }) // checked when it was stored
  if (value === null) return Math.max(window.occupiedSeconds, window.freeSeconds)
  return value === 'occupied' ? window.occupiedSeconds : window.freeSeconds
}

export function onlineReason(device: HeardDevice, now: Instant): OnlineReason {
  if (device.lastHeardAt === null) return 'never_heard'
  return now < device.lastHeardAt + silenceLimitSeconds(device) * 1000 ? 'heard_within_limit' : 'silent_too_long'
}

export const isOnline = (device: HeardDevice, now: Instant): boolean => onlineReason(device, now) === 'heard_within_limit'

function numberIn(config: Readonly<Record<string, unknown>>, member: string, otherwise: number): number {
  const value = config[member]
  return typeof value === 'number' && value > 0 ? value : otherwise
}

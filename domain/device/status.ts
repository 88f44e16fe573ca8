/** The one-word status that older clients read; derived, never stored by hand (DOM-513, D-50). */
import type { Instant } from '../shared/instant'
import type { Lifecycle } from './lifecycle'

export type DeviceStatus = 'unassigned' | 'assigned' | 'active' | 'inactive' | 'maintenance' | 'retired'

export interface DeviceStanding {
  readonly lifecycle: Lifecycle
  readonly enabled: boolean
  readonly assignedSpaceId: string | null
  readonly assignedAt: Instant | null
  readonly lastSeenAt: Instant | null
}

/** The first that applies, in the order of DOM-513. `active` = heard since it was assigned. */
export function deviceStatus(device: DeviceStanding): DeviceStatus {
  if (device.lifecycle === 'retired') return 'retired'
  if (device.lifecycle === 'decommissioned' || !device.enabled) return 'inactive'
  if (device.lifecycle === 'maintenance') return 'maintenance'
  if (device.assignedSpaceId === null) return 'unassigned'
  return wasHeardSinceAssignment(device) ? 'active' : 'assigned'
}

function wasHeardSinceAssignment({ lastSeenAt, assignedAt }: DeviceStanding): boolean {
  return lastSeenAt !== null && (assignedAt === null || lastSeenAt >= assignedAt)
}

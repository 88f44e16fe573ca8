/** Counters of devices by kind (API-371, API-235 `include_stats`). */
import type { Repositories } from '../shared/repositories'

export type DeviceCount = Awaited<ReturnType<Repositories['devices']['countsOf']>>[number]

const NONE: Omit<DeviceCount, 'kind'> = {
  total: 0,
  assigned: 0,
  active: 0,
  inactive: 0,
  online: 0,
  silent: 0,
  batteryLow: 0,
  suspect: 0,
  proved: 0,
  unverified: 0,
  pending: 0,
  drifted: 0,
}

const ofKind = (counts: readonly DeviceCount[], kind: DeviceCount['kind']) =>
  counts.find((count) => count.kind === kind) ?? { kind, ...NONE }

export function presentDeviceStats(counts: readonly DeviceCount[], { orphans, tenantId }: { orphans: number; tenantId: string }) {
  return {
    sensors: presentSensors(ofKind(counts, 'sensor')),
    displays: presentDisplays(ofKind(counts, 'display')),
    orphans,
    tenant_id: tenantId,
  }
}

function presentSensors({ total, assigned, active, silent, batteryLow, suspect }: DeviceCount) {
  return { total, assigned, unassigned: total - assigned, active, silent, battery_low: batteryLow, suspect }
}

function presentDisplays({ total, assigned, active, silent, proved, unverified, pending, drifted }: DeviceCount) {
  return { total, assigned, unassigned: total - assigned, active, silent, proved, unverified, pending, drifted }
}

/** Over the rows of a list, both kinds together. */
export function presentListStats(counts: readonly DeviceCount[]) {
  const sum = (member: 'total' | 'assigned' | 'active' | 'inactive' | 'online') => counts.reduce((all, count) => all + count[member], 0)
  const [total, assigned, online] = [sum('total'), sum('assigned'), sum('online')]
  return {
    total,
    assigned,
    unassigned: total - assigned,
    active: sum('active'),
    inactive: sum('inactive'),
    online,
    offline: total - online,
  }
}

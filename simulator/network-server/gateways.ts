/** Gateways: their statistics frames, and what the server concludes from silence (LW-169). */
import type { GatewayRecord } from './state'
import type { Simulation } from './simulation'

const STATS_INTERVAL_MS = 30_000

/** When the server last heard it: statistics come every 30 s while it is online. Null = never. */
export function gatewayLastSeen(gateway: GatewayRecord, now: number): number | null {
  const { firstSeenAt, silentSince } = gateway
  if (firstSeenAt === null) return null
  const until = silentSince ?? now
  return firstSeenAt + Math.floor((until - firstSeenAt) / STATS_INTERVAL_MS) * STATS_INTERVAL_MS
}

export type GatewayHealth = 'NEVER_SEEN' | 'ONLINE' | 'OFFLINE'

/** OFFLINE after more than two missed statistics frames. */
export function gatewayHealth(gateway: GatewayRecord, now: number): GatewayHealth {
  const lastSeen = gatewayLastSeen(gateway, now)
  if (lastSeen === null) return 'NEVER_SEEN'
  return now - lastSeen > 2 * STATS_INTERVAL_MS ? 'OFFLINE' : 'ONLINE'
}

export function setGatewayOnline(gateway: GatewayRecord, isOnline: boolean, now: number): void {
  if (gateway.isOnline === isOnline) return
  gateway.isOnline = isOnline
  if (isOnline) Object.assign(gateway, { firstSeenAt: now, silentSince: null })
  else gateway.silentSince = now
}

/** Whether it hears and sends now; `gateway.offline` faults count. */
export function isGatewayUp({ faults }: Simulation, gateway: GatewayRecord): boolean {
  return gateway.isOnline && faults.strike('gateway.offline', { gateway_id: gateway.message.getGatewayId() }) === null
}

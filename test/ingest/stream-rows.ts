/** A sensor in its bay and the cursor of one that was never heard, as ingest reads them. */
import type { IngestDevice, StreamCursor } from '#api/ingest/rows'
import { NEW_CURSOR } from '#domain/device/frame-cursor'

/** 2026-07-01 12:00 UTC, an hour after the sensor came into its bay. */
export const T0 = Date.UTC(2026, 6, 1, 12)

/** Browan TBMS100, port 102. */
export const OCCUPIED = '01BB340400DC7801'
export const FREE = '00BB340400DC7801'

export const SENSOR: IngestDevice = {
  tenantId: 't',
  deviceId: 'd',
  devEui: '58a0cb0000115b4e',
  kind: 'sensor',
  model: 'browan-tbms100',
  config: {},
  lifecycleState: 'operational',
  status: 'active',
  enabled: true,
  assignedSpaceId: 's',
  assignedAt: T0 - 3_600_000,
  lastSeenAt: null,
  batteryVolts: null,
  batteryPercent: null,
}

/** Never heard. */
export const CURSOR: StreamCursor = {
  ...NEW_CURSOR,
  tenantId: 't',
  deviceId: 'd',
  lastReceivedAt: null,
  projectNext: false,
  value: null,
  valueHeardAt: null,
  valueReadingId: null,
  flips: [],
  suspectSince: null,
  learningLeft: 0,
  batteryLowCount: 0,
  lastRssiDbm: null,
  lastSnrDb: null,
  lastGatewayEui: null,
  deviceClass: null,
  firmware: null,
  framesLost: 0,
}

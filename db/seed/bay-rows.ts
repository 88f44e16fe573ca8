/** A demo bay's past → rows by table: cursors, routes, readings, transitions, stays. */
import { iso, type RowsByTable, type SeedRow } from './insert-rows'
import type { SeedBayHistory, SeedDevice, SeedOptions, SeedTenant } from './seed-plan'

interface Played {
  readonly device: SeedDevice
  readonly gatewayEui: string
  readonly past: SeedBayHistory
}

/** The gateway that hears a device: the first online one of its site, else any of the tenant. */
function gatewayFor(tenant: SeedTenant, device: SeedDevice): string | null {
  const online = tenant.gateways.filter((gateway) => gateway.online)
  return (online.find(({ siteId }) => siteId === device.siteId) ?? online[0])?.eui ?? null
}

function playedSensors(tenant: SeedTenant, { history }: SeedOptions): Played[] {
  return tenant.devices.flatMap((device) => {
    const gatewayEui = gatewayFor(tenant, device)
    if (device.kind !== 'sensor' || device.spaceId === null || gatewayEui === null) return []
    const past = history(tenant, device, gatewayEui)
    return past === null ? [] : [{ device, gatewayEui, past }]
  })
}

/** Rows of what the sensors have told: cursors, routes, readings, transitions, stays. */
export function bayRows(tenant: SeedTenant, options: SeedOptions): RowsByTable {
  const played = playedSensors(tenant, options)
  return {
    sensor_debounce_state: played.map((bay) => cursorRow(tenant.id, bay)),
    device_gateways: played.map(({ device, gatewayEui, past }) => ({
      tenant_id: tenant.id,
      device_id: device.id,
      gateway_eui: gatewayEui,
      last_heard_at: iso(past.lastHeardAt),
      rssi_dbm: -71,
      snr_db: 8.5,
      uplinks: past.readings.length,
    })),
    sensor_readings: played.flatMap((bay) => bay.past.readings.map((reading) => readingRow(tenant.id, bay, reading))),
    state_changes: played.flatMap((bay) => transitionRows(tenant.id, bay)),
    parking_sessions: played.flatMap(({ device, past }) =>
      past.stays.map((stay, index) => ({
        tenant_id: tenant.id,
        id: derivedId(past, index),
        space_id: device.spaceId,
        site_id: device.siteId,
        device_id: device.id,
        started_at: iso(stay.startedAt),
        ended_at: stay.endedAt === null ? null : iso(stay.endedAt),
        confidence: 'certain',
        source: 'sensor',
        created_at: iso(stay.startedAt),
        updated_at: iso(stay.endedAt ?? stay.startedAt),
      })),
    ),
  }
}

/** A stay is told by the frame that opened it, so its id is made from that reading's. */
const derivedId = (past: SeedBayHistory, index: number): string => (past.readings[index * 2]?.id ?? '').replace(/^0197a000/, '0197a001')

function cursorRow(tenantId: string, { device, gatewayEui, past }: Played): SeedRow {
  const last = past.readings.at(-1)
  return {
    tenant_id: tenantId,
    device_id: device.id,
    dev_addr: past.devAddr,
    former_dev_addrs: [],
    f_cnt: past.readings.length,
    recent_dedup: [],
    last_heard_at: iso(past.lastHeardAt),
    last_received_at: iso(past.lastHeardAt),
    project_next: false,
    value: last?.value ?? null,
    value_heard_at: last === undefined ? null : iso(last.heardAt),
    value_reading_id: last?.id ?? null,
    flips: [],
    learning_left: 0,
    battery_low_count: 0,
    last_rssi_dbm: last?.rssiDbm ?? null,
    last_snr_db: last?.snrDb ?? null,
    last_gateway_eui: gatewayEui,
    frames_lost: 0,
  }
}

function readingRow(tenantId: string, { device, gatewayEui, past }: Played, reading: SeedBayHistory['readings'][number]): SeedRow {
  const heardAt = iso(reading.heardAt)
  return {
    tenant_id: tenantId,
    id: reading.id,
    device_id: device.id,
    space_id: device.spaceId,
    dev_eui: device.eui,
    dev_addr: past.devAddr,
    f_cnt: reading.fCnt,
    heard_at: heardAt,
    received_at: heardAt,
    recorded_at: heardAt,
    occupied: reading.value === 'occupied',
    verdict: 'applied',
    rssi_dbm: reading.rssiDbm,
    snr_db: reading.snrDb,
    gateway_eui: gatewayEui,
    gateway_count: 1,
    repeat_count: 0,
    source: 'import',
    time_implausible: false,
  }
}

function transitionRows(tenantId: string, { device, past }: Played): SeedRow[] {
  return past.transitions.map(({ sequence, previous, decision, reading }) => ({
    tenant_id: tenantId,
    space_id: device.spaceId,
    site_id: device.siteId,
    sequence,
    previous_state: previous?.state ?? 'unknown',
    new_state: decision.state,
    previous_reason: previous?.reason ?? 'never_heard',
    state_reason: decision.reason,
    source: 'sensor',
    cause_type: 'reading',
    cause_id: reading.id,
    valid_at: iso(reading.heardAt),
    recorded_at: iso(reading.heardAt),
    because: decision.because,
    display: decision.display,
    sensor_state: reading.value,
    reading_id: reading.id,
    policy_version: decision.display.policyVersion,
  }))
}

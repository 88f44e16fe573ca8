/** Who was heard, by whom and when last, one row each per batch (DOM-925). Pure. */
import { findHeardAt } from '#domain/device/heard-at'
import { isSighting, type DeviceEvent, type TakenFrame } from './plan-batch'
import type { DeviceSeen, Reception } from './rows'

/** Newest row per key. */
function newest<R>(rows: readonly R[], keyOf: (row: R) => string, timeOf: (row: R) => number): R[] {
  const kept = new Map<string, R>()
  for (const row of rows) {
    const known = kept.get(keyOf(row))
    if (known === undefined || timeOf(known) <= timeOf(row)) kept.set(keyOf(row), row)
  }
  return [...kept.values()]
}

/** Devices with a fresh frame, and those whose battery the network server asked for. */
export function planSightings(taken: readonly TakenFrame[], events: readonly DeviceEvent[]): DeviceSeen[] {
  const heard = taken.filter(isSighting).map(({ device, frame: { heardAt, content } }) => ({
    tenantId: device.tenantId,
    deviceId: device.deviceId,
    seenAt: heardAt,
    batteryVolts: content.batteryVolts,
    batteryPercent: content.batteryPercent,
  }))
  const asked = events.flatMap(({ device, event }) => {
    if (event.kind !== 'status' || event.batteryPct === null || event.batteryPct < 0 || event.batteryPct > 100) return []
    const { heardAt } = findHeardAt(event.time, event.receivedAt)
    const { tenantId, deviceId } = device
    return [{ tenantId, deviceId, seenAt: heardAt, batteryVolts: null, batteryPercent: Math.round(event.batteryPct) }]
  })
  return newest(
    [...asked, ...heard],
    (row) => row.deviceId,
    (row) => row.seenAt,
  )
}

/** Every gateway of every frame: they are the device's serving gateways (LW-103). */
export function planReceptions(taken: readonly TakenFrame[]): Reception[] {
  const all = taken.flatMap(({ device, frame }) =>
    frame.event.gateways.map(({ gatewayId, rssi, snr }) => ({
      tenantId: device.tenantId,
      deviceId: device.deviceId,
      gatewayEui: gatewayId,
      heardAt: frame.heardAt,
      rssiDbm: rssi,
      snrDb: snr,
    })),
  )
  return newest(
    all,
    (row) => `${row.deviceId}/${row.gatewayEui}`,
    (row) => row.heardAt,
  )
}

/** One row per tenant and gateway, the newest. */
export function newestPerGateway(receptions: readonly Reception[]): Reception[] {
  return newest(
    receptions,
    (row) => `${row.tenantId}/${row.gatewayEui}`,
    (row) => row.heardAt,
  )
}

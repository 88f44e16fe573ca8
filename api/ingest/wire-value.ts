/** A decoded value in the spelling of wire and database (LW § 8.2): units in full, snake_case, impossible measurements null. */
import { withoutImplausible } from '#domain/codec/plausibility'
import type { CodecValue } from '#domain/codec/reading'

/** Members whose wire name is more than their name in snake_case. */
const WIRE_NAMES: Readonly<Partial<Record<keyof CodecValue, string>>> = {
  batteryV: 'battery_volts',
  batteryPct: 'battery_percent',
  lowBattery: 'battery_low',
  temperatureC: 'temperature_celsius',
  boardTemperatureC: 'board_temperature_celsius',
  humidityPct: 'humidity_percent',
  count: 'event_count',
  counter: 'vehicle_count',
  prevStateMin: 'previous_state_minutes',
  prevStateErr: 'previous_state_error_minutes',
  prevStateOverflow: 'previous_state_overflow',
  tag: 'tag_id',
  tagBatteryV: 'tag_battery_volts',
  hw: 'hardware',
  hwStatus: 'hardware_status',
  batteryMeanV: 'battery_mean_volts',
  mag: 'magnetic_raw',
  lastOpenMin: 'last_open_minutes',
  rssi: 'light_rssi_dbm',
  snr: 'light_snr_db',
  received: 'downlinks_received',
  sent: 'uplinks_sent',
  on: 'on_byte',
  off: 'off_byte',
}

const toSnakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

export function toWireValue(value: CodecValue): Readonly<Record<string, unknown>> {
  const entries = Object.entries(withoutImplausible(value))
  return Object.fromEntries(entries.map(([name, content]) => [WIRE_NAMES[name as keyof CodecValue] ?? toSnakeCase(name), content])) // names come from CodecValue
}

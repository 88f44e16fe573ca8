/** What a sensor cannot truly have measured: decoded, warned about, never stored as a value (LW-207). */
import type { CodecValue } from './reading'

type Measured = 'batteryV' | 'batteryMeanV' | 'tagBatteryV' | 'batteryPct' | 'temperatureC' | 'boardTemperatureC' | 'distanceMm'

interface Bounds {
  readonly field: Measured
  readonly name: string
  readonly min: number
  readonly max: number
}

const BOUNDS: readonly Bounds[] = [
  { field: 'batteryV', name: 'battery_volts', min: 0, max: 10 },
  { field: 'batteryMeanV', name: 'battery_mean_volts', min: 0, max: 10 },
  { field: 'tagBatteryV', name: 'tag_battery_volts', min: 0, max: 10 },
  { field: 'batteryPct', name: 'battery_percent', min: 0, max: 100 },
  { field: 'temperatureC', name: 'temperature_celsius', min: -50, max: 100 },
  { field: 'boardTemperatureC', name: 'board_temperature_celsius', min: -50, max: 100 },
  { field: 'distanceMm', name: 'distance_mm', min: 0, max: 20_000 },
]

const implausible = (value: CodecValue): readonly Bounds[] =>
  BOUNDS.filter(({ field, min, max }) => {
    const measured = value[field]
    return measured !== undefined && !(measured >= min && measured <= max)
  })

/** One `implausible_<field>` per impossible measurement, by its name on the wire. */
export const plausibilityWarnings = (value: CodecValue): readonly string[] => implausible(value).map(({ name }) => `implausible_${name}`)

/** The value as it may be stored: what is impossible is null, the rest is kept. */
export function withoutImplausible(value: CodecValue): { readonly [Field in keyof CodecValue]: CodecValue[Field] | null } {
  return { ...value, ...Object.fromEntries(implausible(value).map(({ field }) => [field, null])) }
}

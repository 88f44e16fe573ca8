/** When a battery is low enough to tell somebody: three readings in a row, so that one cold night does not (DOM-927). */

export interface BatteryReading {
  readonly batteryPercent: number | null
  /** The device's own flag, for models that have a threshold of their own. */
  readonly isLowByDevice: boolean | null
}

export interface BatteryCount {
  /** Consecutive low readings, `sensor_debounce_state.battery_low_count`. */
  readonly lowCount: number
  /** `open` exactly at the third low reading, `close` at the first good one after an alert, else null. */
  readonly alert: 'open' | 'close' | null
}

const LOW_PERCENT = 20
/** Low readings in a row that are an alert. */
export const LOW_READINGS_IN_A_ROW = 3
/** The column is a smallint, and past the alert the exact number says nothing more. */
const COUNT_CEILING = 1_000

/** A reading that says nothing about the battery leaves the count as it was. */
export function countLowBattery(lowCount: number, reading: BatteryReading): BatteryCount {
  if (reading.batteryPercent === null && reading.isLowByDevice === null) return { lowCount, alert: null }
  if (!isLow(reading)) return { lowCount: 0, alert: lowCount >= LOW_READINGS_IN_A_ROW ? 'close' : null }
  const next = Math.min(lowCount + 1, COUNT_CEILING)
  return { lowCount: next, alert: next === LOW_READINGS_IN_A_ROW ? 'open' : null }
}

function isLow({ batteryPercent, isLowByDevice }: BatteryReading): boolean {
  return isLowByDevice === true || (batteryPercent !== null && batteryPercent < LOW_PERCENT)
}

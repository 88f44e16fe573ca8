/** What several registry entries have in common: cadence and what a light can show (LW-9 table, DOM-320). */
import type { ModelCapabilities, SecondsByState } from './types'

/** Sensors show nothing and have nothing to report about a light. */
export const NO_LIGHT: ModelCapabilities = { colors: [], patterns: [], reportsState: false }

/** The same heartbeat and window whatever was last reported. */
export const everySeconds = (
  heartbeat: number | null,
  window: number,
): { readonly heartbeatSeconds: SecondsByState | null; readonly windowSeconds: SecondsByState } => ({
  heartbeatSeconds: heartbeat === null ? null : { free: heartbeat, occupied: heartbeat },
  windowSeconds: { free: window, occupied: window },
})

const DAY_SECONDS = 86_400
/** Two missed daily heartbeats and a little (LW-260). */
const TWO_DAYS_AND_A_BIT = 180_000

export const DAILY = everySeconds(DAY_SECONDS, TWO_DAYS_AND_A_BIT)

/** For how long a device's last word is believed, by model, configuration and value (DOM-230, LW-260). */
import { findModel } from '../codec/registry'

/** Seconds after *last heard* (never after last change) for which either value counts. */
export interface FreshnessWindow {
  readonly occupiedSeconds: number
  readonly freeSeconds: number
}

/** The part of `devices.config` that freshness reads, in its stored spelling. */
export interface LivenessConfig {
  /** 300–604 800 s each; wins over everything else. */
  readonly liveness?: { readonly occupied_seconds?: number | undefined; readonly free_seconds?: number | undefined } | null | undefined
  readonly expected_interval_seconds?: number | null | undefined
}

export interface FreshnessInput {
  readonly model: string
  readonly config?: LivenessConfig
  /** The network server's profile says how often such a device sends; asked only for models that the registry does not know. */
  readonly profileUplinkIntervalSeconds?: number | null
}

/** One lost heartbeat is normal on LoRaWAN; `unknown` must mean something. */
export const HEARTBEATS_TOLERATED = 2.5
/** How often a light says what it shows, unless `config.status_interval_seconds` says otherwise (DOM-231). */
export const LIGHT_STATUS_SECONDS = 1_800
/** Nothing is known about the device at all: a day and an hour. */
const UNKNOWN_MODEL_SECONDS = 90_000

/** Configuration per device, else its stated interval, else the model's entry, else the profile's interval. A policy's floor comes on top in `decide`. */
export function freshnessWindow({ model, config = {}, profileUplinkIntervalSeconds = null }: FreshnessInput): FreshnessWindow {
  const usual = usualWindow(model, config.expected_interval_seconds ?? null, profileUplinkIntervalSeconds)
  return {
    occupiedSeconds: config.liveness?.occupied_seconds ?? usual.occupiedSeconds,
    freeSeconds: config.liveness?.free_seconds ?? usual.freeSeconds,
  }
}

function usualWindow(model: string, expectedSeconds: number | null, profileSeconds: number | null): FreshnessWindow {
  if (expectedSeconds !== null) return both(expectedSeconds * HEARTBEATS_TOLERATED)
  const entry = findModel(model)
  if (entry) return { occupiedSeconds: entry.windowSeconds.occupied, freeSeconds: entry.windowSeconds.free }
  return both(profileSeconds === null ? UNKNOWN_MODEL_SECONDS : profileSeconds * HEARTBEATS_TOLERATED)
}

const both = (seconds: number): FreshnessWindow => ({ occupiedSeconds: seconds, freeSeconds: seconds })

/** A motion sensor says *free* this long after the vehicle left, at worst (DOM-230, DOM-260). */
const FREE_LAG_SECONDS: Readonly<Record<string, number>> = { 'browan-tbms100': 300 }

export function freeLagSeconds(model: string): number {
  return FREE_LAG_SECONDS[model] ?? 0
}

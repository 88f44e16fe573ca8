/** What a display policy is (DOM-301 ff.): its body, its limits and the built-in default. */
import type { ColorName } from '../codec/command'

export const SITUATIONS = ['out_of_service', 'blocked', 'occupied', 'reserved', 'reserved_soon', 'free', 'error', 'unknown'] as const
/** What a light can be asked to show. */
export type Situation = (typeof SITUATIONS)[number]

export const RANKED_SITUATIONS = ['maintenance', 'occupied', 'reserved', 'reserved_soon', 'free', 'unknown'] as const
/** A place in a ranking: `maintenance` stands for `out_of_service`, then `blocked`; `unknown` for `error`, then `unknown` (DOM-303). */
export type RankedSituation = (typeof RANKED_SITUATIONS)[number]

export const PATTERNS = ['solid', 'blink', 'slow_blink', 'fast_blink'] as const
export type Pattern = (typeof PATTERNS)[number]

/** A name of the codec's colour table or `#RRGGBB`; kept as the author wrote it, turned into bytes only by the codec. */
export type Color = ColorName | `#${string}`

export interface Look {
  readonly color: Color
  readonly pattern: Pattern
  /** 1–100. */
  readonly brightness_percent: number
}

/** A policy's content. Its keys are those of the stored document and of the API, so that it travels without translation. */
export interface PolicyBody {
  readonly looks: Readonly<Record<Situation, Look>>
  /** Each of the six once; the first whose situation is true is shown. */
  readonly ranking: readonly RankedSituation[]
  readonly reserved_soon_seconds: number
  readonly display_min_dwell_seconds: number
  /** One phase of `blink`, in milliseconds. */
  readonly blink_period_ms: number
  /** Lengthens a shorter freshness window, never shortens one. */
  readonly sensor_timeout_floor_seconds: number
  /** `last_known`: while a sensor is silent or blind the light, never the state, keeps its last value (DOM-309). */
  readonly unknown_as: 'unknown' | 'last_known'
}

export type PolicyScope = 'space' | 'site' | 'tenant' | 'default'

/** The published policy that governs a space now. `policyId` is null for the built-in default, whose version is 0. */
export interface EffectivePolicy {
  readonly policyId: string | null
  readonly version: number
  readonly scope: PolicyScope
  readonly body: PolicyBody
}

const look = (color: Color, pattern: Pattern): Look => ({ color, pattern, brightness_percent: 100 })

/** The body that applies where nobody published anything (domain.md § 3.1). */
export const DEFAULT_POLICY_BODY: PolicyBody = {
  looks: {
    out_of_service: look('orange', 'solid'),
    blocked: look('orange', 'solid'),
    occupied: look('red', 'solid'),
    reserved: look('blue', 'blink'),
    reserved_soon: look('blue', 'slow_blink'),
    free: look('green', 'solid'),
    error: look('red', 'fast_blink'),
    unknown: look('yellow', 'slow_blink'),
  },
  ranking: RANKED_SITUATIONS,
  reserved_soon_seconds: 900,
  display_min_dwell_seconds: 5,
  blink_period_ms: 500,
  sensor_timeout_floor_seconds: 0,
  unknown_as: 'unknown',
}

export const DEFAULT_POLICY: EffectivePolicy = { policyId: null, version: 0, scope: 'default', body: DEFAULT_POLICY_BODY }

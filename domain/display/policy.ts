/** What a display policy is (DOM-301 ff.): its body, its limits, the built-in default, and the one table of colour names. */

export const SITUATIONS = ['out_of_service', 'blocked', 'occupied', 'reserved', 'reserved_soon', 'free', 'error', 'unknown'] as const
/** What a light can be asked to show. */
export type Situation = (typeof SITUATIONS)[number]

export const RANKED_SITUATIONS = ['maintenance', 'occupied', 'reserved', 'reserved_soon', 'free', 'unknown'] as const
/** A place in a ranking: `maintenance` stands for `out_of_service`, then `blocked`; `unknown` for `error`, then `unknown` (DOM-303). */
export type RankedSituation = (typeof RANKED_SITUATIONS)[number]

export const PATTERNS = ['solid', 'blink', 'slow_blink', 'fast_blink'] as const
export type Pattern = (typeof PATTERNS)[number]

export interface Rgb {
  readonly r: number
  readonly g: number
  readonly b: number
}

/** Names that a policy may use for a colour; `off` is a colour like the others (domain.md § 3.1). */
export const COLOR_NAMES = {
  red: { r: 0xff, g: 0x00, b: 0x00 },
  green: { r: 0x00, g: 0xff, b: 0x00 },
  blue: { r: 0x00, g: 0x00, b: 0xff },
  yellow: { r: 0xff, g: 0xff, b: 0x00 },
  orange: { r: 0xff, g: 0xa5, b: 0x00 },
  purple: { r: 0x80, g: 0x00, b: 0x80 },
  white: { r: 0xff, g: 0xff, b: 0xff },
  grey: { r: 0x80, g: 0x80, b: 0x80 },
  off: { r: 0x00, g: 0x00, b: 0x00 },
} as const satisfies Record<string, Rgb>

export type ColorName = keyof typeof COLOR_NAMES
/** A name of `COLOR_NAMES` or `#RRGGBB`; kept as the author wrote it, turned into bytes only by the codec. */
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

/** Inclusive limits of the numbers in a body (DOM-302 … DOM-306). */
export const POLICY_LIMITS = {
  brightness_percent: { min: 1, max: 100 },
  reserved_soon_seconds: { min: 0, max: 3_600 },
  display_min_dwell_seconds: { min: 0, max: 300 },
  blink_period_ms: { min: 100, max: 2_000 },
  sensor_timeout_floor_seconds: { min: 0, max: 604_800 },
} as const

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

const HEX_COLOR = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i

/** Channels 0–255 of a colour name or `#RRGGBB`; null when it is neither. */
export function parseColor(color: string): Rgb | null {
  if (Object.hasOwn(COLOR_NAMES, color)) return COLOR_NAMES[color as ColorName] // hasOwn has just proved it
  const hex = HEX_COLOR.exec(color)
  return hex ? { r: channel(hex[1]), g: channel(hex[2]), b: channel(hex[3]) } : null
}

const channel = (digits: string | undefined): number => Number.parseInt(digits ?? '0', 16)

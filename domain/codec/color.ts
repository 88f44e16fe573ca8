/** One colour system: names and `#RRGGBB` to RGB (domain.md §3.1); device bytes only in the codecs. */
import type { ColorName, Rgb } from './command'

/** Every name a policy may use, as RGB. Source: domain.md §3.1. */
const COLORS: Readonly<Record<ColorName, Rgb>> = {
  red: { r: 255, g: 0, b: 0 },
  green: { r: 0, g: 255, b: 0 },
  blue: { r: 0, g: 0, b: 255 },
  yellow: { r: 255, g: 255, b: 0 },
  orange: { r: 255, g: 165, b: 0 },
  purple: { r: 128, g: 0, b: 128 },
  white: { r: 255, g: 255, b: 255 },
  grey: { r: 128, g: 128, b: 128 },
  off: { r: 0, g: 0, b: 0 },
}

export const COLOR_NAMES = Object.keys(COLORS) as ColorName[] // the record's keys are exactly the names

const HEX_COLOR = /^#[0-9a-f]{6}$/i

/** RGB of a name or of `#RRGGBB` in any case; null when it is neither. */
export function rgbOf(color: string): Rgb | null {
  if (Object.hasOwn(COLORS, color)) return COLORS[color as ColorName] // just found among the names
  if (!HEX_COLOR.test(color)) return null
  const value = Number.parseInt(color.slice(1), 16)
  return { r: value >> 16, g: (value >> 8) & 0xff, b: value & 0xff }
}

/** Each channel scaled and rounded to nearest (LW-241). `percent` 1–100. */
export const scaleRgb = (color: Rgb, percent: number): Rgb => ({
  r: Math.round((color.r * percent) / 100),
  g: Math.round((color.g * percent) / 100),
  b: Math.round((color.b * percent) / 100),
})

export const isDark = (color: Rgb): boolean => color.r + color.g + color.b === 0

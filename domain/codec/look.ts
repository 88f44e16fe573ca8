/** Turns a look in words into the colour that a light is sent (DOM-301, LW-241). */
import { rgbOf, scaleRgb } from './color'
import type { EncodeResult, Rgb, StateCommand } from './command'
import { invalid } from './outcome'

export type ResolvedLook = { readonly ok: true; readonly color: Rgb } | (EncodeResult & { readonly ok: false })

/** Colour scaled by brightness, or which member is not valid. */
export function resolveLook({ color, pattern, brightness_percent: brightness = 100 }: StateCommand): ResolvedLook {
  const named = rgbOf(pattern === 'off' ? 'off' : color)
  if (!named) return invalid('/color', 'must be a colour name or #RRGGBB')
  if (!(brightness >= 1 && brightness <= 100)) return invalid('/brightness_percent', 'must be from 1 to 100')
  return { ok: true, color: scaleRgb(named, brightness) }
}

/** Whether a number is one byte. */
export const isByte = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 255

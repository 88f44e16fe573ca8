/** The one place where EUIs of any spelling become 16 lower-case hex digits (D-21, API-036). */

const SEPARATORS = /[:\-\s]/g
const CANONICAL = /^[0-9a-f]{16}$/

/** Accepts 16 hex digits in any case with or without `:`, `-` or space; returns lower case, or null when it is no EUI. */
export function normaliseEui(text: string): string | null {
  if (text.length > 64) return null
  const digits = text.replace(SEPARATORS, '').toLowerCase()
  return CANONICAL.test(digits) ? digits : null
}

/** How people and API answers see an EUI: upper case, no separators. */
export function presentEui(eui: string): string {
  return eui.toUpperCase()
}

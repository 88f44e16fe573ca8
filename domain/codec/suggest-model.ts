/** Suggests a model for an orphan by the names older set-ups used; a suggestion is confirmed by a person, it never decodes (LW-204). */
import { findModel } from './registry'

const ALIASES: Readonly<Record<string, string>> = {
  browan_tbms100_motion: 'browan-tbms100',
  browan_tabs: 'browan-tbms100',
  plenom_kuando_busylight: 'plenom-busylight',
  kuando_busylight: 'plenom-busylight',
  heltec_display: 'heltec-rgb',
  led_matrix: 'heltec-rgb',
  dragino_lds02: 'dragino-lds02',
  generic_occupancy: 'generic-object',
}

/** The model key that a profile or type name of an older set-up means, or null. */
export function suggestModel(name: string): string | null {
  const plain = name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
  const alias = Object.hasOwn(ALIASES, plain) ? ALIASES[plain] : undefined
  return alias ?? findModel(plain.replaceAll('_', '-'))?.model ?? null
}

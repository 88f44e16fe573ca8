/** Judges bytes that a person wants to send as they are: what the network refuses and what could lose the device (LW-059, LW-244). */
import type { DownlinkBytes } from './command'
import { findModel } from './registry'

/** 224 is for tests, 225 and above are reserved, 0 is the MAC layer's. */
const FIRST_PORT = 1
const LAST_PORT = 223
/** What the slowest data rate carries. */
const SURE_BYTES = 51

export type RawDownlinkVerdict =
  | { readonly ok: true }
  /** `f_port` and `length` are 422 `validation.failed`; `dangerous` is 422 `device.command_refused` unless an admin confirms. */
  | { readonly ok: false; readonly refused: 'f_port' | 'length' | 'dangerous' }

/** `maxBytes`: what the region's data rate is known to allow, 51 when it is not known. */
export function classifyRawDownlink(model: string, { fPort, bytes }: DownlinkBytes, maxBytes = SURE_BYTES): RawDownlinkVerdict {
  if (!Number.isInteger(fPort) || fPort < FIRST_PORT || fPort > LAST_PORT) return { ok: false, refused: 'f_port' }
  if (bytes.length < 1 || bytes.length > maxBytes) return { ok: false, refused: 'length' }
  return findModel(model)?.isDangerous?.(bytes) ? { ok: false, refused: 'dangerous' } : { ok: true }
}

/** When a light need not be told again (DOM-330). Truth is never damped, only lights are. */

/** The bytes of a command, as it was or would be sent. */
export interface SentBytes {
  readonly fPort: number
  /** Hex in any case. */
  readonly bytes: string
}

export interface SendQuestion {
  readonly wanted: SentBytes
  readonly lastSent: SentBytes | null
  /** The light reported something else since, joined anew, or its command failed: what was sent last says nothing any more. */
  readonly isDisproved: boolean
}

/** What was wanted in between has collapsed to the newest; if that equals what was last sent and holds, nothing is sent. */
export function isSendNeeded({ wanted, lastSent, isDisproved }: SendQuestion): boolean {
  if (lastSent === null || isDisproved) return true
  return lastSent.fPort !== wanted.fPort || lastSent.bytes.toLowerCase() !== wanted.bytes.toLowerCase()
}

/** Why the server ends a socket: code, reason on the wire, label in `ws_dropped_total` (API-861, API-890 to API-896). */

export const CLOSES = {
  goingAway: { code: 1001, reason: 'server stopping' },
  binary: { code: 1003, reason: 'binary frames are not read' },
  failed: { code: 1011, reason: 'server error' },
  overloaded: { code: 1013, reason: 'try again later' },
  signIn: { code: 4401, reason: 'sign in again' },
  forbidden: { code: 4403, reason: 'no longer allowed' },
  silent: { code: 4408, reason: 'no pong' },
  slow: { code: 4413, reason: 'reader too slow' },
  flooded: { code: 4429, reason: 'too many' },
} as const

export type CloseKind = keyof typeof CLOSES

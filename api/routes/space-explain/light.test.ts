/** What is still missing until a light shows what was decided (DOM-246, D-61). */
import { presentLight, type LightParts } from './light'

/** Of a decision that is not the newest, only its own command speaks. */
const missing = (status: string, statusReason: string | null) => {
  const times = { queuedAt: 0, sentAt: null, transmittedAt: null, confirmedAt: null, endedAt: 1, proofAt: null }
  const downlink = { deviceId: 'light', status, statusReason, waitingFor: null, proof: null, ...times }
  const parts = { space: { display: null }, transition: null, isNewest: false, downlink, attempts: [] } as unknown as LightParts // the members that are read
  return presentLight(parts)?.missing
}

test.each([
  ['superseded', 'newer_wanted', 'A newer look took its place.'],
  ['superseded', 'rejoined', 'The light joined anew; its colour is sent after its first uplink.'],
  ['superseded', 'cancelled', 'It was cancelled.'],
  ['failed', 'rejoined', 'Every attempt was lost.'],
])('DOM-246: a command %s as %s', (status, reason, text) => expect(missing(status, reason)).toBe(text))

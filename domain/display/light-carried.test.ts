/** What one run of a light's delivery hands to the next stays small at the maximum of every list (Q-WFE-06). */
import { createLight, MAX_SEEN, type Command, type Light } from './light'
import { hear } from './light-hears'

const MAX_CARRIED_BYTES = 32 * 1024
const ID = '01977a41-0000-7000-8000-000000000000'

const COMMAND: Command = {
  commandId: ID,
  kind: 'request_status',
  version: Number.MAX_SAFE_INTEGER,
  rank: 5,
  attemptNo: 5,
  phase: 'enqueuing',
  notBefore: 1_751_362_800_123,
  waitingFor: 'network_server',
  stalls: 1_000_000,
  look: { r: 255, g: 255, b: 255, steady: false },
  queueItemId: ID,
  sentAt: 1_751_362_800_123,
  expiresAt: 1_751_362_800_123,
  lookAgainAt: 1_751_362_800_123,
  flushes: ID,
  repeat: 'armed',
}

describe('carried state', () => {
  test('Q-WFE-06: at the maximum of its list, with a command and a proof pending, it is under 32 KiB', () => {
    const pending: Light = {
      ...createLight(),
      command: COMMAND,
      proving: { command: COMMAND, since: 0, deadline: 1_751_362_800_123, asked: true },
    }
    const full = Array.from({ length: 10 * MAX_SEEN }).reduce<Light>(
      (light, _, index) =>
        hear(
          light,
          { kind: 'network', event: { key: `txack:${ID}:${ID}:${index}`, kind: 'txack', queueItemId: `${ID}-${index}`, at: 0 } },
          { now: 0, random: 0 },
        ).light,
      pending,
    )
    expect(full.seen).toHaveLength(MAX_SEEN)
    expect(Buffer.byteLength(JSON.stringify(full))).toBeLessThan(MAX_CARRIED_BYTES)
  })
})

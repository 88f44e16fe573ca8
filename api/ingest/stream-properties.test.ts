/** Whatever order and however often the broker delivers frames, each is one row and the newest value wins (Q-FLT O2, O3; D-36). */
import fc from 'fast-check'
import { CURSOR, FREE, OCCUPIED, SENSOR, T0 } from '#test/ingest/stream-rows'
import type { UpEvent } from './normalised-event'
import { planFrames, type DeviceEvent } from './plan-batch'
import type { ReadingRow, StoredFrame, StreamCursor } from './rows'

interface Sent {
  readonly session: number
  readonly fCnt: number
  readonly isOccupied: boolean
}

/** Frames ten seconds apart, as a device sends them: a new session begins at 0. */
function toEvents(sent: readonly Sent[]): UpEvent[] {
  return sent.map(({ session, fCnt, isOccupied }, index) => ({
    kind: 'up',
    nsTenantId: null,
    applicationId: 'a',
    devEui: SENSOR.devEui,
    deviceName: null,
    profileName: null,
    classEnabled: null,
    time: T0 + index * 10_000,
    timeText: null,
    receivedAt: T0 + index * 10_000,
    dedupeKey: `up:${index}`,
    deduplicationId: `dedup-${index}`,
    session: `0000000${session}`,
    fCnt,
    fPort: 102,
    hex: isOccupied ? OCCUPIED : FREE,
    object: null,
    dr: 0,
    gatewayCount: 0,
    gateways: [],
    best: null,
  }))
}

const sessions = fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 })
const stream = sessions.map((all) => all.flatMap((values, session) => values.map((isOccupied, fCnt) => ({ session, fCnt, isOccupied }))))

/** Delivers batches to the plan as the writer would, keeping rows and cursor in memory. */
function deliver(batches: readonly (readonly UpEvent[])[]): { rows: ReadingRow[]; cursor: StreamCursor; changes: (string | null)[] } {
  const rows: ReadingRow[] = []
  const changes: (string | null)[] = []
  let cursor = CURSOR
  for (const batch of batches) {
    const events: DeviceEvent[] = batch.map((event) => ({ event, device: SENSOR }))
    const input = {
      events,
      cursors: new Map([['d', cursor]]),
      source: 'mqtt' as const,
      readingId: (event: UpEvent) => `r-${event.dedupeKey}`,
    }
    const plan = planFrames({ ...input, stored: rows as readonly StoredFrame[] })
    rows.push(...plan.readings)
    cursor = plan.cursors[0] ?? cursor
    for (const { step } of plan.taken)
      changes.push(...step.facts.filter(({ kind }) => kind === 'value' || kind === 'first_value').map(({ value }) => value))
  }
  return { rows, cursor, changes }
}

/** Cuts a list into batches of the given sizes, the rest last. */
function cut<T>(items: readonly T[], sizes: readonly number[]): T[][] {
  const batches: T[][] = []
  let from = 0
  for (const size of sizes) {
    batches.push(items.slice(from, from + size))
    from += size
  }
  batches.push(items.slice(from))
  return batches.filter((batch) => batch.length > 0)
}

const lastOf = (sent: readonly Sent[]) => (sent.at(-1)?.isOccupied ? 'occupied' : 'free')

test('D-36: any shuffling and repetition within one batch gives the rows, the changes and the value of the true order', () => {
  fc.assert(
    fc.property(
      stream.chain((sent) =>
        fc.tuple(fc.constant(sent), fc.shuffledSubarray([...sent.keys(), ...sent.keys()], { minLength: sent.length * 2 })),
      ),
      ([sent, order]) => {
        const events = toEvents(sent)
        const { rows, cursor, changes } = deliver([order.flatMap((index) => events[index] ?? [])])
        expect(rows).toHaveLength(sent.length)
        expect(cursor.value).toBe(lastOf(sent))
        const truth = sent
          .map(({ isOccupied }) => (isOccupied ? 'occupied' : 'free'))
          .filter((value, index, all) => value !== all[index - 1])
        expect(changes).toEqual(truth)
      },
    ),
    { numRuns: 300 },
  )
})

test('D-36, O2: in any order, over any batches, with redelivery, every frame is one row and the newest one decides', () => {
  fc.assert(
    fc.property(
      stream.chain((sent) =>
        fc.tuple(fc.constant(sent), fc.shuffledSubarray([...sent.keys(), ...sent.keys()], { minLength: sent.length * 2 })),
      ),
      fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 20 }),
      ([sent, order], sizes) => {
        const events = toEvents(sent)
        const { rows, cursor } = deliver(
          cut(
            order.flatMap((index) => events[index] ?? []),
            sizes,
          ),
        )
        expect(new Set(rows.map(({ deduplicationId }) => deduplicationId)).size).toBe(sent.length)
        expect(rows).toHaveLength(sent.length)
        expect(cursor.value).toBe(lastOf(sent))
        for (const late of rows.filter(({ verdict }) => verdict === 'late')) {
          expect(rows.some((other) => other.verdict !== 'late' && other.heardAt > late.heardAt)).toBe(true)
        }
      },
    ),
    { numRuns: 300 },
  )
})

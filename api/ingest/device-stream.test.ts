/** One device's stream: verdicts, facts and cursor, frame by frame (DOM-907, DOM-921 to DOM-927). */
import { CURSOR, FREE, OCCUPIED, SENSOR, T0 } from '#test/ingest/stream-rows'
import { applyFrame, type HeardFrame, type StreamStep } from './device-stream'
import { decodeFrame } from './decode-frame'
import type { UpEvent } from './normalised-event'
import type { IngestDevice, StreamCursor } from './rows'

const MINUTE = 60_000
const LOW_BATTERY = '002B340400DC7801'

const LIGHT: IngestDevice = { ...SENSOR, kind: 'display', model: 'plenom-busylight' }

interface Wanted {
  readonly fCnt: number
  readonly hex?: string
  readonly at?: number
  readonly fPort?: number | null
  readonly receivedAt?: number
}

function heard({ fCnt, hex = OCCUPIED, at = T0 + fCnt * MINUTE, fPort = 102, receivedAt = at }: Wanted, device: IngestDevice): HeardFrame {
  const event: UpEvent = {
    kind: 'up',
    nsTenantId: null,
    applicationId: 'a',
    devEui: device.devEui,
    deviceName: null,
    profileName: null,
    classEnabled: 'CLASS_A',
    time: at,
    timeText: null,
    receivedAt,
    dedupeKey: `up:${fCnt}`,
    deduplicationId: `dedup-${fCnt}`,
    session: '00189440',
    fCnt,
    fPort,
    hex,
    object: null,
    dr: 5,
    gatewayCount: 0,
    gateways: [],
    best: null,
  }
  return { event, readingId: `r${fCnt}`, heardAt: at, hasNetworkTime: true, isTimeImplausible: false, content: decodeFrame(event, device) }
}

/** Plays frames in order; answers every step. */
function play(
  frames: readonly Wanted[],
  { device = SENSOR, cursor = CURSOR }: { device?: IngestDevice; cursor?: StreamCursor } = {},
): StreamStep[] {
  const steps: StreamStep[] = []
  let current = cursor
  for (const wanted of frames) {
    const step = applyFrame(current, device, { ...heard(wanted, device), isStored: false })
    steps.push(step)
    current = step.cursor
  }
  return steps
}

const verdicts = (steps: readonly StreamStep[]) => steps.map(({ verdict }) => verdict)
const reasons = (steps: readonly StreamStep[]) => steps.map(({ facts }) => facts.map(({ kind }) => kind))

describe('verdicts and facts of a sensor', () => {
  test('DOM-907, DOM-924: first value, change, and a heartbeat that says nothing new', () => {
    const steps = play([{ fCnt: 1, hex: FREE }, { fCnt: 2 }, { fCnt: 3 }])
    expect(verdicts(steps)).toEqual(['applied', 'applied', 'same'])
    expect(reasons(steps)).toEqual([['first_value'], ['value'], []])
  })

  test('DOM-203: a value from before the assignment belongs to another bay', () => {
    const cursor = { ...CURSOR, value: 'occupied' as const, valueHeardAt: T0 - 90 * MINUTE }
    expect(reasons(play([{ fCnt: 1 }], { cursor }))).toEqual([['first_value']])
  })

  test('DOM-203: a frame from before the assignment is stored and not applied', () => {
    expect(verdicts(play([{ fCnt: 1, at: T0 - 61 * MINUTE }]))).toEqual(['stored'])
  })

  test('DOM-907: back from silence projects although the value is the same, also when the frame was only late on the wire', () => {
    expect(
      reasons(
        play([
          { fCnt: 1, at: T0 },
          { fCnt: 2, at: T0 + 26 * MINUTE },
        ]),
      ),
    ).toEqual([['first_value'], ['back_from_silence']])
    expect(
      reasons(
        play([
          { fCnt: 1, at: T0 },
          { fCnt: 2, at: T0 + 24 * MINUTE, receivedAt: T0 + 26 * MINUTE },
        ]),
      )[1],
    ).toEqual(['back_from_silence'])
    expect(
      reasons(
        play([
          { fCnt: 1, at: T0 },
          { fCnt: 2, at: T0 + 24 * MINUTE },
        ]),
      )[1],
    ).toEqual([])
  })

  test('DOM-907: a projection that asked for it gets the next fresh frame, once', () => {
    const cursor = { ...CURSOR, value: 'occupied' as const, valueHeardAt: T0, lastHeardAt: T0, projectNext: true }
    expect(reasons(play([{ fCnt: 1 }, { fCnt: 2 }], { cursor }))).toEqual([['project_next'], []])
  })

  test('DOM-235: the 21st flip within the hour is suspect, and says so once', () => {
    const frames = Array.from({ length: 23 }, (_, n) => ({ fCnt: n + 1, hex: n % 2 === 0 ? FREE : OCCUPIED }))
    const steps = play(frames)
    expect(reasons(steps).map((facts) => facts.includes('suspect'))).toEqual([...Array<boolean>(21).fill(false), true, false])
  })

  test('DOM-927: the third low battery in a row projects, and so does the first good one after', () => {
    const steps = play([1, 2, 3, 4].map((fCnt) => ({ fCnt, hex: LOW_BATTERY })).concat({ fCnt: 5, hex: FREE }))
    expect(reasons(steps)).toEqual([['first_value'], [], ['project_next'], [], ['project_next']])
  })

  test('DOM-204, DOM-508: in maintenance readings are stored, change nothing, and forget the old value', () => {
    const device = { ...SENSOR, lifecycleState: 'maintenance' as const }
    const [step] = play([{ fCnt: 1 }], { device, cursor: { ...CURSOR, value: 'free', valueHeardAt: T0 } })
    expect(step).toMatchObject({ verdict: 'stored', facts: [], cursor: { value: null, lastHeardAt: T0 + MINUTE } })
  })

  test('DOM-905: rejected frames do not count as heard, frames without payload do', () => {
    const [first, empty, mac] = play([{ fCnt: 1 }, { fCnt: 2, hex: '' }, { fCnt: 3, hex: '', fPort: null }])
    expect(verdicts([first, empty, mac] as StreamStep[])).toEqual(['applied', 'undecoded', 'stored'])
    expect(empty?.cursor.lastHeardAt).toBe(T0 + MINUTE)
    expect(mac?.cursor.lastHeardAt).toBe(T0 + 3 * MINUTE)
    expect(mac?.cursor.value).toBe('occupied')
  })

  test('LW-073: gaps within a session are counted', () => {
    expect(play([{ fCnt: 1 }, { fCnt: 5 }, { fCnt: 6 }]).map(({ lost }) => lost)).toEqual([0, 3, 0])
  })

  test('LW-203: a device without a model is stored raw with the reason', () => {
    const device = { ...SENSOR, model: null }
    expect(heard({ fCnt: 1 }, device).content.decodeError).toBe('unknown_model')
    expect(verdicts(play([{ fCnt: 1 }], { device }))).toEqual(['undecoded'])
  })

  test('DOM-230: the first changes of a sensor that learns its place are no flips', () => {
    const device = { ...SENSOR, model: 'bosch-tps110' }
    const frames = Array.from({ length: 12 }, (_, n) => ({ fCnt: n + 1, fPort: 1, hex: n % 2 === 0 ? '00' : '01' }))
    expect(play(frames, { device }).at(-1)?.cursor).toMatchObject({ flips: [T0 + 12 * MINUTE], learningLeft: 0 })
  })
})

test('DOM-926: a light’s status is a report, its firmware and class are kept, and it is no fact of the bay', () => {
  const [step] = play([{ fCnt: 6, fPort: 15, hex: 'D0FFFFFF1E00000008000000060000000000FFFF00290C01' }], { device: LIGHT })
  expect(step).toMatchObject({
    verdict: 'stored',
    facts: [],
    report: { color: { r: 0, g: 255, b: 0 }, on: 255, off: 0, counter: 8, firmware: '4.1', session: '00189440' },
    cursor: { firmware: '4.1', deviceClass: 'CLASS_A' },
  })
})

/** One light's delivery as a whole, against a network that behaves as ChirpStack does (DOM-602…649, Q-PRP-20). */
import fc from 'fast-check'
import { lookOf, NO_FAULTS, play, PROFILE, shows, type World } from '#test/display/light-world'
import { MAX_ATTEMPTS } from './light'

const outcomes = (world: World) =>
  world.records.flatMap((record) =>
    record.kind === 'outcome' ? [record.to] : record.kind === 'report' && record.confirms !== null ? ['proved'] : [],
  )

describe('delivery of one light', () => {
  test('DOM-610: a wanted display is enqueued once, transmitted, and proved by its report', () => {
    const world = play({ wants: [{ at: 0, version: 1 }], endMs: 120_000 })
    expect(world.network.enqueues.filter(({ command }) => command.kind === 'display')).toHaveLength(1)
    expect(outcomes(world)).toContain('proved')
    expect(shows(world, 1)).toBe(true)
  })

  test('DOM-330: wishes within the dwell collapse to the newest', () => {
    const wants = [1, 2, 3, 4, 5].map((version) => ({ at: version * 500, version }))
    const world = play({ wants, endMs: 60_000 })
    expect(shows(world, 5)).toBe(true)
    expect(world.network.enqueues.filter(({ command }) => command.kind === 'display').length).toBeLessThanOrEqual(3)
  })

  test('DOM-330: two enqueues are at least the dwell apart', () => {
    const wants = Array.from({ length: 20 }, (_, index) => ({ at: index * 1_700, version: index + 1 }))
    const { enqueues } = play({ wants, endMs: 120_000 }).network
    const gaps = enqueues.slice(1).map(({ at }, index) => at - (enqueues[index]?.at ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(PROFILE.minDwellMs)
  })

  test('DOM-622, DOM-641: five lost attempts make a dead letter, and nothing is sent after it', () => {
    const world = play({
      wants: [{ at: 0, version: 1 }],
      faults: { ...NO_FAULTS, downlinkLost: 1 },
      endMs: 1_700_000,
      profile: { ...PROFILE, setUpFrom: null },
    })
    expect(outcomes(world).filter((to) => to === 'failed').length).toBeLessThanOrEqual(1)
    expect(Math.max(...world.network.enqueues.map(({ command }) => command.attemptNo))).toBeLessThanOrEqual(MAX_ATTEMPTS)
  })

  test('DOM-626: after a join the wanted display goes out as a new command, once the light was heard', () => {
    const world = play({ wants: [{ at: 0, version: 1 }], faults: { ...NO_FAULTS, rejoinAt: [60_000] }, endMs: 200_000 })
    expect(shows(world, 1)).toBe(true)
    expect(world.records.filter(({ kind }) => kind === 'rejoin')).toHaveLength(1)
    const display = world.network.enqueues.filter(({ command }) => command.kind === 'display')
    expect(new Set(display.map(({ command }) => command.commandId)).size).toBe(2)
  })

  test('LW-245: firmware 5.6 and later is set up once per session, older firmware never', () => {
    const setUps = (firmware: string) =>
      play({ wants: [{ at: 0, version: 1 }], endMs: 120_000, firmware }).network.enqueues.filter(({ command }) => command.kind === 'setup')
    expect(setUps('5.6')).toHaveLength(1)
    expect(setUps('5.5')).toHaveLength(0)
  })

  test('DOM-632: a light that does not report is asked once, then stays transmitted', () => {
    const world = play({ wants: [{ at: 40_000, version: 1 }], faults: { ...NO_FAULTS, reportLost: 1 }, endMs: 300_000 })
    expect(world.network.enqueues.filter(({ command }) => command.kind === 'request_status')).toHaveLength(1)
    expect(world.records.some((record) => record.kind === 'note' && record.code === 'unproved')).toBe(true)
    expect(world.light.proving?.deadline).toBeNull()
  })

  test('DOM-648: a refused budget consumes no attempt', () => {
    const world = play({
      wants: [{ at: 0, version: 1 }],
      faults: { ...NO_FAULTS, budgetRefused: 0.9 },
      draw: createDraw(7),
      endMs: 300_000,
    })
    expect(world.network.enqueues[0]?.command.attemptNo).toBe(1)
    expect(shows(world, 1)).toBe(true)
  })

  test('Q-PRP-20: with faults that end, the last wanted colour is shown, versions never go back, attempts stay within five', () => {
    const rate = fc.double({ min: 0, max: 0.6, noNaN: true })
    const faults = fc.record({
      enqueueUnavailable: rate,
      replyLost: rate,
      txackLost: rate,
      downlinkLost: rate,
      reportLost: rate,
      budgetRefused: rate,
      rejoinAt: fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 2 }),
    })
    const wants = fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(fc.integer(), faults, wants, (seed, mix, times) => {
        const last = times.length
        const world = play({
          wants: [...times].sort((one, other) => one - other).map((at, index) => ({ at, version: index + 1 })),
          faults: mix,
          faultsEndMs: 240_000,
          endMs: 2 * 3_600_000,
          draw: createDraw(seed),
        })
        expect(shows(world, last)).toBe(true)
        expect(
          world.network.shown.every((look) => times.some((_, index) => JSON.stringify(lookOf(index + 1)) === JSON.stringify(look))),
        ).toBe(true)
        expect(world.network.enqueues.every(({ command }) => command.attemptNo <= MAX_ATTEMPTS)).toBe(true)
        const versions = world.network.enqueues.filter(({ command }) => command.kind === 'display').map(({ command }) => command.version)
        expect(versions).toEqual([...versions].sort((one, other) => one - other))
      }),
      { numRuns: 1000 },
    )
  })
})

/** mulberry32: small, seeded, good enough for faults. */
function createDraw(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Cars by seed: OPS-024, LW-154. */
import { createVirtualClock } from '../clock'
import { createDraws } from '../draws'
import type { World, WorldDevice, WorldSite } from '../network-server/world'
import { startCars } from './cars'
import { createLocalTime } from './local-time'

const DAY_MS = 86_400_000
/** A Monday, 00:00 in Paris. */
const MONDAY = Date.UTC(2026, 5, 29) - 2 * 3_600_000

const SITE: WorldSite = { key: 'site', name: 'Site', timeZone: 'Europe/Paris', traffic: 'office' }

const sensor = (index: number): WorldDevice => ({
  ...{ devEui: index.toString(16).padStart(16, '0'), name: `S${index}`, model: 'browan-tbms100', applicationId: '', profileId: '' },
  ...{ siteKey: 'site', spaceCode: `A-${index}` },
})

const worldOf = (bays: number, site = SITE): World => ({
  ...{ tenants: [], applications: [], profiles: [], gateways: [], tokens: { admin: 'a' } },
  sites: [site],
  devices: Array.from({ length: bays }, (_, index) => sensor(index)),
})

interface Move {
  readonly at: number
  readonly devEui: string
  readonly isPresent: boolean
}

interface Run {
  readonly seed?: number
  readonly bays?: number
  readonly days?: number
  readonly site?: WorldSite
  readonly speed?: number
  readonly start?: number
}

async function run({ seed = 7, bays = 20, days = 1, site = SITE, speed = 1, start = MONDAY }: Run = {}): Promise<readonly Move[]> {
  const clock = createVirtualClock(start)
  const moves: Move[] = []
  startCars({
    ...{ world: worldOf(bays, site), clock, draws: createDraws(seed), speed },
    drive: (devEui, isPresent) => moves.push({ at: clock.now(), devEui, isPresent }),
  })
  await clock.advance(days * DAY_MS)
  return moves
}

const of = (moves: readonly Move[], index: number) => moves.filter(({ devEui }) => devEui === sensor(index).devEui)

it('the same seed makes the same cars, another seed others', async () => {
  expect(await run()).toEqual(await run())
  expect(await run({ seed: 8 })).not.toEqual(await run())
})

it('LW-154: one more bay changes no other bay’s cars', async () => {
  const [few, more] = [await run({ bays: 5 }), await run({ bays: 6 })]
  for (let index = 0; index < 5; index++) expect(of(more, index)).toEqual(of(few, index))
})

it('arrivals and departures alternate on every bay', async () => {
  const moves = await run({ days: 3 })
  for (let index = 0; index < 20; index++) {
    const states = of(moves, index).map(({ isPresent }) => isPresent)
    expect(states.every((isPresent, position) => position === 0 || isPresent !== states[position - 1])).toBe(true)
  }
})

it('an office fills in the morning of the site’s own clock, hardly at night or at weekends', async () => {
  const arrivals = (await run({ bays: 60, days: 7 })).filter(({ isPresent }) => isPresent)
  const localTime = createLocalTime(SITE.timeZone)
  const between = (from: number, to: number) => arrivals.filter(({ at }) => localTime(at).hour >= from && localTime(at).hour < to).length
  expect(between(7, 10)).toBeGreaterThan(5 * between(0, 5))
  const weekend = arrivals.filter(({ at }) => localTime(at).isWeekend).length
  expect(weekend).toBeLessThan(arrivals.length / 6)
})

it('follows the wall clock through a DST night', async () => {
  const start = Date.UTC(2026, 9, 24, 22)
  const localTime = createLocalTime(SITE.timeZone)
  expect([localTime(start).hour, localTime(start + 3 * 3_600_000).hour, localTime(start + 4 * 3_600_000).hour]).toEqual([0, 2, 3])
  const moves = await run({ start, days: 2, site: { ...SITE, traffic: 'retail' } })
  expect(moves.length).toBeGreaterThan(0)
})

it('speed makes more cars that stay shorter', async () => {
  const [slow, fast] = [await run({ bays: 40 }), await run({ bays: 40, speed: 10 })]
  expect(fast.length).toBeGreaterThan(4 * slow.length)
})

/** The core against the simulated world: determinism, and the closing property under random faults (Q-SIM-01, Q-SIM-02, LW-170). */
import { encode } from '#domain/codec/registry'
import { DEFAULT_POLICY_BODY, type Situation } from '#domain/display/policy'
import { createDraws } from '../draws'
import { FAULT_TYPES, TX_REFUSALS, type FaultSwitch, type FaultType } from '../network-server/faults'
import { APPLICATION, GATEWAY, LAMP_PROFILE, SECOND_GATEWAY, SENSOR_PROFILE, TEST_WORLD } from '../network-server/test-world'
import type { World, WorldDevice } from '../network-server/world'
import { simulateSite, type SiteSimulation } from './simulate-site'

const HOUR_MS = 3_600_000
const START = Date.UTC(2026, 6, 1, 6)
const BAYS = 6
const FAULTY_HOURS = 4
/** Two status intervals and the longest back-off. */
const QUIET_HOURS = 2
const SEEDS = 25
const CALM_MS = 20_000

const at = (index: number) => ({
  applicationId: APPLICATION,
  siteKey: 'site',
  spaceCode: `A-${index}`,
  gatewayIds: [GATEWAY, SECOND_GATEWAY],
})
const eui = (prefix: number, index: number): string => (prefix * 0x1000 + index).toString(16).padStart(16, '0')
const MODELS = ['browan-tbms100', 'bosch-tps110', 'nwave-nps405']

const devices: WorldDevice[] = Array.from({ length: BAYS }, (_, index) => [
  {
    devEui: eui(1, index),
    name: `S${index}`,
    model: MODELS[index % MODELS.length] ?? '',
    profileId: SENSOR_PROFILE,
    ...at(index),
    motionHoldSeconds: 30,
  },
  { devEui: eui(2, index), name: `L${index}`, model: 'plenom-busylight', profileId: LAMP_PROFILE, ...at(index) },
]).flat()

const WORLD: World = { ...TEST_WORLD, devices, sites: [{ key: 'site', name: 'Site', timeZone: 'Europe/Paris', traffic: 'retail' }] }

const run = (seed: number, faults: readonly FaultSwitch[] = [], hours = FAULTY_HOURS + QUIET_HOURS): Promise<SiteSimulation> =>
  simulateSite({ world: WORLD, site: 'site', seed, days: hours / 24, startAt: START, speed: 3, faults })

/** Faults of any type at any time of the faulty hours, for all or for one. */
function drawFaults(seed: number): readonly FaultSwitch[] {
  const draws = createDraws(seed)
  const pick = <Item>(purpose: string, items: readonly Item[]): Item =>
    items[draws.integer(['fault', purpose], 0, items.length - 1)] as Item
  const inCore = FAULT_TYPES.filter(
    (type) => !['grpc.hang', 'grpc.latency', 'grpc.reply_lost', 'mqtt.disconnect', 'clock.skew'].includes(type),
  )
  return Array.from({ length: 5 }, () => {
    const type: FaultType = pick('type', inCore)
    const isForOne = draws.number('fault', 'narrow') < 0.5
    return {
      type,
      ...(isForOne && !type.startsWith('gateway') ? { match: { dev_eui: pick('device', devices).devEui } } : {}),
      rate: 0.2 + 0.6 * draws.number('fault', 'rate'),
      until: START + Math.ceil(FAULTY_HOURS * draws.number('fault', 'until')) * HOUR_MS,
      status: pick('status', TX_REFUSALS),
      ...{ delay_ms: 2_000, max_delay_ms: 5_000, code: 14 },
    }
  })
}

/** `RRGGBB/on/off` of a situation under the default policy. */
function lookOf(situation: string): string {
  const { color, pattern, brightness_percent } = DEFAULT_POLICY_BODY.looks[situation as Situation]
  const sent = encode('plenom-busylight', { type: 'state', color, pattern, brightness_percent })
  if (!sent.ok) throw new Error(sent.error.message)
  const [r = 0, b = 0, g = 0, on, off] = sent.bytes
  return `${Buffer.from([r, g, b]).toString('hex').toUpperCase()}/${on}/${off}`
}

const withoutRepeats = (items: readonly string[]): readonly string[] => items.filter((item, index) => item !== items[index - 1])

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let position = 0
  for (const item of whole) if (part[position] === item) position++
  return position === part.length
}

const journalOf = ({ simulated }: SiteSimulation) => simulated.simulation.journal
const decided = (result: SiteSimulation, index: number): readonly string[] =>
  journalOf(result)
    .of('decision')
    .filter(({ spaceId }) => spaceId === `site/A-${index}`)
    .map(({ situation }) => lookOf(situation))

/** Colours that commands made, without what the lamp shows by itself. */
const commanded = (result: SiteSimulation, index: number): readonly string[] =>
  journalOf(result)
    .of('lamp')
    .filter(({ devEui, queueItemId }) => devEui === eui(2, index) && queueItemId !== null)
    .map(({ look }) => look)

const visible = (result: SiteSimulation, index: number): string | undefined =>
  journalOf(result)
    .of('lamp')
    .filter(({ devEui }) => devEui === eui(2, index))
    .at(-1)?.look

/** Lights may take some seconds after a decision: looks at them when nothing was decided for a while. */
async function calmDown({ simulated }: SiteSimulation): Promise<void> {
  const { clock, journal } = simulated.simulation
  const isCalm = (): boolean => clock.now() - (journal.of('decision').at(-1)?.at ?? 0) > CALM_MS
  while (!isCalm()) await simulated.control.advance(CALM_MS / 4)
}

describe('Q-SIM-01', () => {
  it('the same seed gives the same bytes, another seed others', async () => {
    const first = await run(7)
    expect((await run(7)).sha256).toBe(first.sha256)
    expect((await run(8)).sha256).not.toBe(first.sha256)
    expect(first.decisions).toBeGreaterThan(50)
  })

  it('bookings are kept and broken, and lights say so', async () => {
    const result = await simulateSite({ world: WORLD, seed: 3, days: 3, startAt: START })
    const what = new Set(
      journalOf(result)
        .of('booking')
        .map((entry) => entry.what),
    )
    expect(what).toEqual(new Set(['confirmed', 'active', 'no_show', 'completed']))
    expect(
      new Set(
        journalOf(result)
          .of('decision')
          .map(({ situation }) => situation),
      ),
    ).toEqual(new Set(['unknown', 'free', 'occupied', 'reserved', 'reserved_soon']))
  })

  it('knows no site that the world does not have', async () => {
    await expect(simulateSite({ world: WORLD, site: 'nowhere', seed: 7, days: 1 })).rejects.toThrow('no site')
  })
})

describe.each(Array.from({ length: SEEDS }, (_, index) => index + 1))('Q-SIM-02, LW-170: seed %i', (seed) => {
  it('after the faults every lamp shows what is wanted, and never showed what was not decided', async () => {
    const result = await run(seed, drawFaults(seed))
    await calmDown(result)
    for (let index = 0; index < BAYS; index++) {
      const wanted = withoutRepeats(decided(result, index))
      const shown = withoutRepeats(commanded(result, index))
      expect({ seed, index, shows: visible(result, index) }).toEqual({ seed, index, shows: wanted.at(-1) })
      expect({ seed, index, shown, isInOrder: isSubsequence(shown, wanted) }).toMatchObject({ isInOrder: true })
    }
  })
})

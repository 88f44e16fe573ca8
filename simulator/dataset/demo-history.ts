/** Fourteen days of a demo bay's life: stays by hour, the frames that told of them, and what the rule decided each time (OPS-023). */
import { DEFAULT_POLICY } from '#domain/display/policy'
import { decide } from '#domain/occupancy/decide'
import type { Decision, Facts, OccupancyValue } from '#domain/occupancy/types'
import { draw, stableId } from './draw'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const HISTORY_DAYS = 14

/** Mean minutes that a bay stays empty, by hour of the day (UTC): long at night, short around noon. */
const EMPTY_MINUTES = [600, 600, 600, 600, 480, 300, 180, 90, 50, 40, 35, 30, 30, 35, 40, 40, 45, 50, 60, 90, 150, 240, 360, 480] as const
const STAY_MINUTES = { least: 12, most: 240 } as const
/** The last frame of every sensor is this old when the platform starts: fresh for every model. */
const LAST_HEARD_AGO_MS = 4 * MINUTE_MS

export interface BayToPlay {
  readonly seed: number
  readonly spaceId: string
  readonly deviceId: string
  readonly devEui: string
  readonly model: string
  readonly gatewayEui: string
  readonly window: { readonly occupiedSeconds: number; readonly freeSeconds: number }
  readonly now: number
}

export interface DemoReading {
  readonly id: string
  readonly fCnt: number
  readonly heardAt: number
  readonly value: OccupancyValue
  readonly rssiDbm: number
  readonly snrDb: number
}

export interface DemoTransition {
  readonly sequence: number
  readonly previous: Decision | null
  readonly decision: Decision
  readonly reading: DemoReading
}

export interface DemoStay {
  readonly startedAt: number
  readonly endedAt: number | null
}

export interface BayHistory {
  readonly devAddr: string
  readonly readings: readonly DemoReading[]
  readonly transitions: readonly DemoTransition[]
  readonly stays: readonly DemoStay[]
  readonly lastHeardAt: number
}

/** Instants at which the bay changes hands: arrival, departure, arrival, … up to just before now. */
function changeInstants({ seed, spaceId, now }: BayToPlay): number[] {
  const instants: number[] = []
  let at = now - HISTORY_DAYS * 24 * HOUR_MS + draw(seed, `first/${spaceId}`) * 3 * HOUR_MS
  for (let turn = 0; at < now - LAST_HEARD_AGO_MS; turn++) {
    instants.push(Math.floor(at))
    const chance = draw(seed, `turn/${spaceId}/${turn}`)
    at += turn % 2 === 0 ? stayMs(chance) : emptyMs(chance, at)
  }
  return instants
}

const stayMs = (chance: number): number => (STAY_MINUTES.least + chance * chance * (STAY_MINUTES.most - STAY_MINUTES.least)) * MINUTE_MS

const emptyMs = (chance: number, at: number): number => {
  const mean = EMPTY_MINUTES[new Date(at).getUTCHours()] ?? EMPTY_MINUTES[0]
  return -Math.log(1 - chance * 0.999) * mean * MINUTE_MS + MINUTE_MS // exponential, never shorter than a minute
}

function readingAt(bay: BayToPlay, index: number, heardAt: number): DemoReading {
  const noise = draw(bay.seed, `radio/${bay.deviceId}/${index}`)
  return {
    id: stableId(bay.seed, `reading/${bay.deviceId}/${index}`),
    fCnt: index + 1,
    heardAt,
    value: index % 2 === 0 ? 'occupied' : 'free',
    rssiDbm: Math.round(-60 - noise * 50),
    snrDb: Math.round((11 - noise * 14) * 10) / 10,
  }
}

function factsAfter(bay: BayToPlay, reading: DemoReading): Facts {
  const { id, fCnt, heardAt, value, rssiDbm, snrDb } = reading
  const readingRef = { id, fCnt, rssiDbm, snrDb, gatewayId: bay.gatewayEui, deduplicationId: null }
  const { deviceId, model, window, spaceId } = bay
  const sensor = {
    deviceId,
    model,
    usable: true,
    lastHeardAt: heardAt,
    value,
    valueHeardAt: heardAt,
    readingRef,
    window,
    suspect: null,
    gateways: [],
  }
  return { spaceId, overrides: [], rights: [], sensor }
}

/** Plays one bay; the decisions are the product's own rule over the frames of the day. */
export function playBay(bay: BayToPlay): BayHistory {
  const readings = changeInstants(bay).map((heardAt, index) => readingAt(bay, index, heardAt))
  const transitions: DemoTransition[] = []
  let previous: Decision | null = null
  for (const [index, reading] of readings.entries()) {
    const decision = decide(factsAfter(bay, reading), DEFAULT_POLICY, reading.heardAt)
    transitions.push({ sequence: index + 1, previous, decision, reading })
    previous = decision
  }
  const stays = readings
    .filter(({ value }) => value === 'occupied')
    .map(({ heardAt, fCnt }) => ({ startedAt: heardAt, endedAt: readings[fCnt]?.heardAt ?? null }))
  return {
    devAddr: stableId(bay.seed, `session/${bay.deviceId}`).slice(-8),
    readings,
    transitions,
    stays,
    lastHeardAt: bay.now - LAST_HEARD_AGO_MS,
  }
}

/** The product's core in one process without I/O: events in, decisions, lights out; every decision goes into the journal (Q-SIM-02). */
import type { Decision } from '#domain/occupancy/types'
import type { Cancel } from '../clock'
import type { SimulatedWorld } from '../network-server/assemble'
import type { World, WorldDevice } from '../network-server/world'
import { createBay, type Bay } from './bay'
import { startBookings, type Bookings } from './bookings'
import { toNetworkEvent, toReport, toUplink, type EventBody } from './heard-event'
import { createLightDriver, type LightDriver } from './light-driver'

const LAMP_MODEL = 'plenom-busylight'
const TOPIC = /\/device\/([^/]+)\/event\/([^/]+)$/

export interface Core {
  hear(topic: string, payload: string): void
}

interface CoreInput {
  readonly world: World
  readonly simulated: SimulatedWorld
  /** Bays with bookings, by `bayKey`. */
  readonly bookable: ReadonlySet<string>
}

/** Names one bay of the world. */
export const bayKey = ({ siteKey = '', spaceCode = '' }: WorldDevice): string => `${siteKey}/${spaceCode}`

const isLamp = ({ model }: WorldDevice): boolean => model === LAMP_MODEL

export function createCore({ world, simulated, bookable }: CoreInput): Core {
  const bays = new Map<string, RunningBay>()
  const lights = new Map<string, LightDriver>()
  const placed = world.devices.filter(({ spaceCode }) => spaceCode !== undefined)
  for (const lamp of placed.filter(isLamp))
    lights.set(lamp.devEui, createLightDriver({ devEui: lamp.devEui, model: lamp.model, world: simulated }))
  for (const sensor of placed.filter((device) => !isLamp(device))) {
    const lamp = placed.find((device) => isLamp(device) && bayKey(device) === bayKey(sensor))
    const light = lights.get(lamp?.devEui ?? '') ?? null
    bays.set(sensor.devEui, runBay({ sensor, light, simulated, isBookable: bookable.has(bayKey(sensor)) }))
  }
  return {
    hear: (topic, payload) => {
      const [, devEui = '', kind = ''] = TOPIC.exec(topic) ?? []
      const body = JSON.parse(payload) as EventBody // our own simulated server wrote it
      bays.get(devEui)?.hear(kind, body)
      const light = lights.get(devEui)
      if (light) hearLight(light, kind, body)
    },
  }
}

function hearLight(light: LightDriver, kind: string, body: EventBody): void {
  const event = toNetworkEvent(kind, body)
  if (event) return light.hear({ kind: 'network', event })
  if (kind !== 'up') return
  const uplink = toUplink(body)
  light.heardAt(uplink.heardAt)
  const report = toReport(LAMP_MODEL, uplink)
  if (report) light.hear({ kind: 'reported', report })
}

interface RunningBay {
  hear(kind: string, body: EventBody): void
}

interface BayParts {
  readonly sensor: WorldDevice
  readonly light: LightDriver | null
  readonly simulated: SimulatedWorld
  readonly isBookable: boolean
}

/** Decides anew at every fact and at every `until`; what changed goes to the journal and the light. */
function runBay({ sensor, light, simulated, isBookable }: BayParts): RunningBay {
  const { clock, draws, journal } = simulated.simulation
  const spaceId = bayKey(sensor)
  const note = (what: string): void => journal.add({ type: 'booking', at: clock.now(), spaceId, what })
  let last: Decision | null = null
  let alarm: Cancel = () => undefined

  function project(): void {
    const decision = bay.decide(clock.now())
    alarm()
    if (decision.until !== null) alarm = clock.at(decision.until, project)
    const isNewLook = lookKey(last) !== lookKey(decision)
    if (last?.state !== decision.state || last.reason !== decision.reason || isNewLook) record(decision)
    last = decision
    if (isNewLook) light?.want(decision.display)
    if (decision.state === 'occupied') bookings?.arrived()
  }

  const record = ({ state, reason, display, until }: Decision): void =>
    journal.add({ type: 'decision', at: clock.now(), spaceId, state, reason, situation: display.situation, until })

  const bay: Bay = createBay({ spaceId, sensor, rights: () => bookings?.rights() ?? [] })
  const bookings: Bookings | null = isBookable
    ? startBookings({
        ...{ clock, draws, spaceId },
        drive: (isPresent) => simulated.control.driveCar(sensor.devEui, isPresent),
        changed: (what) => {
          note(what)
          project()
        },
      })
    : null
  clock.at(clock.now(), project)
  return {
    hear: (kind, body) => {
      if (kind === 'join') bay.joined(body.devAddr ?? '')
      if (kind !== 'up' || !body.fPort) return
      bay.hear(toUplink(body))
      project()
    },
  }
}

const lookKey = (decision: Decision | null): string =>
  decision === null ? '' : [decision.display.color, decision.display.pattern, decision.display.brightnessPercent].join('/')

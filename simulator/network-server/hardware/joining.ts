/** Joins again and again until the network server accepts; then the model's behaviour begins. */
import type { Simulation } from '../simulation'
import type { UnitContext } from './behaviour'
import type { Later, Power } from './power'
import type { UnitParts } from './unit'

const JOIN_AGAIN_MIN_MS = 12_000
const JOIN_AGAIN_MAX_MS = 20_000

interface JoinerParts {
  readonly power: Power
  readonly later: Later
  readonly send: UnitContext['send']
  readonly isSilent: () => boolean
}

/** Asks to join until it is accepted; then the model's behaviour begins. */
export function createJoiner(
  simulation: Simulation,
  { device, reach, behave, uplinks }: UnitParts,
  { power, later, send, isSilent }: JoinerParts,
) {
  const { draws, faults, journal, clock } = simulation
  const { devEui } = device
  const context: UnitContext = {
    ...{ device, draws, send, later, now: clock.now, isPresent: () => power.isPresent },
    ignoresAsking: () => faults.strike('device.no_report', { dev_eui: devEui }) !== null,
    show: (look, queueItemId) => {
      if (look === power.look) return
      power.look = look
      journal.add({ type: 'lamp', at: clock.now(), devEui, look, queueItemId })
    },
  }

  function accept(attempt: number, devAddr: string): void {
    if (attempt !== power.attempt) return
    Object.assign(power, { devAddr, fCntUp: 0, lastFCntDown: -1 })
    power.behaviour = behave?.(context) ?? null
  }

  return function join(): void {
    if (power.devAddr !== null) return
    const attempt = ++power.attempt
    if (!isSilent()) uplinks.join({ devEui, appKey: power.appKey, reach, accept: (devAddr) => accept(attempt, devAddr) })
    later(draws.integer([devEui, 'join again'], JOIN_AGAIN_MIN_MS, JOIN_AGAIN_MAX_MS), join)
  }
}

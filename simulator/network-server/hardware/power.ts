/** What a unit holds while it has power, and what it plans: a loss of power forgets the plans. */
import type { Cancel } from '../../clock'
import type { Simulation } from '../simulation'
import type { Behaviour, UnitContext } from './behaviour'

export interface Power {
  appKey: string
  devAddr: string | null
  fCntUp: number
  lastFCntDown: number
  owesAck: boolean
  isPresent: boolean
  isMuted: boolean
  look: string | null
  behaviour: Behaviour | null
  lastFrame: (() => void) | null
  /** Of joining since power came; an accept that belongs to an earlier one is too late. */
  attempt: number
  readonly plans: Set<Cancel>
}

export type Later = UnitContext['later']

/** Plans that power-off forgets. */
export function createPlanner({ clock }: Simulation, { plans }: Power): Later {
  return (ms, task) => {
    const cancel = clock.at(clock.now() + ms, () => {
      plans.delete(cancel)
      task()
    })
    plans.add(cancel)
    return () => {
      plans.delete(cancel)
      cancel()
    }
  }
}

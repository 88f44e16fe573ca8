/** What every part of the simulated network server works with; made once in `create-simulated-network-server`. */
import type { SimulationClock } from '../clock'
import type { Draws } from '../draws'
import type { Faults } from './faults'
import type { Journal } from './journal'
import type { Region } from './region'
import type { NetworkState } from './state'

export interface Simulation {
  readonly clock: SimulationClock
  readonly draws: Draws
  readonly faults: Faults
  readonly journal: Journal
  readonly state: NetworkState
  readonly region: Region
  /** `4.17`: a flush kills pending items too (LW-161). */
  readonly compat: '4.17' | '4.18'
}

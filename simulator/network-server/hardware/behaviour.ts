/** What makes one model's unit behave as it does, apart from the radio that all share. */
import type { Cancel } from '../../clock'
import type { Draws } from '../../draws'
import type { ReceivedDownlink } from '../gateway-link'
import type { WorldDevice } from '../world'

export interface OutgoingFrame {
  readonly fPort: number
  readonly bytes: Uint8Array
  readonly confirmed?: boolean
}

/** What a unit's model can do to the world. */
export interface UnitContext {
  readonly device: WorldDevice
  readonly draws: Draws
  readonly now: () => number
  readonly send: (frame: OutgoingFrame) => void
  /** Forgotten when the unit loses power or joins again. */
  readonly later: (ms: number, task: () => void) => Cancel
  /** A lamp's visible look, `RRGGBB/on/off`; recorded when it changes. */
  readonly show: (look: string, queueItemId: string | null) => void
  /** `device.no_report`: the lamp does not answer though it was asked to. */
  readonly ignoresAsking: () => boolean
  /** Whether a vehicle stands on the bay now. */
  readonly isPresent: () => boolean
}

/** Made anew at every join: what it holds is lost with power. */
export interface Behaviour {
  /** A vehicle came or went. */
  presenceChanged?(): void
  receive?(frame: ReceivedDownlink): void
}

/** Begins at once: sends its first frame within seconds. */
export type BehaviourFactory = (context: UnitContext) => Behaviour

/** What all bay sensors do: tell a change after their own delay, and repeat the state in their own rhythm. */
import type { Cancel } from '../../clock'
import type { Behaviour, BehaviourFactory, OutgoingFrame, UnitContext } from './behaviour'

const MINUTE_MS = 60_000
const FIRST_FRAME_MIN_MS = 1_000
const FIRST_FRAME_MAX_MS = 3_000
const DAY_MS = 86_400_000

/** What an encoder may tell. */
export interface BayReport {
  readonly reason: 'change' | 'heartbeat'
  readonly isOccupied: boolean
  readonly minutesSinceChange: number
  /** How long the state before this one lasted. */
  readonly previousMinutes: number
  /** Changes to occupied since the unit started. */
  readonly count: number
  readonly frameNumber: number
  readonly temperatureC: number
}

export interface BaySensorModel {
  /** From a vehicle coming or going to the frame that says so. */
  readonly detectionMs: (context: UnitContext, isPresent: boolean) => number
  readonly heartbeatMs: (isOccupied: boolean) => number
  readonly encode: (report: BayReport) => OutgoingFrame
  /** Sent once after a join, before the first state. */
  readonly startup?: (isOccupied: boolean) => OutgoingFrame
}

/** Cool at night, warm in the afternoon (UTC); whole degrees. */
const temperatureAt = (now: number): number => Math.round(12 - 8 * Math.cos(((now % DAY_MS) / DAY_MS) * 2 * Math.PI))

interface BayState {
  isOccupied: boolean
  changedAt: number
  previousMinutes: number
  count: number
  frameNumber: number
}

export const createBaySensor =
  (model: BaySensorModel): BehaviourFactory =>
  (context) => {
    const { now } = context
    const state: BayState = { isOccupied: context.isPresent(), changedAt: now(), previousMinutes: 0, count: 0, frameNumber: 0 }
    const report = createReporter(context, model, state)
    if (model.startup) context.send(model.startup(state.isOccupied))
    context.later(context.draws.integer([context.device.devEui, 'first frame'], FIRST_FRAME_MIN_MS, FIRST_FRAME_MAX_MS), () =>
      report('heartbeat'),
    )
    return watchBay(context, { model, state, report })
  }

type Reporter = (reason: BayReport['reason']) => void

/** Sends the state, and again when nothing has been sent for one heartbeat. */
function createReporter(context: UnitContext, model: BaySensorModel, state: BayState): Reporter {
  let repeat: Cancel = () => undefined
  return function report(reason) {
    const { isOccupied, changedAt, previousMinutes, count } = state
    const minutesSinceChange = Math.floor((context.now() - changedAt) / MINUTE_MS)
    const temperatureC = temperatureAt(context.now())
    context.send(
      model.encode({ reason, isOccupied, minutesSinceChange, previousMinutes, count, frameNumber: state.frameNumber++, temperatureC }),
    )
    repeat()
    repeat = context.later(model.heartbeatMs(isOccupied), () => report('heartbeat'))
  }
}

interface Watch {
  readonly model: BaySensorModel
  readonly state: BayState
  readonly report: Reporter
}

function watchBay(context: UnitContext, { model, state, report }: Watch): Behaviour {
  let detection: Cancel = () => undefined

  function detect(): void {
    const isPresent = context.isPresent()
    if (isPresent === state.isOccupied) return
    state.previousMinutes = Math.floor((context.now() - state.changedAt) / MINUTE_MS)
    state.isOccupied = isPresent
    state.changedAt = context.now()
    if (isPresent) state.count++
    report('change')
  }

  return {
    presenceChanged: () => {
      detection()
      detection = context.later(model.detectionMs(context, context.isPresent()), detect)
    },
  }
}

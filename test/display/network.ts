/** ChirpStack's queue of one device, its gateway and the lamp behind it: flush, lock, hand-over gap, counters, reports (LW-Q01…Q16). */
import type { Command, LampLook, LightProfile } from '#domain/display/light'
import type { LightEvent } from '#domain/display/light-hears'
import type { EnqueueResult, InspectResult } from '#domain/display/light-settles'
import type { Draw, Faults } from './light-world'
import type { VirtualClock } from './virtual-clock'

const LOCK_MS = 5_000
const HAND_OVER_MS = 100
const TTL_MS = 120_000
const LOST_ANSWER_MS = 5_000
const POWER_UP_LOOK: LampLook = { r: 0, g: 53, b: 0, steady: true }

interface Item {
  readonly id: string
  readonly command: Command
}

interface Lamp {
  look: LampLook
  counter: number
  lastFCnt: number
  session: number
  answersAll: boolean
}

export interface NetworkOptions {
  readonly clock: VirtualClock
  readonly faults: Faults
  readonly faultsEndMs: number
  readonly draw: Draw
  readonly profile: LightProfile
  readonly firmware: string
  readonly tell: (event: LightEvent) => void
}

export interface Network {
  readonly lamp: Lamp
  readonly shown: LampLook[]
  readonly enqueues: { readonly command: Command; readonly at: number }[]
  happens(rate: number): boolean
  enqueue(command: Command): EnqueueResult
  inspect(command: Command): InspectResult
  report(): void
  rejoin(): void
}

interface State extends NetworkOptions {
  readonly queue: Item[]
  readonly lamp: Lamp
  readonly shown: LampLook[]
  fCnt: number
  lastDownlinkAt: number
  ids: number
}

export function createNetwork(options: NetworkOptions): Network {
  const lamp = { look: POWER_UP_LOOK, counter: 0, lastFCnt: -1, session: 1, answersAll: false }
  const state: State = { ...options, queue: [], lamp, shown: [], fCnt: 0, lastDownlinkAt: -Infinity, ids: 0 }
  const enqueues: Network['enqueues'] = []
  return {
    lamp,
    shown: state.shown,
    enqueues,
    happens: (rate) => happens(state, rate),
    enqueue(command) {
      if (happens(state, state.faults.enqueueUnavailable)) return { result: 'unavailable', code: 'unavailable' }
      enqueues.push({ command, at: state.clock.now() })
      return put(state, command)
    },
    inspect: ({ queueItemId }) => (state.queue.some(({ id }) => id === queueItemId) ? 'present' : 'gone'),
    report: () => report(state),
    rejoin: () => rejoin(state),
  }
}

const happens = ({ clock, faultsEndMs, draw }: State, rate: number) => clock.now() < faultsEndMs && draw() < rate

function put(state: State, command: Command): EnqueueResult {
  const { clock, queue } = state
  const item = { id: `q${state.ids++}`, command }
  queue.splice(0, queue.length, item)
  schedule(state)
  if (happens(state, state.faults.replyLost)) clock.spend(LOST_ANSWER_MS)
  return { result: 'accepted', queueItemId: item.id, expiresAt: clock.now() + TTL_MS, events: [] }
}

function schedule(state: State): void {
  const { clock, draw } = state
  clock.later(Math.max(clock.now() + Math.floor(draw() * 1_000), state.lastDownlinkAt + LOCK_MS), () => handOver(state))
}

function handOver(state: State): void {
  const { clock, queue } = state
  const [item] = queue
  if (item === undefined) return
  if (clock.now() < state.lastDownlinkAt + LOCK_MS) return schedule(state)
  state.lastDownlinkAt = clock.now()
  receive(state, item)
  clock.later(clock.now() + HAND_OVER_MS, () => answerHandOver(state, item))
}

/** Deleted between hand-over and answer: no txack, and the counter does not move (LW-Q13). Answer lost: sent again (LW-Q14). */
function answerHandOver(state: State, item: Item): void {
  const { clock, queue, draw, tell } = state
  if (!queue.includes(item)) return
  if (happens(state, state.faults.txackLost)) return schedule(state)
  queue.splice(queue.indexOf(item), 1)
  state.fCnt++
  const event = { key: `txack:${item.id}`, kind: 'txack' as const, queueItemId: item.id, gatewayId: 'gw', at: clock.now() }
  clock.later(clock.now() + Math.floor(draw() * 500), () => tell({ kind: 'network', event }))
  if (queue.length > 0) schedule(state)
}

/** A lamp drops a frame whose counter it has heard. */
function receive(state: State, { command }: Item): void {
  const { clock, lamp, profile, shown } = state
  if (state.fCnt <= lamp.lastFCnt || happens(state, state.faults.downlinkLost)) return
  lamp.lastFCnt = state.fCnt
  lamp.counter++
  if (command.kind === 'setup') lamp.answersAll = true
  if (command.look !== null) {
    lamp.look = command.look
    shown.push(lamp.look)
  }
  const isAnswered = lamp.answersAll || command.kind === 'request_status'
  if (profile.reports && isAnswered) clock.later(clock.now() + 1_000, () => report(state))
}

function report(state: State): void {
  const { clock, lamp, firmware, tell } = state
  if (happens(state, state.faults.reportLost)) return
  const { look, counter, session } = lamp
  const color = { r: look.r, g: look.g, b: look.b }
  const said = { on: 50, off: look.steady ? 0 : 50, counter, firmware, deviceClass: 'CLASS_C', session: String(session) }
  const status = { readingId: `r${state.ids++}`, color, ...said, at: clock.now() }
  clock.later(clock.now() + 200, () => tell({ kind: 'reported', report: status }))
}

function rejoin(state: State): void {
  const { clock, lamp, queue, tell } = state
  queue.length = 0
  state.fCnt = 0
  Object.assign(lamp, { look: POWER_UP_LOOK, counter: 0, lastFCnt: -1, session: lamp.session + 1, answersAll: false })
  tell({ kind: 'network', event: { key: `join:${state.ids++}`, kind: 'join', at: clock.now() } })
  clock.later(clock.now() + 4_000, () => report(state))
}

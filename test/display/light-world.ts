/** A light, its gateway and its network server on a virtual clock, as far as delivery can tell them apart (LW-Q01…Q17); faults by draw. */
import { createLight, type Command, type Light, type LightProfile, type LampLook } from '#domain/display/light'
import { hear } from '#domain/display/light-hears'
import { nextStep, type Step } from '#domain/display/light-next'
import type { Change, LightRecord } from '#domain/display/light-records'
import { sameLook } from '#domain/display/light-reports'
import { budgeted, enqueued, enqueueing, inspected, loaded, opened, proofGivenUp, type EnqueueResult } from '#domain/display/light-settles'
import type { LightReport } from '#domain/shared/outbox'

export const PROFILE: LightProfile = {
  label: 'A-12',
  assigned: true,
  reports: true,
  setUpFrom: '5.6',
  minDwellMs: 5_000,
  inflightWaitMs: 8_000,
  transmitWindowMs: 15_000,
  proofWindowMs: 20_000,
  refreshMs: null,
}

const LOCK_MS = 5_000
const HAND_OVER_MS = 100
const TTL_MS = 120_000
const DEFAULT_LOOK: LampLook = { r: 0, g: 53, b: 0, steady: true }

/** A look per version, so that what is shown names its version. */
export const lookOf = (version: number): LampLook => ({ r: version % 256, g: version >> 8, b: 7, steady: version % 2 === 0 })

export type Draw = () => number

export interface Faults {
  readonly enqueueUnavailable: number
  readonly replyLost: number
  readonly txackLost: number
  readonly downlinkLost: number
  readonly reportLost: number
  readonly budgetRefused: number
  readonly rejoinAt: readonly number[]
}

export const NO_FAULTS: Faults = {
  enqueueUnavailable: 0,
  replyLost: 0,
  txackLost: 0,
  downlinkLost: 0,
  reportLost: 0,
  budgetRefused: 0,
  rejoinAt: [],
}

interface Item {
  readonly id: string
  readonly command: Command
}

export interface World {
  now: number
  light: Light
  readonly lamp: { look: LampLook; counter: number; lastFCnt: number; session: number; answersAll: boolean; awake: boolean }
  readonly shown: LampLook[]
  readonly records: LightRecord[]
  readonly enqueues: { readonly command: Command; readonly at: number }[]
  readonly steps: Step['kind'][]
}

export interface Play {
  readonly wants: readonly { readonly at: number; readonly version: number }[]
  readonly faults?: Faults
  /** Faults end then; the world goes on until `endMs`. */
  readonly faultsEndMs?: number
  readonly endMs: number
  readonly draw?: Draw
  readonly profile?: LightProfile
  readonly firmware?: string
}

const MAX_STEPS = 5_000

export function play({
  wants,
  faults = NO_FAULTS,
  faultsEndMs = Infinity,
  endMs,
  draw = () => 0.5,
  profile = PROFILE,
  firmware = '6.1',
}: Play): World {
  const world: World = {
    now: 0,
    light: createLight(),
    lamp: { look: DEFAULT_LOOK, counter: 0, lastFCnt: -1, session: 1, answersAll: false, awake: true },
    shown: [],
    records: [],
    enqueues: [],
    steps: [],
  }
  const agenda: { at: number; seq: number; run: () => void }[] = []
  const queue: Item[] = []
  let fCnt = 0
  let lastDownlinkAt = -Infinity
  let wanted = 0
  let ids = 0
  let seq = 0
  const later = (at: number, run: () => void) => void agenda.push({ at, seq: seq++, run })
  const sorted = () => agenda.sort((one, other) => one.at - other.at || one.seq - other.seq)
  const nextDue = () => ((sorted()[0]?.at ?? Infinity) <= world.now ? agenda.shift() : undefined)
  const happens = (rate: number) => world.now < faultsEndMs && draw() < rate
  const moment = () => ({ now: world.now, random: draw() })
  const take = (change: Change) => {
    world.light = change.light
    world.records.push(...change.records)
  }
  const tell = (event: Parameters<typeof hear>[1]) => take(hear(world.light, event, moment()))

  function report(): void {
    if (!world.lamp.awake || happens(faults.reportLost)) return
    const { look, counter, session } = world.lamp
    const said: LightReport = {
      readingId: `r${seq++}`,
      color: { r: look.r, g: look.g, b: look.b },
      on: 50,
      off: look.steady ? 0 : 50,
      counter,
      firmware,
      deviceClass: 'CLASS_C',
      session: String(session),
      at: world.now,
    }
    later(world.now + 200, () => tell({ kind: 'reported', report: said }))
  }

  function receive(item: Item, frame: number): void {
    const { lamp } = world
    if (!lamp.awake || frame <= lamp.lastFCnt || happens(faults.downlinkLost)) return
    lamp.lastFCnt = frame
    lamp.counter++
    if (item.command.kind === 'setup') lamp.answersAll = true
    if (item.command.kind === 'display' && item.command.look !== null) {
      lamp.look = item.command.look
      world.shown.push(lamp.look)
    }
    if (profile.reports && (lamp.answersAll || item.command.kind === 'request_status')) later(world.now + 1_000, report)
  }

  function schedule(): void {
    const at = Math.max(world.now + Math.floor(draw() * 1_000), lastDownlinkAt + LOCK_MS)
    later(at, () => {
      const item = queue[0]
      if (item === undefined || world.now < lastDownlinkAt + LOCK_MS) return queue.length > 0 ? schedule() : undefined
      lastDownlinkAt = world.now
      const frame = fCnt
      receive(item, frame)
      later(world.now + HAND_OVER_MS, () => settleHandOver(item))
    })
  }

  /** Deleted between hand-over and answer: no txack, and the counter does not move (LW-Q13). Answer lost: sent again (LW-Q14). */
  function settleHandOver(item: Item): void {
    if (!queue.includes(item)) return
    if (happens(faults.txackLost)) return schedule()
    queue.splice(queue.indexOf(item), 1)
    fCnt++
    const event = { key: `txack:${item.id}:${seq++}`, kind: 'txack' as const, queueItemId: item.id, gatewayId: 'gw', at: world.now }
    later(world.now + Math.floor(draw() * 500), () => tell({ kind: 'network', event }))
    if (queue.length > 0) schedule()
  }

  function enqueue(command: Command): EnqueueResult {
    if (happens(faults.enqueueUnavailable)) return { result: 'unavailable', code: 'unavailable' }
    world.enqueues.push({ command, at: world.now })
    queue.length = 0
    const item = { id: `q${ids++}`, command }
    queue.push(item)
    schedule()
    if (happens(faults.replyLost)) world.now += 5_000
    return { result: 'accepted', queueItemId: item.id, expiresAt: world.now + TTL_MS, events: [] }
  }

  function rejoin(): void {
    queue.length = 0
    fCnt = 0
    Object.assign(world.lamp, {
      look: DEFAULT_LOOK,
      counter: 0,
      lastFCnt: -1,
      session: world.lamp.session + 1,
      answersAll: false,
      awake: true,
    })
    tell({ kind: 'network', event: { key: `join:${seq++}`, kind: 'join', at: world.now } })
    later(world.now + 4_000, report)
  }

  function act(step: Exclude<Step, { kind: 'wait' | 'end' }>): void {
    world.steps.push(step.kind)
    const { light } = world
    if (step.kind === 'load') {
      const result = {
        gone: false,
        profile,
        wantedVersion: wanted,
        sentVersion: 0,
        dwellUntil: 0,
        look: null,
        counter: null,
        session: null,
        lastHeardAt: null,
        command: null,
      } as const
      world.light = loaded(light, result, moment())
    } else if (step.kind === 'open') {
      const isDisplay = step.command === 'display'
      const commandId = step.commandId ?? `c${ids++}`
      const look = isDisplay ? lookOf(wanted) : null
      const isNothing = isDisplay && wanted === 0
      const row = { opened: !isNothing, reason: isNothing ? ('nothing_wanted' as const) : null, commandId, kind: step.command }
      world.light = opened(light, { step, result: { gone: false, profile, ...row, version: wanted, rank: 2, look } }, moment())
    } else if (step.kind === 'budget') {
      const result = happens(faults.budgetRefused)
        ? ({ granted: false, waitingFor: 'budget', retryAfterMs: 3_000 } as const)
        : ({ granted: true } as const)
      world.light = budgeted(light, { command: step.command, result }, moment())
    } else if (step.kind === 'enqueue') {
      world.light = enqueueing(light, step.command)
      const result = enqueue(step.command)
      take(enqueued(world.light, { command: step.command, result }, moment()))
    } else if (step.kind === 'inspect') {
      take(
        inspected(
          light,
          { command: step.command, result: queue.some(({ id }) => id === step.command.queueItemId) ? 'present' : 'gone' },
          moment(),
        ),
      )
    } else take(proofGivenUp(light))
  }

  for (const want of wants) {
    later(want.at, () => {
      wanted = Math.max(wanted, want.version)
      tell({ kind: 'wanted', version: want.version })
    })
  }
  for (const at of faults.rejoinAt) later(at, rejoin)
  if (profile.reports) for (let at = 30_000; at < endMs; at += 1_800_000) later(at, report)

  for (let count = 0; count < MAX_STEPS && world.now <= endMs; count++) {
    for (let due = nextDue(); due !== undefined; due = nextDue()) due.run()
    const step = nextStep(world.light, world.now)
    if (step.kind === 'end') break
    if (step.kind !== 'wait') {
      act(step)
      continue
    }
    world.now = Math.max(world.now, Math.min(step.until ?? endMs + 1, sorted()[0]?.at ?? endMs + 1))
  }
  return world
}

export const shows = (world: World, version: number): boolean => sameLook(world.lamp.look, lookOf(version))

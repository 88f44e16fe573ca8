/** A light, its gateway and its network server on a virtual clock, as far as delivery can tell them apart (LW-Q01…Q17); faults by draw. */
import { createLight, type Command, type LampLook, type Light, type LightProfile } from '#domain/display/light'
import { hear } from '#domain/display/light-hears'
import { nextStep, type OpenStep, type Step } from '#domain/display/light-next'
import type { Change, LightRecord } from '#domain/display/light-records'
import { sameLook } from '#domain/display/light-reports'
import { budgeted, enqueued, enqueueing, inspected, loaded, opened, proofGivenUp } from '#domain/display/light-settles'
import { createNetwork, type Network } from './network'
import { createVirtualClock, type VirtualClock } from './virtual-clock'

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

export interface World {
  readonly clock: VirtualClock
  readonly play: Required<Omit<Play, 'wants'>>
  readonly network: Network
  light: Light
  /** Newest version that was decided. */
  wanted: number
  ids: number
  readonly records: LightRecord[]
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
const STATUS_INTERVAL_MS = 1_800_000

/** Plays from the first want to `endMs`; what is left to see is the world. */
export function play({ wants, ...rest }: Play): World {
  const world = createWorld(rest)
  const { clock, network } = world
  for (const { at, version } of wants) {
    clock.later(at, () => {
      world.wanted = Math.max(world.wanted, version)
      tell(world, { kind: 'wanted', version })
    })
  }
  for (const at of world.play.faults.rejoinAt) clock.later(at, () => network.rejoin())
  if (world.play.profile.reports) for (let at = 30_000; at < rest.endMs; at += STATUS_INTERVAL_MS) clock.later(at, () => network.report())
  for (let count = 0; count < MAX_STEPS && clock.now() <= rest.endMs; count++) {
    clock.runDue()
    const step = nextStep(world.light, clock.now())
    if (step.kind === 'end') break
    if (step.kind === 'wait') clock.advance(Math.min(step.until ?? Infinity, rest.endMs + 1))
    else act(world, step)
  }
  return world
}

function createWorld({
  faults = NO_FAULTS,
  faultsEndMs = Infinity,
  draw = () => 0.5,
  profile = PROFILE,
  firmware = '6.1',
  endMs,
}: Omit<Play, 'wants'>): World {
  const clock = createVirtualClock()
  const settings = { faults, faultsEndMs, draw, profile, firmware, endMs }
  const world: World = {
    clock,
    play: settings,
    network: createNetwork({ clock, ...settings, tell: (event) => tell(world, event) }),
    light: createLight(),
    wanted: 0,
    ids: 0,
    records: [],
  }
  return world
}

const momentOf = ({ clock, play: { draw } }: World) => ({ now: clock.now(), random: draw() })

function take(world: World, { light, records }: Change): void {
  world.light = light
  world.records.push(...records)
}

const tell = (world: World, event: Parameters<typeof hear>[1]) => take(world, hear(world.light, event, momentOf(world)))

function act(world: World, step: Exclude<Step, { kind: 'wait' | 'end' }>): void {
  switch (step.kind) {
    case 'load':
      return load(world)
    case 'open':
      return open(world, step)
    case 'budget':
      return askBudget(world, step.command)
    case 'enqueue':
      return enqueue(world, step.command)
    case 'inspect':
      return take(world, inspected(world.light, { command: step.command, result: world.network.inspect(step.command) }, momentOf(world)))
    case 'give_up_proof':
      return take(world, proofGivenUp(world.light))
  }
}

function load(world: World): void {
  const nothing = { sentVersion: 0, dwellUntil: 0, look: null, counter: null, session: null, lastHeardAt: null, command: null }
  world.light = loaded(world.light, { gone: false, profile: world.play.profile, wantedVersion: world.wanted, ...nothing }, momentOf(world))
}

function open(world: World, step: OpenStep): void {
  const isDisplay = step.command === 'display'
  const isNothing = isDisplay && world.wanted === 0
  const row = { opened: !isNothing, reason: isNothing ? ('nothing_wanted' as const) : null, commandId: step.commandId ?? `c${world.ids++}` }
  const look = isDisplay ? lookOf(world.wanted) : null
  const result = { gone: false, profile: world.play.profile, ...row, kind: step.command, version: world.wanted, rank: 2, look } as const
  world.light = opened(world.light, { step, result }, momentOf(world))
}

function askBudget(world: World, command: Command): void {
  const isRefused = world.network.happens(world.play.faults.budgetRefused)
  const result = isRefused ? ({ granted: false, waitingFor: 'budget', retryAfterMs: 3_000 } as const) : ({ granted: true } as const)
  world.light = budgeted(world.light, { command, result }, momentOf(world))
}

function enqueue(world: World, command: Command): void {
  world.light = enqueueing(world.light, command)
  const result = world.network.enqueue(command)
  take(world, enqueued(world.light, { command, result }, momentOf(world)))
}

export const shows = ({ network }: World, version: number): boolean => sameLook(network.lamp.look, lookOf(version))

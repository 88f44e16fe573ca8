/** Plays the delivery of one light without I/O: the product's own rules against the simulated server's own queue (Q-SIM-02). */
import { fromHex } from '#domain/codec/hex'
import { encode } from '#domain/codec/registry'
import { encodeDisplay } from '#domain/display/encode-display'
import { createLight, type Command, type LampLook, type Light, type LightProfile } from '#domain/display/light'
import { hear, type LightEvent } from '#domain/display/light-hears'
import { nextStep, type OpenStep, type Step } from '#domain/display/light-next'
import type { Change, Moment } from '#domain/display/light-records'
import {
  budgeted,
  enqueued,
  enqueueing,
  inspected,
  loaded,
  opened,
  proofGivenUp,
  type EnqueueResult,
  type OpenResult,
} from '#domain/display/light-settles'
import { DEFAULT_POLICY_BODY } from '#domain/display/policy'
import type { DecidedDisplay } from '#domain/occupancy/types'
import type { Cancel } from '../clock'
import type { SimulatedWorld } from '../network-server/assemble'

/** Defaults of DOM-604, 605, 622, 632. */
const TTL_MS = 120_000
const PROFILE: Omit<LightProfile, 'label'> = {
  assigned: true,
  reports: true,
  setUpFrom: '5.6',
  minDwellMs: DEFAULT_POLICY_BODY.display_min_dwell_seconds * 1_000,
  inflightWaitMs: 8_000,
  transmitWindowMs: 15_000,
  proofWindowMs: 20_000,
  refreshMs: null,
}

interface Bytes {
  readonly fPort: number
  readonly data: Uint8Array
  readonly look: LampLook | null
}

export interface LightDriver {
  want(display: DecidedDisplay): void
  hear(event: LightEvent): void
  /** A sign of life of a light, for looks after a join. */
  heardAt(at: number): void
}

interface Driven {
  light: Light
  wanted: DecidedDisplay | null
  wantedVersion: number
  lastHeardAt: number | null
  /** By command: what is, or was last, sent for it. */
  readonly bytes: Map<string, Bytes>
  lastSent: Bytes | null
  commands: number
}

interface DriverInput {
  readonly devEui: string
  readonly model: string
  readonly world: SimulatedWorld
}

export function createLightDriver({ devEui, model, world }: DriverInput): LightDriver {
  const { clock, draws } = world.simulation
  const driven: Driven = {
    ...{ light: createLight(), wanted: null, wantedVersion: 0, lastHeardAt: null, lastSent: null, commands: 0 },
    bytes: new Map(),
  }
  const act = createActor(driven, { devEui, model, world })
  const moment = (): Moment => ({ now: clock.now(), random: draws.number(devEui, 'retry') })
  let alarm: Cancel = () => undefined

  /** Until nothing is left to do now. */
  function drive(): void {
    alarm()
    for (;;) {
      const step = nextStep(driven.light, clock.now())
      if (step.kind === 'end') return
      if (step.kind !== 'wait') {
        driven.light = act(step, moment())
        continue
      }
      if (step.until !== null) alarm = clock.at(step.until, drive)
      return
    }
  }

  function take(event: LightEvent): void {
    driven.light = hear(driven.light, event, moment()).light
    drive()
  }

  return {
    want: (display) => {
      driven.wanted = display
      take({ kind: 'wanted', version: ++driven.wantedVersion })
    },
    hear: take,
    heardAt: (at) => {
      driven.lastHeardAt = at
    },
  }
}

type Act = Exclude<Step, { kind: 'wait' | 'end' }>

/** Carries out one step at once and gives its answer to the rules. */
function createActor(driven: Driven, input: DriverInput): (step: Act, moment: Moment) => Light {
  const settled = ({ light }: Change): Light => light
  return (step, moment) => {
    const { light } = driven
    switch (step.kind) {
      case 'load':
        return loaded(light, loadResult(driven, input), moment)
      case 'open':
        return opened(light, { step, result: openResult(driven, input, step) }, moment)
      case 'budget':
        return budgeted(light, { command: step.command, result: { granted: true } }, moment)
      case 'enqueue':
        return settled(
          enqueued(enqueueing(light, step.command), { command: step.command, result: send(driven, input, step.command) }, moment),
        )
      case 'inspect':
        return settled(inspected(light, { command: step.command, result: isQueued(input, step.command) ? 'present' : 'gone' }, moment))
      case 'give_up_proof':
        return settled(proofGivenUp(light))
    }
  }
}

const profileOf = ({ devEui }: DriverInput): LightProfile => ({ ...PROFILE, label: devEui })

const loadResult = ({ wantedVersion, lastHeardAt }: Driven, input: DriverInput) =>
  ({
    ...{ gone: false, profile: profileOf(input), wantedVersion, lastHeardAt },
    ...{ sentVersion: 0, dwellUntil: 0, look: null, counter: null, session: null, command: null },
  }) as const

function openResult(driven: Driven, input: DriverInput, step: OpenStep): OpenResult {
  const bytes = step.command === 'display' ? displayBytes(driven.wanted, input.model) : ownBytes(step.command, input.model)
  const isEqual = step.origin === 'policy' && bytes !== null && isSame(bytes, driven.lastSent)
  const commandId = `${input.devEui}/${++driven.commands}`
  if (bytes && !isEqual) driven.bytes.set(commandId, bytes)
  return {
    ...{ gone: false, profile: profileOf(input), commandId, kind: step.command, version: driven.wantedVersion, rank: 2 },
    opened: bytes !== null && !isEqual,
    reason: isEqual ? 'equal' : null,
    look: bytes?.look ?? null,
  }
}

const isSame = (bytes: Bytes, last: Bytes | null): boolean => last !== null && Buffer.compare(bytes.data, last.data) === 0

function displayBytes(wanted: DecidedDisplay | null, model: string): Bytes | null {
  if (!wanted) return null
  const encoded = encodeDisplay({ wanted: { ...wanted, blinkPeriodMs: DEFAULT_POLICY_BODY.blink_period_ms }, model })
  const data = encoded.none === undefined ? fromHex(encoded.bytes) : null
  if (encoded.none !== undefined || !data) return null
  const [r = 0, b = 0, g = 0, , off = 0] = data
  return { fPort: encoded.fPort, data, look: { r, g, b, steady: off === 0 } }
}

function ownBytes(command: 'setup' | 'request_status', model: string): Bytes | null {
  const encoded = encode(model, command === 'setup' ? { type: 'answer_every_downlink', on: true } : { type: 'request_status' })
  return encoded.ok ? { fPort: encoded.fPort, data: encoded.bytes, look: null } : null
}

/** What `Enqueue` with `flush_queue` does; a lost reply is found again by reading back (DOM-620). */
function send(driven: Driven, { devEui, world }: DriverInput, command: Command): EnqueueResult {
  const { clock, draws, faults, state } = world.simulation
  const device = state.devices.get(devEui)
  const bytes = driven.bytes.get(command.commandId)
  if (!device || !bytes) return { result: 'permanent', code: 'downlink.device_missing' }
  const subject = { method: 'DeviceService/Enqueue', dev_eui: devEui }
  if (faults.strike('grpc.reset', subject) ?? faults.strike('grpc.status', subject)) return { result: 'unavailable', code: '14' }
  const expiresAt = clock.now() + TTL_MS
  const id = draws.uuid(devEui, 'queue item')
  device.queue.clearUnsent()
  device.queue.add({
    id,
    confirmed: false,
    fPort: bytes.fPort,
    data: bytes.data,
    isEncrypted: false,
    fCntDown: 0,
    expiresAtMicros: expiresAt * 1_000,
  })
  world.downlinks.wake(device)
  if (command.kind === 'display') driven.lastSent = bytes
  return { result: 'accepted', queueItemId: id, expiresAt, events: [] }
}

const isQueued = ({ devEui, world }: DriverInput, { queueItemId }: Command): boolean =>
  (world.simulation.state.devices.get(devEui)?.queue.find(queueItemId ?? '') ?? null) !== null

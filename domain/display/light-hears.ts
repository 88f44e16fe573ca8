/** How a light's delivery takes what it hears: wishes, network events, reports, nudges (WF-020, DOM-610…634). Pure; repeats change nothing. */
import type { LightReport, NetworkEvent } from '../shared/outbox'
import { CLASS_C_LOCK_MS, force, FIRST_UP_LOOK_MS, isAwaitingProof, MAX_SEEN, type Command, type Light, type NudgeReason } from './light'
import { endDeadLetter, failCommand, loseAttempt } from './light-losses'
import { note, outcome, unchanged, type Change, type LightRecord, type Moment } from './light-records'
import { hearReport } from './light-reports'

export type LightEvent =
  | { readonly kind: 'wanted'; readonly version: number }
  | { readonly kind: 'network'; readonly event: NetworkEvent }
  | { readonly kind: 'reported'; readonly report: LightReport }
  | { readonly kind: 'nudged'; readonly why: NudgeReason }
  | { readonly kind: 'resend'; readonly commandId: string }
  | { readonly kind: 'cancelled'; readonly commandId: string }

export function hear(light: Light, event: LightEvent, moment: Moment): Change {
  const key = keyOf(event)
  if (key === null) return take(light, event, moment)
  if (light.seen.includes(key)) return unchanged(light)
  return take({ ...light, seen: [...light.seen, key].slice(-MAX_SEEN) }, event, moment)
}

/** The keys of DOM-906; wishes carry their version, people's own words are unique by command id. */
function keyOf(event: LightEvent): string | null {
  if (event.kind === 'network') return event.event.key
  if (event.kind === 'reported') return `report:${event.report.readingId}`
  return null
}

function take(light: Light, event: LightEvent, moment: Moment): Change {
  switch (event.kind) {
    case 'wanted':
      return unchanged({ ...light, wantedVersion: Math.max(light.wantedVersion, event.version) })
    case 'network':
      return hearNetwork[event.event.kind](light, event.event, moment)
    case 'reported':
      return hearReport(light, event.report, moment)
    case 'nudged':
      return unchanged(nudge(light, event.why, moment))
    case 'resend':
      return unchanged(force({ ...light, failedVersion: 0 }, 'reconcile', event.commandId))
    case 'cancelled':
      return cancel(light, event.commandId, moment)
  }
}

type Hearer = (light: Light, event: NetworkEvent, moment: Moment) => Change

const hearNetwork: Readonly<Record<NetworkEvent['kind'], Hearer>> = { txack: hearTxAck, ack: hearAck, log: hearLog, join: hearJoin }

/** Scheduled at the gateway, not on air, not received (LW-Q05): never called delivered (DOM-634). */
function hearTxAck(light: Light, event: NetworkEvent, moment: Moment): Change {
  const { command } = light
  if (command === null || !isItsItem(command, event)) return hearStray(light, event)
  if (command.repeat === 'due') return armRepeat(light, command, moment)
  if (command.repeat === 'armed') return unchanged(light)
  return { light: transmit(light, command, moment), records: [transmitted(command, event)] }
}

/** The first copy alone does not settle a command that flushed an unsettled item: it goes out once more after the lock (DOM-627). */
function armRepeat(light: Light, command: Command, { now }: Moment): Change {
  return unchanged({ ...light, command: { ...command, repeat: 'armed', lookAgainAt: now + CLASS_C_LOCK_MS } })
}

function transmit(light: Light, command: Command, { now }: Moment): Light {
  const settled: Light = { ...light, command: null, failedVersion: command.kind === 'display' ? 0 : light.failedVersion }
  if (command.kind === 'setup') return { ...settled, setUpDue: false }
  const window = light.profile?.proofWindowMs ?? 0
  if (command.kind === 'request_status') {
    return { ...settled, proving: settled.proving && { ...settled.proving, deadline: now + window, asked: true } }
  }
  const deadline = light.profile?.reports === true ? now + window : null
  return { ...settled, proving: { command, since: command.sentAt ?? now, deadline, asked: false } }
}

const transmitted = (command: Command, event: NetworkEvent): LightRecord =>
  outcome(command, event.at, {
    to: 'transmitted',
    proof: 'transmitted',
    gatewayId: event.gatewayId ?? null,
    spreadingFactor: event.spreadingFactor ?? null,
  })

function hearAck(light: Light, event: NetworkEvent, moment: Moment): Change {
  const command = itsCommand(light, event)
  if (command === null) return hearStray(light, event)
  const without = drop(light, command)
  if (event.acknowledged !== true) return loseAttempt(without, { command, code: 'nack' }, moment)
  const setUpDue = without.setUpDue && command.kind !== 'setup'
  return { light: { ...without, setUpDue, failedVersion: 0 }, records: [outcome(command, event.at, { to: 'confirmed', proof: 'acked' })] }
}

/** Codes that delete the item (LW-Q10, Q11, Q17); every other one leaves it where it is. */
const LOSING_CODES = new Set(['EXPIRED', 'F_CNT_DOWN'])

function hearLog(light: Light, event: NetworkEvent, moment: Moment): Change {
  const code = event.code ?? 'UNKNOWN'
  if (code === 'DOWNLINK_GATEWAY') return hearGatewayRefusal(light)
  const command = itsCommand(light, event)
  if (command === null) return hearStray(light, event)
  if (code === 'DOWNLINK_PAYLOAD_SIZE')
    return failCommand(drop(light, command), { command, code: 'downlink.payload_too_large' }, moment.now)
  return LOSING_CODES.has(code) ? loseAttempt(drop(light, command), { command, code: code.toLowerCase() }, moment) : unchanged(light)
}

/** It names no item, so it belongs to the only outstanding one; the network server tries again by itself (LW-056, DOM-623). */
function hearGatewayRefusal(light: Light): Change {
  const { command } = light
  if (command?.phase !== 'sent') return unchanged(light)
  return { light, records: [note(command, 'DOWNLINK_GATEWAY', { waitingFor: 'gateway', nextAt: null })] }
}

/** Its queue is gone without an event and it shows its own colour (DOM-626). */
function hearJoin(light: Light, event: NetworkEvent, { now }: Moment): Change {
  const ended = [light.command, light.proving?.command ?? null].filter((command) => command !== null)
  const records: LightRecord[] = ended.map((command) => outcome(command, now, { to: 'superseded', reason: 'rejoined' }))
  const asleep: Light = {
    ...light,
    command: null,
    proving: null,
    session: null,
    counter: null,
    setUpDue: false,
    failedVersion: 0,
    joinedAt: event.at,
    lookForUpAt: now + FIRST_UP_LOOK_MS,
  }
  return { light: asleep, records: [...records, { kind: 'rejoin', at: event.at }] }
}

/** No item of ours by that name: stored, changes nothing (DOM-628), but shows that a flush to come will hit nothing (DOM-627). */
function hearStray(light: Light, event: NetworkEvent): Change {
  const { command } = light
  const isFlushed = command !== null && command.phase !== 'sent' && event.queueItemId !== undefined && command.flushes === event.queueItemId
  return unchanged(isFlushed ? { ...light, command: { ...command, flushes: null } } : light)
}

const isItsItem = (command: Command, event: NetworkEvent) => event.queueItemId !== undefined && command.queueItemId === event.queueItemId

function itsCommand(light: Light, event: NetworkEvent): Command | null {
  const known = [light.command, light.proving?.command ?? null]
  return known.find((command) => command !== null && isItsItem(command, event)) ?? null
}

export function drop(light: Light, command: Command): Light {
  const isCommand = light.command?.commandId === command.commandId
  return {
    ...light,
    command: isCommand ? null : light.command,
    proving: light.proving?.command.commandId === command.commandId ? null : light.proving,
  }
}

const WAYS_BACK: readonly NudgeReason[] = ['gateway_back', 'network_server_back']

/** A way back ends waits and dead letters; the reconcile pass and a rollout ask for the display again (DOM-642). */
function nudge(light: Light, why: NudgeReason, { now }: Moment): Light {
  if (WAYS_BACK.includes(why)) return endDeadLetter(endWait(light, now))
  const isBusy = light.command !== null || light.joinedAt !== null || isAwaitingProof(light)
  return isBusy ? light : force({ ...light, failedVersion: 0 })
}

function endWait(light: Light, now: number): Light {
  const { command } = light
  if (command?.waitingFor !== 'gateway' && command?.waitingFor !== 'network_server') return light
  return { ...light, command: { ...command, notBefore: now, lookAgainAt: command.lookAgainAt && now } }
}

/** Not handed to the network server yet, nor about to be (DOM-611). */
export const isCancellable = (command: Command): boolean => command.phase === 'queued' || command.phase === 'granted'

function cancel(light: Light, commandId: string, { now }: Moment): Change {
  const { command } = light
  if (command?.commandId !== commandId || !isCancellable(command)) return unchanged(light)
  const idle: Light = {
    ...light,
    command: null,
    sentVersion: Math.max(light.sentVersion, command.version),
    setUpDue: light.setUpDue && command.kind !== 'setup',
  }
  return { light: idle, records: [outcome(command, now, { to: 'superseded', reason: 'cancelled' })] }
}

/** How a light's delivery takes the answers of its own steps: row opened, budget, enqueue, queue inspected, proof given up. Pure. */
import type { Instant } from '../shared/instant'
import type { NetworkEvent } from '../shared/outbox'
import {
  FIRST_UP_LOOK_MAX_MS,
  FIRST_UP_LOOK_MS,
  force,
  LOOK_AGAIN_MS,
  type Command,
  type CommandKind,
  type Light,
  type LightProfile,
  type LampLook,
  type WaitingFor,
} from './light'
import { hear } from './light-hears'
import { failCommand, loseAttempt, stallDelayMs } from './light-losses'
import type { OpenStep } from './light-next'
import { note, unchanged, type Change, type LightRecord, type Moment } from './light-records'

/** The row's truth about a light, for a run that knows nothing yet or looks again. */
export type LoadResult =
  | { readonly gone: true }
  | {
      readonly gone: false
      readonly profile: LightProfile
      readonly wantedVersion: number
      readonly sentVersion: number
      readonly dwellUntil: Instant
      /** What was last sent. */
      readonly look: LampLook | null
      readonly counter: number | null
      readonly session: string | null
      readonly lastHeardAt: Instant | null
      /** The command that is queued or sent, if any. */
      readonly command: Command | null
    }

export type OpenResult =
  | { readonly gone: true }
  | {
      readonly gone: false
      readonly profile: LightProfile
      /** Why no row was made: nothing else to show than what was sent last, or no bytes for it (DOM-325, DOM-330). */
      readonly opened: boolean
      readonly reason: 'equal' | 'no_encoder' | 'dismissed' | 'nothing_wanted' | null
      readonly commandId: string
      readonly kind: CommandKind
      readonly version: number
      readonly rank: number
      readonly look: LampLook | null
    }

export type BudgetResult =
  { readonly granted: true } | { readonly granted: false; readonly waitingFor: WaitingFor; readonly retryAfterMs: number }

export type EnqueueResult =
  | { readonly result: 'accepted'; readonly queueItemId: string; readonly expiresAt: Instant; readonly events: readonly NetworkEvent[] }
  | { readonly result: 'lost'; readonly code: string }
  | { readonly result: 'unavailable'; readonly code: string }
  | { readonly result: 'permanent'; readonly code: string }

/** With events: gone, and this is what the network had told of the item, heard by the run or not (DOM-622). */
export type InspectResult =
  'present' | 'gone' | 'unknown' | { readonly result: 'gone'; readonly events: readonly [NetworkEvent, ...NetworkEvent[]] }

/** What came back for one command. */
export interface Answer<R> {
  readonly command: Command
  readonly result: R
}

export function loaded(light: Light, result: LoadResult, { now }: Moment): Light {
  if (result.gone) return { ...light, gone: true }
  const { profile, lastHeardAt } = result
  const refreshed: Light = { ...light, profile, refreshAt: light.refreshAt ?? refreshAt(profile, now) }
  if (light.joinedAt !== null) return lookedForUp(refreshed, lastHeardAt, now)
  if (light.profile !== null) return refreshed
  return {
    ...refreshed,
    wantedVersion: Math.max(light.wantedVersion, result.wantedVersion),
    sentVersion: result.sentVersion,
    dwellUntil: result.dwellUntil,
    look: result.look,
    counter: result.counter,
    session: result.session,
    command: result.command,
  }
}

function lookedForUp(light: Light, lastHeardAt: Instant | null, now: Instant): Light {
  const joinedAt = light.joinedAt ?? now
  if (lastHeardAt !== null && lastHeardAt > joinedAt) {
    return force({ ...light, joinedAt: null, lookForUpAt: null })
  }
  const pause = Math.min(Math.max(now - joinedAt, FIRST_UP_LOOK_MS), FIRST_UP_LOOK_MAX_MS)
  return { ...light, lookForUpAt: now + pause }
}

const refreshAt = (profile: LightProfile, now: Instant): Instant | null => (profile.refreshMs === null ? null : now + profile.refreshMs)

export function opened(light: Light, { step, result }: { step: OpenStep; result: OpenResult }, { now }: Moment): Light {
  if (result.gone) return { ...light, gone: true }
  const known: Light = { ...light, profile: result.profile, wantedVersion: Math.max(light.wantedVersion, result.version) }
  if (step.command === 'display') return displayOpened(known, { step, result }, now)
  const asked: Light =
    step.command === 'setup'
      ? { ...known, setUpDue: result.opened }
      : { ...known, proving: known.proving && { ...known.proving, asked: true } }
  return result.opened ? { ...asked, command: created(asked, result, now) } : asked
}

type Opened = Extract<OpenResult, { gone: false }>

function displayOpened(light: Light, { step, result }: { step: OpenStep; result: Opened }, now: Instant): Light {
  const wish: Light = { ...light, forced: null, command: null, refreshAt: refreshAt(result.profile, now) }
  if (!result.opened)
    return {
      ...wish,
      sentVersion: Math.max(light.sentVersion, result.version),
      wantedVersion: Math.max(light.wantedVersion, result.version),
    }
  const flushed = step.supersedes?.phase === 'sent' ? step.supersedes.queueItemId : null
  return { ...wish, failedVersion: 0, command: { ...created(light, result, now), flushes: flushed } }
}

function created(light: Light, result: Opened, now: Instant): Command {
  const isEarly = light.dwellUntil > now
  return {
    commandId: result.commandId,
    kind: result.kind,
    version: result.kind === 'display' ? result.version : 0,
    rank: result.rank,
    attemptNo: 0,
    phase: 'queued',
    notBefore: light.dwellUntil,
    waitingFor: isEarly ? 'dwell' : null,
    stalls: 0,
    look: result.look,
    queueItemId: null,
    sentAt: null,
    expiresAt: null,
    lookAgainAt: null,
    flushes: null,
    repeat: 'none',
  }
}

export function budgeted(light: Light, { command, result }: Answer<BudgetResult>, { now }: Moment): Light {
  if (result.granted) return { ...light, command: { ...command, phase: 'granted', attemptNo: command.attemptNo + 1, waitingFor: null } }
  return { ...light, command: { ...command, notBefore: now + result.retryAfterMs, waitingFor: result.waitingFor } }
}

/** Before the call: events that arrive meanwhile know that an answer is under way. */
export const enqueueing = (light: Light, command: Command): Light => ({
  ...light,
  command: { ...command, phase: command.phase === 'sent' ? 'sent' : 'enqueuing' },
})

export function enqueued(light: Light, { command, result }: Answer<EnqueueResult>, moment: Moment): Change {
  if (result.result === 'accepted') return accepted(light, { command, result }, moment)
  if (command.repeat === 'armed')
    return unchanged(light.command === null ? light : { ...light, command: { ...command, repeat: 'done', lookAgainAt: moment.now } })
  if (result.result === 'unavailable') return unchanged(stalled(light, command, moment))
  const without: Light = { ...light, command: null, sentVersion: Math.max(light.sentVersion, command.version) }
  if (result.result === 'permanent') return failCommand(without, { command, code: result.code }, moment.now)
  return loseAttempt(dwelling(without, moment.now), { command, code: result.code }, moment)
}

const dwelling = (light: Light, now: Instant): Light => ({ ...light, dwellUntil: now + (light.profile?.minDwellMs ?? 0) })

/** Not sent at all: the attempt stays granted and is not consumed (DOM-621). */
function stalled(light: Light, command: Command, { now, random }: Moment): Light {
  const notBefore = now + stallDelayMs(command.stalls, random)
  return { ...light, command: { ...command, phase: 'granted', notBefore, waitingFor: 'network_server', stalls: command.stalls + 1 } }
}

function accepted(light: Light, { command, result }: Answer<Extract<EnqueueResult, { result: 'accepted' }>>, moment: Moment): Change {
  const { now } = moment
  const isRepeat = command.repeat === 'armed'
  const flushes = light.command?.flushes ?? null
  const sent: Command = {
    ...command,
    phase: 'sent',
    queueItemId: result.queueItemId,
    sentAt: now,
    expiresAt: result.expiresAt,
    lookAgainAt: now + (light.profile?.transmitWindowMs ?? 0),
    waitingFor: null,
    stalls: 0,
    flushes,
    repeat: isRepeat ? 'done' : flushes === null ? 'none' : 'due',
  }
  const isDisplay = command.kind === 'display'
  const onItsWay: Light = {
    ...dwelling(light, now),
    command: sent,
    look: isDisplay ? command.look : light.look,
    proving: isDisplay ? null : light.proving,
    sentVersion: Math.max(light.sentVersion, command.version),
  }
  return replay(onItsWay, result.events, moment)
}

/** Applies what was stored for an item before its name was known; it may have been heard as a stranger's (DOM-625). */
function replay(light: Light, events: readonly NetworkEvent[], moment: Moment): Change {
  const unseen: Light = { ...light, seen: light.seen.filter((key) => !events.some((event) => event.key === key)) }
  return events.reduce<Change>((change, event) => {
    const next = hear(change.light, { kind: 'network', event }, moment)
    return { light: next.light, records: [...change.records, ...next.records] }
  }, unchanged(unseen))
}

/** Still queued: the gateway or the lock, not lost (DOM-623). Gone without an event: lost (DOM-622). Unknown: look again. */
export function inspected(light: Light, { command, result }: Answer<InspectResult>, moment: Moment): Change {
  if (light.command?.commandId !== command.commandId) return unchanged(light)
  if (typeof result === 'object') return goneWith(light, { command, result: result.events }, moment)
  return answered(light, { command, result }, moment)
}

function answered(light: Light, { command, result }: Answer<Exclude<InspectResult, object>>, moment: Moment): Change {
  const isOver = command.expiresAt !== null && command.expiresAt <= moment.now
  if (result === 'gone' || (result === 'present' && isOver)) {
    return loseAttempt({ ...light, command: null }, { command, code: result === 'gone' ? 'no_txack' : 'expired' }, moment)
  }
  const nextAt = moment.now + LOOK_AGAIN_MS
  const waitingFor = result === 'present' ? 'gateway' : 'network_server'
  const records: LightRecord[] = command.waitingFor === waitingFor ? [] : [note(command, `queue_${result}`, { waitingFor, nextAt })]
  return { light: { ...light, command: { ...command, waitingFor, lookAgainAt: nextAt } }, records }
}

/** What was stored of the item decides; when none of it settles the command, it is lost as without. */
function goneWith(light: Light, { command, result }: Answer<readonly NetworkEvent[]>, moment: Moment): Change {
  // After the second copy of DOM-627 the first one's `txack` was heard already, and did not settle the command.
  const events = command.repeat === 'done' ? result.filter(({ key }) => !light.seen.includes(key)) : result
  const told = replay(light, events, moment)
  return told.light.command === light.command ? answered(light, { command, result: 'gone' }, moment) : told
}

/** Asked once and waited twice in vain: it stays `transmitted`, unverified, until a later report (DOM-632). */
export function proofGivenUp(light: Light): Change {
  const { proving } = light
  if (proving === null) return unchanged(light)
  return {
    light: { ...light, proving: { ...proving, deadline: null } },
    records: [note(proving.command, 'unproved', { waitingFor: null, nextAt: null })],
  }
}

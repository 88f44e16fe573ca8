/**
 * The delivery of one light as plain data (DOM-602): what is wanted, what is on its way, what is known to be shown.
 * `light-hears.ts` and `light-settles.ts` move it, `light-next.ts` says what to do next; none of them acts.
 */
import type { Instant } from '../shared/instant'

export type CommandKind = 'display' | 'setup' | 'request_status'
export type CommandOrigin = 'policy' | 'reconcile' | 'setup'
export type WaitingFor = 'network_server' | 'gateway' | 'budget' | 'dwell'
export type NudgeReason = 'gateway_back' | 'network_server_back' | 'reconcile' | 'rollout'

/** What a light can be seen to show: its channels, and whether it stands still (DOM-630, DOM-631). */
export interface LampLook {
  readonly r: number
  readonly g: number
  readonly b: number
  readonly steady: boolean
}

/** What the registry says about the light; re-read with every command. Durations in milliseconds. */
export interface LightProfile {
  /** Code of its bay and its EUI, for people who read timers: `A-12 (…0102)`. */
  readonly label: string
  readonly assigned: boolean
  readonly reports: boolean
  /** Its model knows `0601`, "answer every frame", from firmware 5.6 on (LW-245). */
  readonly setUpFrom: string | null
  readonly minDwellMs: number
  readonly inflightWaitMs: number
  readonly transmitWindowMs: number
  readonly proofWindowMs: number
  /** Null: the light reports, or its refresh is switched off (DOM-649). */
  readonly refreshMs: number | null
}

export interface Command {
  readonly commandId: string
  readonly kind: CommandKind
  /** The wanted version it carries; 0 for the platform's own commands. */
  readonly version: number
  /** DOM-647: 1 first, 5 last. */
  readonly rank: number
  /** Attempts begun, 0 while none is. */
  readonly attemptNo: number
  readonly phase: 'queued' | 'granted' | 'enqueuing' | 'sent'
  readonly notBefore: Instant
  readonly waitingFor: WaitingFor | null
  /** Waits for an absent network server in a row; they widen the back-off and consume no attempt (DOM-621). */
  readonly stalls: number
  readonly look: LampLook | null
  readonly queueItemId: string | null
  readonly sentAt: Instant | null
  /** When its item at the network server runs out. */
  readonly expiresAt: Instant | null
  readonly lookAgainAt: Instant | null
  /** An unsettled item that this command's enqueue flushes (LW-Q13): it is then sent twice (DOM-627). */
  readonly flushes: string | null
  readonly repeat: 'none' | 'due' | 'armed' | 'done'
}

/** A command that the gateway took and nothing has proved yet. No deadline: nobody waits for the proof any more. */
export interface Proving {
  readonly command: Command
  readonly since: Instant
  readonly deadline: Instant | null
  readonly asked: boolean
}

export interface Light {
  readonly profile: LightProfile | null
  readonly gone: boolean
  readonly wantedVersion: number
  readonly sentVersion: number
  /** Send although nothing newer is wanted: resend, rejoin, drift, refresh (LW-061). */
  readonly forced: { readonly origin: CommandOrigin; readonly commandId: string | null } | null
  readonly command: Command | null
  readonly proving: Proving | null
  readonly dwellUntil: Instant
  readonly look: LampLook | null
  readonly session: string | null
  readonly counter: number | null
  readonly setUpDue: boolean
  /** The light joined then and has not been heard since (DOM-626). */
  readonly joinedAt: Instant | null
  readonly lookForUpAt: Instant | null
  /** The version whose command became a dead letter; it is not tried again by itself (DOM-642). */
  readonly failedVersion: number
  readonly refreshAt: Instant | null
  /** Keys of events that were applied, newest last. */
  readonly seen: readonly string[]
}

/** Bounds what one run hands to the next (WF-005). */
export const MAX_SEEN = 50

export const MAX_ATTEMPTS = 5
/** The network's own lock between two class-C downlinks of one device (LW-100). */
export const CLASS_C_LOCK_MS = 5_000
/** DOM-623: how often an item that is still queued is looked at. */
export const LOOK_AGAIN_MS = 15_000
/** After a join: how often the registry is asked whether the light was heard, doubling up to the maximum. */
export const FIRST_UP_LOOK_MS = 15_000
export const FIRST_UP_LOOK_MAX_MS = 600_000

export function createLight(): Light {
  return {
    profile: null,
    gone: false,
    wantedVersion: 0,
    sentVersion: 0,
    forced: null,
    command: null,
    proving: null,
    dwellUntil: 0,
    look: null,
    session: null,
    counter: null,
    setUpDue: false,
    joinedAt: null,
    lookForUpAt: null,
    failedVersion: 0,
    refreshAt: null,
    seen: [],
  }
}

/** Asks for the wanted display once more; a person who waits for an answer keeps waiting for this one. */
export function force(light: Light, origin: CommandOrigin = 'reconcile', commandId: string | null = null): Light {
  return { ...light, forced: { origin, commandId: light.forced?.commandId ?? commandId } }
}

/** Somebody waits for the light to report what it was sent. */
export const isAwaitingProof = ({ proving }: Light): boolean => proving !== null && proving.deadline !== null

/** A newer display than the one on its way, or than the last one sent, waits. */
export function isNewerWanted(light: Light): boolean {
  const inHand = light.command?.kind === 'display' ? light.command.version : light.sentVersion
  return light.wantedVersion > Math.max(inHand, light.failedVersion)
}

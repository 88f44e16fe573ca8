/** What follows when an attempt is lost or a command refused: another try, a dead letter, or nothing (DOM-618, 622, 624, 640…642). */
import type { Instant } from '../shared/instant'
import { force, isNewerWanted, MAX_ATTEMPTS, type Command, type Light } from './light'
import { outcome, type Change, type Moment } from './light-records'

const FIRST_RETRY_MS = 2_000
const FIRST_STALL_MS = 2_000
const LONGEST_STALL_MS = 60_000
/** Spreads retries over 0.8 … 1.2 of the plan (DOM-640). */
const spread = (ms: number, random: number) => Math.round(ms * (0.8 + 0.4 * random))

/** 2, 4, 8, 16 s after the 1st … 4th lost attempt (DOM-640). */
const retryDelayMs = (attemptNo: number, random: number): number => spread(FIRST_RETRY_MS * 2 ** (attemptNo - 1), random)

/** 2 s doubling to 60 s while the network server is away, without end (DOM-640). */
export const stallDelayMs = (stalls: number, random: number): number =>
  spread(Math.min(FIRST_STALL_MS * 2 ** Math.min(stalls, 10), LONGEST_STALL_MS), random)

/** The same command without what its last attempt knew. */
function backToQueue(command: Command, notBefore: Instant): Command {
  return {
    ...command,
    phase: 'queued',
    notBefore,
    waitingFor: null,
    stalls: 0,
    queueItemId: null,
    sentAt: null,
    expiresAt: null,
    lookAgainAt: null,
    flushes: null,
    repeat: 'none',
  }
}

/** A command without effect, and the network's or our own word for why. */
export interface Loss {
  readonly command: Command
  readonly code: string
}

/** The attempt of `command` had no effect. `light` no longer holds it, neither as command nor as proving. */
export function loseAttempt(light: Light, { command, code }: Loss, { now, random }: Moment): Change {
  if (command.kind === 'request_status') return { light, records: [outcome(command, now, { to: 'expired', reason: code })] }
  const superseded = [outcome(command, now, { to: 'superseded', reason: code })]
  if (command.kind === 'display' && isNewerWanted(light)) return { light, records: superseded }
  if (light.command !== null) return { light: force(light), records: superseded }
  if (command.attemptNo >= MAX_ATTEMPTS) return failCommand(light, { command, code }, now)
  const nextAt = Math.max(now + retryDelayMs(command.attemptNo, random), light.dwellUntil)
  return {
    light: { ...light, command: backToQueue(command, nextAt) },
    records: [outcome(command, now, { to: 'queued', reason: code, nextAt })],
  }
}

/** A permanent refusal, or the fifth lost attempt: a dead letter until one of DOM-642 ends it. */
export function failCommand(light: Light, { command, code }: Loss, now: Instant): Change {
  const records = [outcome(command, now, { to: 'failed', reason: code })]
  if (command.kind !== 'display') return { light: { ...light, setUpDue: false }, records }
  return { light: { ...light, failedVersion: command.version }, records }
}

/** DOM-642: heard, joined, a way back to it, or asked for: the dead letter's display is wanted again, as a new command. */
export function endDeadLetter(light: Light): Light {
  if (light.failedVersion === 0) return light
  return force({ ...light, failedVersion: 0 })
}

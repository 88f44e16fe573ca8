/** What a change of a light's delivery leaves behind in the database: each is one compare-and-set (DOM-610…619, WF § 8.4). */
import type { Instant } from '../shared/instant'
import type { LightReport } from '../shared/outbox'
import type { Command, Light, WaitingFor } from './light'

export type CommandStatus = 'queued' | 'sent' | 'transmitted' | 'confirmed' | 'superseded' | 'expired' | 'failed'

export interface OutcomeRecord {
  readonly kind: 'outcome'
  readonly commandId: string
  readonly attemptNo: number
  readonly to: Exclude<CommandStatus, 'sent'>
  readonly reason: string | null
  /** When a lost attempt is tried again. */
  readonly nextAt: Instant | null
  readonly proof: 'transmitted' | 'acked' | null
  readonly gatewayId: string | null
  readonly spreadingFactor: number | null
  readonly at: Instant
}

export interface NoteRecord {
  readonly kind: 'note'
  readonly commandId: string
  readonly attemptNo: number
  /** What the network said, or `unproved`: the proof window passed twice (DOM-632). */
  readonly code: string
  readonly waitingFor: WaitingFor | null
  readonly nextAt: Instant | null
}

export interface ReportRecord {
  readonly kind: 'report'
  readonly report: LightReport
  readonly confirms: { readonly commandId: string; readonly attemptNo: number } | null
}

export interface RejoinRecord {
  readonly kind: 'rejoin'
  readonly at: Instant
}

export type LightRecord = OutcomeRecord | NoteRecord | ReportRecord | RejoinRecord

export interface Change {
  readonly light: Light
  readonly records: readonly LightRecord[]
}

/** The workflow's clock and one draw of its random generator (0 ≤ random < 1), so that rules stay pure. */
export interface Moment {
  readonly now: Instant
  readonly random: number
}

/** From which states each state may be entered; nothing leaves a terminal one, but `transmitted` may still be confirmed or lost. */
export const ENTERED_FROM: Readonly<Record<CommandStatus, readonly CommandStatus[]>> = {
  queued: ['queued', 'sent', 'transmitted'],
  sent: ['queued'],
  transmitted: ['sent'],
  confirmed: ['sent', 'transmitted'],
  superseded: ['queued', 'sent', 'transmitted'],
  expired: ['queued', 'sent'],
  failed: ['queued', 'sent', 'transmitted'],
}

export const unchanged = (light: Light): Change => ({ light, records: [] })

export function outcome(command: Command, at: Instant, rest: Pick<OutcomeRecord, 'to'> & Partial<OutcomeRecord>): OutcomeRecord {
  return {
    kind: 'outcome',
    commandId: command.commandId,
    attemptNo: command.attemptNo,
    reason: null,
    nextAt: null,
    proof: null,
    gatewayId: null,
    spreadingFactor: null,
    at,
    ...rest,
  }
}

export function note(command: Command, code: string, wait: { waitingFor: WaitingFor | null; nextAt: Instant | null }): NoteRecord {
  return { kind: 'note', commandId: command.commandId, attemptNo: command.attemptNo, code, ...wait }
}

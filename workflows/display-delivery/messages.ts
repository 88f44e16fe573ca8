/** What can be said to a light's delivery (WF-020). Light enough for everyone to import. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { Light, NudgeReason, WaitingFor } from '#domain/display/light'
import type { Instant } from '#domain/shared/instant'
import type { LightReport, NetworkEvent } from '#domain/shared/outbox'

export interface DisplayDeliveryInput {
  readonly tenantId: string
  readonly deviceId: string
  /** What one run hands to the next; without it the row is read first (WF-003). */
  readonly carried?: Light
}

export interface Want {
  /** The row knows what it looks like and how urgent it is. */
  readonly version: number
}

export interface DisplayStatus {
  readonly wantedVersion: number
  readonly sentVersion: number
  readonly commandId: string | null
  readonly status: 'idle' | 'queued' | 'sent' | 'transmitted' | 'failed'
  readonly attemptNo: number
  readonly waitingFor: WaitingFor | null
  readonly nextAt: Instant | null
}

export const want = defineSignal<[Want]>('want')
export const networkEvent = defineSignal<[NetworkEvent]>('networkEvent')
export const reported = defineSignal<[LightReport]>('reported')
export const nudge = defineSignal<[{ readonly why: NudgeReason }]>('nudge')
/** Sends the wanted display again as a new command, whatever was sent last; answers with its id, or null when nothing can be sent. */
export const resend = defineUpdate<{ commandId: string | null }, [Readonly<Record<string, never>>]>('resend')
/** Only while `queued`; otherwise refused with `downlink.not_cancellable` (API-514). */
export const cancelCommand = defineUpdate<{ commandId: string; status: 'superseded' }, [{ readonly commandId: string }]>('cancelCommand')
export const displayStatus = defineQuery<DisplayStatus>('status')

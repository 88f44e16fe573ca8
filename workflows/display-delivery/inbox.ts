/** What a light's delivery was told and has not taken yet: handlers only write it down, in order (WF-004). */
import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow'
import type { Light } from '#domain/display/light'
import { isCancellable, type LightEvent } from '#domain/display/light-hears'
import { newId } from '../shared/new-id'
import { statusOf } from './describe'
import { cancelCommand, displayStatus, networkEvent, nudge, reported, resend, want } from './messages'

export interface Inbox {
  events: LightEvent[]
  /** Opened on request so far, and the last of them; null: nothing could be sent. */
  resent: number
  lastResent: string | null
}

export const createInbox = (): Inbox => ({ events: [], resent: 0, lastResent: null })

export function registerHandlers(inbox: Inbox, current: () => Light): void {
  const push = (event: LightEvent) => inbox.events.push(event)
  setHandler(want, ({ version }) => void push({ kind: 'wanted', version }))
  setHandler(networkEvent, (event) => void push({ kind: 'network', event }))
  setHandler(reported, (report) => void push({ kind: 'reported', report }))
  setHandler(nudge, ({ why }) => void push({ kind: 'nudged', why }))
  setHandler(displayStatus, () => statusOf(current()))
  setHandler(resend, () => sentAgain(inbox, current))
  setHandler(cancelCommand, ({ commandId }) => cancelled(inbox, commandId, current), {
    validator: ({ commandId }) => assertCancellable(current(), commandId),
  })
}

/** Requests that meet before a command is opened share it. */
async function sentAgain(inbox: Inbox, current: () => Light): Promise<{ commandId: string | null }> {
  const before = inbox.resent
  inbox.events.push({ kind: 'resend', commandId: newId() })
  await condition(() => inbox.resent > before || current().gone)
  return { commandId: inbox.resent > before ? inbox.lastResent : null }
}

async function cancelled(inbox: Inbox, commandId: string, current: () => Light): Promise<{ commandId: string; status: 'superseded' }> {
  inbox.events.push({ kind: 'cancelled', commandId })
  await condition(() => current().command?.commandId !== commandId || current().gone)
  return { commandId, status: 'superseded' }
}

function assertCancellable({ command }: Light, commandId: string): void {
  if (command?.commandId === commandId && isCancellable(command)) return
  throw ApplicationFailure.nonRetryable('only a queued command can be cancelled', 'downlink.not_cancellable')
}

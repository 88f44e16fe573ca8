/** Carries out one step of a light's delivery and gives its answer to the rules; each step is one activity. */
import { proxyActivities } from '@temporalio/workflow'
import type { Command, Light } from '#domain/display/light'
import type { OpenStep, Step } from '#domain/display/light-next'
import type { Change, LightRecord, Moment } from '#domain/display/light-records'
import { budgeted, enqueued, enqueueing, inspected, loaded, opened, proofGivenUp } from '#domain/display/light-settles'
import { database, networkServer } from '../shared/activity-options'
import { newId } from '../shared/new-id'
import type { Inbox } from './inbox'
import type { DeliveryNetworkPort, DeliveryRowsPort, DisplayRef } from './port'

const rows = proxyActivities<DeliveryRowsPort>(database)
const network = proxyActivities<DeliveryNetworkPort>(networkServer)

export interface Delivery {
  readonly display: DisplayRef
  readonly inbox: Inbox
  light: Light
}

/** The workflow's clock and a draw of its own generator; the SDK replays both. */
export const moment = (): Moment => ({ now: Date.now(), random: Math.random() })

/** The new state counts at once; its rows are written in order before anything else is done. */
export async function settle(delivery: Delivery, { light, records }: Change): Promise<void> {
  delivery.light = light
  for (const record of records) {
    await rows.recordOutcome.executeWithOptions({ summary: summarise(record) }, [{ ...delivery.display, record }])
  }
}

const summarise = (record: LightRecord): string =>
  record.kind === 'outcome' ? `command ${record.to}${record.reason === null ? '' : ` (${record.reason})`}` : `record a ${record.kind}`

export function act(delivery: Delivery, step: Exclude<Step, { kind: 'wait' | 'end' }>): Promise<void> {
  switch (step.kind) {
    case 'load':
      return load(delivery)
    case 'open':
      return open(delivery, step)
    case 'budget':
      return takeBudget(delivery, step.command)
    case 'enqueue':
      return enqueue(delivery, step.command)
    case 'inspect':
      return inspect(delivery, step.command)
    case 'give_up_proof':
      return settle(delivery, proofGivenUp(delivery.light))
  }
}

async function load(delivery: Delivery): Promise<void> {
  const result = await rows.loadWanted.executeWithOptions({ summary: 'read what is wanted and what is known' }, [delivery.display])
  delivery.light = loaded(delivery.light, result, moment())
}

async function open(delivery: Delivery, step: OpenStep): Promise<void> {
  const { display, inbox } = delivery
  const commandId = step.commandId ?? newId()
  const result = await rows.openCommand.executeWithOptions({ summary: `open a ${step.command.replace('_', ' ')} command` }, [
    {
      ...display,
      commandId,
      kind: step.command,
      origin: step.origin,
      isAsked: step.commandId !== null,
      supersedes: step.supersedes?.commandId ?? null,
      notBefore: delivery.light.dwellUntil,
    },
  ])
  delivery.light = opened(delivery.light, { step, result }, moment())
  if (step.commandId === null) return
  inbox.lastResent = !result.gone && result.opened ? commandId : null
  inbox.resent++
}

const attemptOf = (display: DisplayRef, command: Command, attemptNo: number) => ({ ...display, commandId: command.commandId, attemptNo })

async function takeBudget(delivery: Delivery, command: Command): Promise<void> {
  const attempt = attemptOf(delivery.display, command, command.attemptNo + 1)
  const result = await rows.takeBudget.executeWithOptions({ summary: 'ask for rate and airtime' }, [{ ...attempt, rank: command.rank }])
  delivery.light = budgeted(delivery.light, { command, result }, moment())
}

async function enqueue(delivery: Delivery, command: Command): Promise<void> {
  delivery.light = enqueueing(delivery.light, command)
  const what = command.kind === 'display' ? `v${command.version}` : command.kind.replace('_', ' ')
  const attempt = attemptOf(delivery.display, command, command.attemptNo)
  const result = await network.enqueue.executeWithOptions({ summary: `send ${what}, attempt ${command.attemptNo}` }, [
    { ...attempt, now: Date.now(), isRepeat: command.repeat === 'armed' },
  ])
  await settle(delivery, enqueued(delivery.light, { command, result }, moment()))
}

async function inspect(delivery: Delivery, command: Command): Promise<void> {
  const result = await network.inspectQueue.executeWithOptions({ summary: 'is the item still queued?' }, [
    { ...delivery.display, queueItemId: command.queueItemId ?? '' },
  ])
  await settle(delivery, inspected(delivery.light, { command, result }, moment()))
}

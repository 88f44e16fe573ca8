/** Makes one light show what is wanted (WF-020): hears, asks `nextStep` what to do, does it, until there is nothing left to do. */
import { condition, continueAsNew, setCurrentDetails, sleep } from '@temporalio/workflow'
import { createLight } from '#domain/display/light'
import { hear } from '#domain/display/light-hears'
import { nextStep, type WaitStep } from '#domain/display/light-next'
import { isRefused, REST_AFTER_REFUSAL } from '../shared/refusal'
import { handlersFinished, isTimeToHandOver } from '../shared/run-length'
import { describeLight } from './describe'
import { createInbox, registerHandlers } from './inbox'
import type { DisplayDeliveryInput } from './messages'
import { act, moment, settle, type Delivery } from './steps'

export async function displayDelivery({ tenantId, deviceId, carried }: DisplayDeliveryInput): Promise<void> {
  const delivery: Delivery = { display: { tenantId, deviceId }, inbox: createInbox(), light: carried ?? createLight() }
  registerHandlers(delivery.inbox, () => delivery.light)
  while (!delivery.light.gone) {
    if (await isRefused(() => goOn(delivery))) await startOver(delivery)
  }
  await handlersFinished()
}

/** Hears what was told and does the one thing that comes next. */
async function goOn(delivery: Delivery): Promise<void> {
  await hearAll(delivery)
  const step = nextStep(delivery.light, Date.now())
  setCurrentDetails(describeLight(delivery.light))
  if (step.kind === 'wait') return listen(delivery, step)
  if (step.kind !== 'end') return act(delivery, step)
  delivery.light = { ...delivery.light, gone: true }
}

/** What this run believed was refused by the rows: it rests and reads them again (WF-003). */
async function startOver(delivery: Delivery): Promise<void> {
  const { seen, wantedVersion, forced } = delivery.light
  await sleep(REST_AFTER_REFUSAL, { summary: 'an effect was refused; start over from the row' })
  delivery.light = { ...createLight(), seen, wantedVersion, forced }
}

/** Takes what was told, in order; an event becomes a row before the next one is looked at. A run that knows nothing reads first. */
async function hearAll(delivery: Delivery): Promise<void> {
  const { inbox } = delivery
  while (delivery.light.profile !== null && !delivery.light.gone) {
    const event = inbox.events.shift()
    if (event === undefined) return
    await settle(delivery, hear(delivery.light, event, moment()))
  }
}

async function listen(delivery: Delivery, { until, why }: WaitStep): Promise<void> {
  const { display, inbox, light } = delivery
  if (isTimeToHandOver()) await continueAsNew<typeof displayDelivery>({ ...display, carried: light })
  const isTold = () => inbox.events.length > 0
  if (until === null) return condition(isTold)
  const summary = `${light.profile?.label ?? 'light'} waits for ${why}`
  await condition(isTold, Math.max(1, until - Date.now()), { summary })
}

/** Scenarios of WF-020. */
import type { LampLook } from '#domain/display/light'
import { displayWorkflowId } from '#domain/shared/workflow-ids'
import type { NetworkEvent } from '#domain/shared/outbox'
import { createDisplayTeller, createSignaller, createWorkflowCommands } from '#temporal/client'
import { until } from '#test/harness/until'
import { createScriptedLight, outcomesOf, RED } from '../light-effects'
import type { WorkflowKit } from '../workflow-kit'
import { fixedId, LONG_WAIT, type Scenario } from './scenario'

export const BLUE: LampLook = { r: 0, g: 0, b: 255, steady: false }

export function openLight(kit: WorkflowKit, name: string) {
  const display = { tenantId: fixedId('tenant'), deviceId: fixedId(name) }
  const workflowId = displayWorkflowId(display.tenantId, display.deviceId)
  const handle = kit.client.workflow.getHandle(workflowId)
  const light = createScriptedLight()
  const signal = createSignaller(kit.client)
  const teller = createDisplayTeller(kit.client)
  let readings = 0
  const tell = (event: NetworkEvent) => signal({ kind: 'display', ...display, networkEvents: [event], reports: [] })
  const lastItem = () => light.enqueued.findLast((one) => one.queueItemId !== null)?.queueItemId ?? ''
  return {
    display,
    handle,
    light,
    workflowId,
    tell,
    lastItem,
    commands: createWorkflowCommands(kit.client),
    run: <T>(work: () => Promise<T>) => kit.withWorkers({ delivery: light.rows, network: light.network }, work),
    nudge: (why: 'reconcile' | 'gateway_back') => teller.nudge({ ...display, why }),
    async want(version: number) {
      light.wantedVersion = version
      await teller.want({ ...display, version })
    },
    sent: (count: number) => until(() => light.enqueued.length >= count, LONG_WAIT),
    became: (outcome: string) => until(() => outcomesOf(light).includes(outcome), LONG_WAIT),
    txack: (key = `txack:${lastItem()}`) => tell({ key, kind: 'txack', queueItemId: lastItem(), at: Date.now() }),
    report(look: LampLook, counter: number, more: { session?: string; firmware?: string } = {}) {
      const color = { r: look.r, g: look.g, b: look.b }
      const status = {
        on: 50,
        off: look.steady ? 0 : 50,
        counter,
        firmware: '5.0',
        deviceClass: 'CLASS_C',
        session: 's1',
        at: Date.now(),
        ...more,
      }
      return signal({
        kind: 'display',
        ...display,
        networkEvents: [],
        reports: [{ readingId: fixedId(`${name} ${readings++}`), color, ...status }],
      })
    },
    /** Leaves the bay: the run ends once the light has been told. */
    unassign() {
      light.profile = { ...light.profile, assigned: false, reports: false }
    },
  }
}

type Opened = ReturnType<typeof openLight>

const scenario = (name: string, time: Scenario['time'], play: (opened: Opened) => Promise<void>): Scenario => ({
  workflow: 'display-delivery',
  name,
  time,
  async play(kit) {
    const opened = openLight(kit, `light ${name}`)
    await opened.run(() => play(opened))
    return { workflowId: opened.workflowId }
  },
})

/** A wanted version on its way to the lamp, taken by the gateway. */
async function deliver({ want, sent, txack, became, light }: Opened, version: number): Promise<void> {
  const before = light.enqueued.length
  const outcomes = outcomesOf(light).length
  await want(version)
  await sent(before + 1)
  await txack()
  await until(() => outcomesOf(light).slice(outcomes).includes('transmitted'), LONG_WAIT)
  await became('transmitted')
}

const stop = ({ handle }: Opened) => handle.terminate('the scenario is over')

export const displayScenarios: readonly Scenario[] = [
  scenario('proved-then-unassigned', 'real', async (opened) => {
    await deliver(opened, 1)
    await opened.report(RED, 1)
    await opened.became('proved')
    opened.unassign()
    await opened.want(2)
    await opened.sent(2)
    await opened.txack()
    await opened.handle.result()
  }),
  scenario('dead-letter-and-nudge', 'skipped', async (opened) => {
    await opened.want(1)
    await opened.became('failed (no_txack)')
    await opened.nudge('gateway_back')
    await opened.sent(6)
    await stop(opened)
  }),
  scenario('network-server-away', 'skipped', async (opened) => {
    opened.light.enqueueResults = Array.from({ length: 6 }, () => ({ result: 'unavailable', code: 'unavailable' }))
    await opened.want(1)
    await opened.sent(7)
    await stop(opened)
  }),
  scenario('budget-and-burst', 'skipped', async (opened) => {
    opened.light.budgetResults = [{ granted: false, waitingFor: 'budget', retryAfterMs: 30_000 }]
    await Promise.all([1, 2, 3, 4, 5].map((version) => opened.want(version))) // the point of a burst
    await opened.want(6)
    await opened.sent(1)
    await stop(opened)
  }),
  scenario('refused-for-good', 'real', async (opened) => {
    opened.light.enqueueResults = [{ result: 'permanent', code: 'downlink.device_missing' }]
    await opened.want(1)
    await opened.became('failed (downlink.device_missing)')
    await stop(opened)
  }),
  scenario('txack-before-answer', 'real', async (opened) => {
    const event: NetworkEvent = { key: 'txack:early', kind: 'txack', queueItemId: 'early', at: Date.now() }
    opened.light.enqueueResults = [{ result: 'accepted', queueItemId: 'early', expiresAt: Date.now() + 120_000, events: [event] }]
    await opened.want(1)
    await opened.became('transmitted')
    await stop(opened)
  }),
  scenario('duplicates-and-strangers', 'real', async (opened) => {
    await opened.want(1)
    await opened.sent(1)
    await opened.tell({ key: 'txack:foreign', kind: 'txack', queueItemId: 'foreign', at: Date.now() })
    await opened.txack()
    await opened.txack()
    await opened.became('transmitted')
    await stop(opened)
  }),
  scenario('activity-retried', 'real', async (opened) => {
    opened.light.databaseFailures = 3
    await opened.want(1)
    await opened.sent(1)
    await stop(opened)
  }),
  scenario('cancelled-and-refused', 'real', async (opened) => {
    opened.light.budgetResults = Array.from({ length: 50 }, () => ({ granted: false, waitingFor: 'budget', retryAfterMs: 3_600_000 }))
    await opened.want(1)
    await until(() => opened.light.opened.length === 1, LONG_WAIT)
    const commandId = opened.light.opened[0]?.commandId ?? ''
    await opened.commands.cancelCommand({ ...opened.display, commandId })
    await opened.commands.cancelCommand({ ...opened.display, commandId }).catch(() => undefined) // the refusal is the point
    await stop(opened)
  }),
  scenario('resent', 'real', async (opened) => {
    opened.light.wantedVersion = 4
    await opened.commands.resend(opened.display)
    await opened.sent(1)
    await stop(opened)
  }),
  scenario('device-gone', 'real', async (opened) => {
    opened.light.gone = true
    await opened.want(1)
    await opened.handle.result()
  }),
  scenario('rejoined-and-set-up', 'real', async (opened) => {
    opened.light.profile = { ...opened.light.profile, setUpFrom: '5.6', minDwellMs: 500 }
    await deliver(opened, 1)
    await opened.tell({ key: 'join:1', kind: 'join', at: Date.now() })
    await opened.report(BLUE, 0, { session: 's2', firmware: '6.1' })
    await opened.sent(2)
    await opened.txack()
    await opened.sent(3)
    await opened.report(RED, 2, { session: 's2', firmware: '6.1' })
    await opened.became('proved')
    await stop(opened)
  }),
  scenario('another-colour-is-a-lost-attempt', 'real', async (opened) => {
    await deliver(opened, 1)
    await opened.report(BLUE, 1)
    await opened.became('queued (other_color)')
    await opened.sent(2)
    await stop(opened)
  }),
  scenario('drifted', 'real', async (opened) => {
    await deliver(opened, 1)
    await opened.report(RED, 1)
    await opened.became('proved')
    await opened.report(BLUE, 1)
    await opened.sent(2)
    await stop(opened)
  }),
  scenario('unproved', 'skipped', async (opened) => {
    const event: NetworkEvent = { key: 'txack:first', kind: 'txack', queueItemId: 'first', at: Date.now() }
    const asked: NetworkEvent = { key: 'txack:asked', kind: 'txack', queueItemId: 'asked', at: Date.now() }
    const accepted = (item: NetworkEvent) =>
      ({ result: 'accepted', queueItemId: item.queueItemId ?? '', expiresAt: Date.now() + 3_600_000, events: [item] }) as const
    opened.light.enqueueResults = [accepted(event), accepted(asked)]
    await opened.want(1)
    await opened.became('note')
    await stop(opened)
  }),
  scenario('flushed-and-sent-twice', 'real', async (opened) => {
    opened.light.profile = { ...opened.light.profile, inflightWaitMs: 300, minDwellMs: 300, transmitWindowMs: 30_000 }
    await opened.want(1)
    await opened.sent(1)
    await opened.want(2)
    await opened.sent(2)
    await opened.txack()
    await opened.sent(3)
    await opened.txack()
    await opened.became('transmitted')
    await stop(opened)
  }),
  scenario('refreshed', 'skipped', async (opened) => {
    opened.light.profile = { ...opened.light.profile, reports: false, refreshMs: 6 * 3_600_000 }
    const events: NetworkEvent[] = [{ key: 'txack:first', kind: 'txack', queueItemId: 'first', at: Date.now() }]
    opened.light.enqueueResults = [{ result: 'accepted', queueItemId: 'first', expiresAt: Date.now() + 120_000, events }]
    await opened.want(1)
    await opened.sent(2)
    await stop(opened)
  }),
  scenario('continued', 'real', async (opened) => {
    opened.light.profile = { ...opened.light.profile, reports: false, minDwellMs: 1 }
    await deliver(opened, 1)
    const first = (await opened.handle.describe()).runId
    for (let version = 2; (await opened.handle.describe()).runId === first; version++) {
      await Promise.all([deliver(opened, version), opened.nudge('gateway_back')]) // signals at the boundary
      if (version % 10 === 0) await opened.commands.resend(opened.display)
    }
    await stop(opened)
  }),
]

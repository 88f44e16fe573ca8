/** WF-020 on the real server: every ending, retries, order, bursts, updates, continue-as-new (Q-WFE-02). */
import { randomUUID } from 'node:crypto'
import { displayWorkflowId } from '#domain/shared/workflow-ids'
import type { LightReport, NetworkEvent } from '#domain/shared/outbox'
import { createDisplayTeller, createSignaller, createWorkflowCommands } from '#temporal/client'
import { until } from '#test/harness/until'
import { createScriptedLight, outcomesOf, RED } from '#test/temporal/light-effects'
import { createWorkflowKit, type WorkflowKit } from '#test/temporal/workflow-kit'
import { displayStatus } from './messages'

const WAIT = { timeoutMs: 20_000 }

describe('displayDelivery', () => {
  let real: WorkflowKit
  let skipped: WorkflowKit
  beforeAll(async () => {
    real = await createWorkflowKit({ time: 'real' })
    skipped = await createWorkflowKit({ time: 'skipped' })
  }, 60_000)
  afterAll(async () => {
    await real.close()
    await skipped.close()
  })

  function createLight(kit: WorkflowKit) {
    const display = { tenantId: randomUUID(), deviceId: randomUUID() }
    const light = createScriptedLight()
    const signal = createSignaller(kit.client)
    const teller = createDisplayTeller(kit.client)
    const handle = kit.client.workflow.getHandle(displayWorkflowId(display.tenantId, display.deviceId))
    const tell = (networkEvents: NetworkEvent[], reports: LightReport[] = []) =>
      signal({ kind: 'display', ...display, networkEvents, reports })
    return {
      display,
      light,
      handle,
      run: <T>(work: () => Promise<T>) => kit.withWorkers({ delivery: light.rows, network: light.network }, work),
      commands: createWorkflowCommands(kit.client),
      nudge: (why: 'reconcile' | 'gateway_back') => teller.nudge({ ...display, why }),
      async want(version: number) {
        light.wantedVersion = version
        await teller.want({ ...display, version })
      },
      txack: (at = Date.now()) => {
        const queueItemId = light.enqueued.findLast((one) => one.queueItemId !== null)?.queueItemId ?? ''
        return tell([{ key: `txack:${queueItemId}`, kind: 'txack', queueItemId, at }])
      },
      tell,
      report: (look = RED, counter = 1, at = Date.now()) =>
        tell(
          [],
          [
            {
              readingId: randomUUID(),
              color: { r: look.r, g: look.g, b: look.b },
              on: 255,
              off: look.steady ? 0 : 50,
              counter,
              firmware: '5.0',
              deviceClass: 'CLASS_C',
              session: 's1',
              at,
            },
          ],
        ),
    }
  }

  test('DOM-610…616: queued, sent, transmitted, proved by the light itself; then unassigned and completed', async () => {
    const { run, light, handle, want, txack, report } = createLight(real)
    await run(async () => {
      await want(1)
      await until(() => light.enqueued.length === 1, WAIT)
      await txack()
      await until(() => outcomesOf(light).includes('transmitted'), WAIT)
      await report()
      await until(() => outcomesOf(light).includes('proved'), WAIT)
      light.profile = { ...light.profile, assigned: false, reports: false }
      await want(2)
      await until(() => light.enqueued.length === 2, WAIT)
      await txack()
      await handle.result()
    })
    expect(outcomesOf(light)).toEqual(['transmitted', 'proved', 'transmitted'])
  })

  test('DOM-622, DOM-641: without a txack and gone from the queue an attempt is lost; five make a dead letter; a nudge makes a new command', async () => {
    const { run, light, handle, want, nudge } = createLight(skipped)
    await run(async () => {
      await want(1)
      await until(() => outcomesOf(light).includes('failed (no_txack)'), WAIT)
      expect(light.enqueued.map(({ attemptNo }) => attemptNo)).toEqual([1, 2, 3, 4, 5])
      expect((await handle.query(displayStatus)).status).toBe('failed')
      await nudge('gateway_back')
      await until(() => light.opened.length === 2, WAIT)
      await handle.terminate()
    })
    const starts = light.enqueued.map(({ now }) => now)
    expect(Math.min(...starts.slice(1).map((at, index) => at - (starts[index] ?? 0)))).toBeGreaterThanOrEqual(15_000)
  })

  test('DOM-621: an absent network server consumes no attempt and is asked again without end', async () => {
    const { run, light, handle, want } = createLight(skipped)
    light.enqueueResults = Array.from({ length: 8 }, () => ({ result: 'unavailable', code: 'unavailable' }))
    await run(async () => {
      await want(1)
      await until(() => light.enqueued.length === 9, WAIT)
      await handle.terminate()
    })
    expect(light.enqueued.every(({ attemptNo }) => attemptNo === 1)).toBe(true)
  })

  test('DOM-648: over budget the command waits and collapses with newer wishes', async () => {
    const { run, light, handle, want } = createLight(skipped)
    light.budgetResults = [{ granted: false, waitingFor: 'budget', retryAfterMs: 30_000 }]
    await run(async () => {
      await want(1)
      await want(2)
      await want(3)
      await until(() => light.enqueued.length === 1, WAIT)
      await handle.terminate()
    })
    expect(light.opened.at(-1)).toMatchObject({ version: 3 })
    expect(light.enqueued[0]).toMatchObject({ attemptNo: 1, commandId: light.opened.at(-1)?.commandId })
  })

  test('DOM-624: a permanent refusal fails at once, with its code', async () => {
    const { run, light, handle, want } = createLight(real)
    light.enqueueResults = [{ result: 'permanent', code: 'downlink.device_missing' }]
    await run(async () => {
      await want(1)
      await until(() => outcomesOf(light).includes('failed (downlink.device_missing)'), WAIT)
      await handle.terminate()
    })
    expect(light.enqueued).toHaveLength(1)
  })

  test('WF-020: an effect that is refused for good never fails the run: it rests, reads the row again and goes on', async () => {
    const { run, light, handle, want } = createLight(skipped)
    light.refusals = 1
    await run(async () => {
      await want(1)
      await until(() => light.enqueued.length === 1, WAIT)
      expect((await handle.describe()).status.name).toBe('RUNNING')
      await handle.terminate()
    })
  })

  test('DOM-625: a txack that was stored before the enqueue answered is applied with the answer', async () => {
    const { run, light, handle, want } = createLight(real)
    const event: NetworkEvent = { key: 'txack:early', kind: 'txack', queueItemId: 'early', at: Date.now() }
    light.enqueueResults = [{ result: 'accepted', queueItemId: 'early', expiresAt: Date.now() + 120_000, events: [event] }]
    await run(async () => {
      await want(1)
      await until(() => outcomesOf(light).includes('transmitted'), WAIT)
      await handle.terminate()
    })
    expect(outcomesOf(light)[0]).toBe('transmitted')
  })

  test('DOM-629: the same event twice, and one of an item that is not ours, change nothing', async () => {
    const { run, light, handle, want, txack, tell } = createLight(real)
    await run(async () => {
      await want(1)
      await until(() => light.enqueued.length === 1, WAIT)
      await tell([{ key: 'txack:foreign', kind: 'txack', queueItemId: 'foreign', at: Date.now() }])
      await txack()
      await txack()
      await until(() => outcomesOf(light).includes('transmitted'), WAIT)
      await handle.terminate()
    })
    expect(outcomesOf(light).filter((one) => one === 'transmitted')).toHaveLength(1)
  })

  test('WF-020: an activity that fails three times is tried again and has one effect', async () => {
    const { run, light, handle, want } = createLight(real)
    light.databaseFailures = 3
    await run(async () => {
      await want(1)
      await until(() => light.enqueued.length === 1, WAIT)
      await handle.terminate()
    })
    expect(light.enqueued).toHaveLength(1)
  })

  test('API-514: a queued command is cancelled by its update; a sent one is refused by the validator', async () => {
    const { run, display, light, handle, want, commands } = createLight(real)
    light.budgetResults = Array.from({ length: 50 }, () => ({ granted: false, waitingFor: 'budget', retryAfterMs: 3_600_000 }) as const)
    await run(async () => {
      await want(1)
      await until(() => light.opened.length === 1, WAIT)
      const commandId = light.opened[0]?.commandId ?? ''
      await expect(commands.cancelCommand({ ...display, commandId })).resolves.toEqual({ commandId, status: 'superseded' })
      light.budgetResults = []
      await want(2)
      await until(() => light.enqueued.length === 1, WAIT)
      const sent = light.enqueued[0]?.commandId ?? ''
      await expect(commands.cancelCommand({ ...display, commandId: sent })).rejects.toMatchObject({ code: 'downlink.not_cancellable' })
      await handle.terminate()
    })
    expect(outcomesOf(light)).toContain('superseded (cancelled)')
  })

  test('WF-003: resend starts the delivery if it is not running and answers with the new command', async () => {
    const { run, display, light, handle, commands } = createLight(real)
    light.wantedVersion = 4
    await run(async () => {
      const { commandId } = await commands.resend(display)
      expect(light.opened.at(-1)?.commandId).toBe(commandId)
      await handle.terminate()
    })
  })

  test('WF-003: a device that is gone completes the run', async () => {
    const { run, light, handle, want } = createLight(real)
    light.gone = true
    await run(async () => {
      await want(1)
      await handle.result()
    })
    expect(light.opened).toHaveLength(0)
  })
})

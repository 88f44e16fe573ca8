/** Scenarios of WF-010. */
import { spaceWorkflowId } from '#domain/shared/workflow-ids'
import type { ProjectionCause } from '#domain/shared/outbox'
import { createSignaller, createWorkflowCommands } from '#temporal/client'
import { until } from '#test/harness/until'
import { policyChanged, retire, spaceStatus } from '#workflows/space-occupancy/messages'
import { createScriptedBay, type ScriptedBay } from '../bay-effects'
import type { WorkflowKit } from '../workflow-kit'
import { fixedId, LONG_WAIT, type Scenario } from './scenario'

const HOUR_MS = 3_600_000

function open(kit: WorkflowKit, name: string) {
  const space = { tenantId: fixedId('tenant'), siteId: fixedId('site'), spaceId: fixedId(name) }
  const workflowId = spaceWorkflowId(space.tenantId, space.spaceId)
  const handle = kit.client.workflow.getHandle(workflowId)
  const signal = createSignaller(kit.client)
  const bay = createScriptedBay(fixedId(`${name} light`))
  return {
    bay,
    handle,
    workflowId,
    commands: createWorkflowCommands(kit.client),
    space,
    say: (sequence: number, cause: ProjectionCause = 'sensor') => signal({ kind: 'space', ...space, sequence, cause }),
    seen: (sequence: number) => until(async () => (await handle.query(spaceStatus)).lastSequence >= sequence, LONG_WAIT),
    run: <T>(work: () => Promise<T>) => kit.withWorkers({ core: bay.effects }, work),
    async end() {
      await handle.signal(retire, {})
      await handle.result()
    },
  }
}

type Opened = ReturnType<typeof open>

const scenario = (name: string, time: Scenario['time'], play: (opened: Opened) => Promise<void>): Scenario => ({
  workflow: 'space-occupancy',
  name,
  time,
  async play(kit) {
    const opened = open(kit, `space ${name}`)
    await play(opened)
    return { workflowId: opened.workflowId }
  },
})

function change({ row }: ScriptedBay, sequence: number): void {
  row.sequence = sequence
  row.version = sequence
  row.state = sequence % 2 === 0 ? 'occupied' : 'free'
}

export const spaceScenarios: readonly Scenario[] = [
  scenario('retired', 'real', ({ run, say, seen, end }) =>
    run(async () => {
      await say(1)
      await seen(1)
      await end()
    }),
  ),
  scenario('row-gone', 'real', ({ run, bay, say, handle }) =>
    run(async () => {
      bay.row.gone = true
      await say(1)
      await handle.result()
    }),
  ),
  scenario('activity-retried', 'real', ({ run, bay, say, seen, end }) =>
    run(async () => {
      bay.row.failures = 3
      await say(1)
      await seen(1)
      await end()
    }),
  ),
  scenario('duplicate-and-older-signals', 'real', ({ run, bay, say, seen, end }) =>
    run(async () => {
      change(bay, 5)
      await say(5)
      await seen(5)
      await say(5)
      await say(3)
      change(bay, 6)
      await say(6, 'manual')
      await seen(6)
      await end()
    }),
  ),
  scenario('burst', 'real', ({ run, bay, say, seen, end }) =>
    run(async () => {
      change(bay, 20)
      await Promise.all(Array.from({ length: 20 }, (_, index) => say(index + 1))) // the point of a burst
      await seen(20)
      await end()
    }),
  ),
  scenario('reprojected', 'real', ({ run, say, seen, commands, space, handle, end }) =>
    run(async () => {
      await say(1)
      await seen(1)
      await commands.reproject(space)
      await handle.signal(policyChanged, { policyId: null, version: 2 })
      await until(async () => (await handle.query(spaceStatus)).handedVersion === 1)
      await end()
    }),
  ),
  scenario('exact-instant', 'skipped', ({ run, bay, say, end }) =>
    run(async () => {
      bay.row.nextExact = Date.now() + HOUR_MS
      await say(1)
      await until(() => bay.calls.length === 1, LONG_WAIT)
      bay.row.nextExact = null
      change(bay, 2)
      await until(() => bay.calls.length === 2, LONG_WAIT)
      await end()
    }),
  ),
  scenario('timer-cancelled', 'real', ({ run, bay, say, seen, end }) =>
    run(async () => {
      bay.row.nextExact = Date.now() + HOUR_MS
      await say(1)
      await seen(1)
      bay.row.nextExact = null
      change(bay, 2)
      await say(2)
      await seen(2)
      await end()
    }),
  ),
  scenario('worker-restarted', 'real', async ({ run, bay, say, seen, end }) => {
    await run(async () => {
      await say(1)
      await seen(1)
    })
    change(bay, 2)
    await say(2)
    await run(async () => {
      await seen(2)
      await end()
    })
  }),
  scenario('continued', 'real', ({ run, bay, say, commands, space, handle, seen, end }) =>
    run(async () => {
      await say(1)
      await seen(1)
      const first = (await handle.describe()).runId
      for (let sequence = 2; (await handle.describe()).runId === first; sequence++) {
        change(bay, sequence)
        await Promise.all([say(sequence), commands.reproject(space)]) // a signal and an update at the boundary
      }
      await end()
    }),
  ),
]

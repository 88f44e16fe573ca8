/** Scenarios of the loops WF-180, 200, 210 and of the pass WF-220. */
import { gatewayWatchWorkflowId } from '#domain/shared/workflow-ids'
import { until } from '#test/harness/until'
import { runNow } from '#workflows/minute-sweep/messages'
import type { ChangedGateway, GatewayStates } from '#workflows/gateway-watch/port'
import type { WorkflowKit } from '../workflow-kit'
import { fixedId, LONG_WAIT, type Scenario } from './scenario'

const PASSES = 3

async function startLoop(kit: WorkflowKit, type: string, input: readonly unknown[]) {
  const workflowId = type === 'gatewayWatch' ? gatewayWatchWorkflowId(fixedId('link')) : `${type}-scenario`
  await kit.client.workflow.start(type, { workflowId, taskQueue: 'parking-ops', args: [...input] })
  return { workflowId, handle: kit.client.workflow.getHandle(workflowId) }
}

function sweeping(name: string, more: { failures?: number } = {}): Scenario {
  return {
    workflow: 'minute-sweep',
    name,
    time: 'skipped',
    async play(kit) {
      let passes = 0
      let failures = more.failures ?? 0
      const sweepDue = async () => {
        if (failures-- > 0) throw new Error('database away')
        return { projected: ++passes, late: 0, silentDisplays: 0 }
      }
      return kit.withWorkers({ ops: { sweepDue } }, async () => {
        const { workflowId, handle } = await startLoop(kit, 'minuteSweep', [])
        await handle.executeUpdate(runNow, { args: [{}] })
        await until(() => passes >= PASSES, LONG_WAIT)
        await handle.terminate('the scenario is over')
        return { workflowId }
      })
    },
  }
}

const relaying: Scenario = {
  workflow: 'outbox-relay',
  name: 'passes',
  time: 'skipped',
  async play(kit) {
    let passes = 0
    const drainOutbox = async () => ({ drained: passes++ })
    return kit.withWorkers({ ops: { drainOutbox } }, async () => {
      const { workflowId, handle } = await startLoop(kit, 'outboxRelay', [])
      await until(() => passes >= PASSES, LONG_WAIT)
      await handle.terminate('the scenario is over')
      return { workflowId }
    })
  },
}

const watching: Scenario = {
  workflow: 'gateway-watch',
  name: 'offline-back-and-unreachable',
  time: 'skipped',
  async play(kit) {
    const looks: GatewayStates[] = [
      { reachable: true, gateways: [{ gatewayEui: '0016c001f153a14c', state: 'offline', lastSeenAt: 0 }] },
      { reachable: false, code: 'unavailable' },
      { reachable: true, gateways: [{ gatewayEui: '0016c001f153a14c', state: 'online', lastSeenAt: 1 }] },
    ]
    let asked = 0
    const changeOf = (states: GatewayStates): ChangedGateway[] =>
      states.reachable ? states.gateways.map(({ gatewayEui, state }) => ({ tenantId: fixedId('tenant'), gatewayEui, to: state })) : []
    const effects = {
      readGatewayStates: async () => looks[Math.min(asked++, looks.length - 1)],
      applyGatewayStates: async ({ states }: { states: GatewayStates }) => ({
        changed: changeOf(states),
        linkCameBack: asked === looks.length,
      }),
      projectServedSpaces: async () => ({ projected: 1 }),
      tellDisplays: async () => ({ told: 1 }),
    }
    return kit.withWorkers({ ops: effects, network: effects }, async () => {
      const { workflowId, handle } = await startLoop(kit, 'gatewayWatch', [{ tenantId: fixedId('tenant'), linkId: fixedId('link') }])
      await until(() => asked > looks.length, LONG_WAIT)
      await handle.terminate('the scenario is over')
      return { workflowId }
    })
  },
}

const reconciling: Scenario = {
  workflow: 'display-reconcile',
  name: 'one-pass',
  time: 'real',
  async play(kit) {
    const reconcileDisplays = async () => ({ nudged: 2 })
    return kit.withWorkers({ ops: { reconcileDisplays } }, async () => {
      const { workflowId, handle } = await startLoop(kit, 'displayReconcile', [])
      await handle.result()
      return { workflowId }
    })
  },
}

/** Asked until the run hands over: an update meets the boundary. */
const sweepingOn: Scenario = {
  workflow: 'minute-sweep',
  name: 'continued',
  time: 'real',
  async play(kit) {
    const sweepDue = async () => ({ projected: 0, late: 0, silentDisplays: 0 })
    return kit.withWorkers({ ops: { sweepDue } }, async () => {
      const { workflowId, handle } = await startLoop(kit, 'minuteSweep', [])
      const first = (await handle.describe()).runId
      while ((await handle.describe()).runId === first) await handle.executeUpdate(runNow, { args: [{}] })
      await handle.terminate('the scenario is over')
      return { workflowId }
    })
  },
}

export const loopScenarios: readonly Scenario[] = [
  sweeping('passes-and-asked'),
  sweeping('activity-retried', { failures: 3 }),
  sweepingOn,
  relaying,
  watching,
  reconciling,
]

/** Every scenario of every workflow type plays to its end on the real server; with RECORD_HISTORIES its histories are kept (Q-WFE-01, Q-WFE-02). */
import type { WorkflowHandle } from '@temporalio/client'
import { writeHistory } from './histories'
import { displayScenarios } from './scenarios/display-delivery'
import { loopScenarios } from './scenarios/loops'
import type { Scenario } from './scenarios/scenario'
import { spaceScenarios } from './scenarios/space-occupancy'
import { createWorkflowKit, type WorkflowKit } from './workflow-kit'

const SCENARIOS: readonly Scenario[] = [...spaceScenarios, ...displayScenarios, ...loopScenarios]
/** Release whose histories are to be written; unset: the scenarios are only played. */
const release = process.env['RECORD_HISTORIES']

describe('scenarios', () => {
  const kits = new Map<Scenario['time'], WorkflowKit>()
  beforeAll(async () => {
    for (const time of ['real', 'skipped'] as const) kits.set(time, await createWorkflowKit({ time }))
  }, 60_000)
  afterAll(async () => {
    for (const kit of kits.values()) await kit.close()
  })

  test.each(SCENARIOS.map((scenario) => [scenario.workflow, scenario.name, scenario] as const))(
    'Q-WFE-02: %s %s',
    async (_workflow, _name, scenario) => {
      const kit = kits.get(scenario.time)
      if (kit === undefined) throw new Error('no kit')
      const { workflowId } = await scenario.play(kit)
      const runs = await runsOf(kit, workflowId)
      expect(runs.length).toBeGreaterThan(scenario.name === 'continued' ? 1 : 0)
      if (release === undefined) return
      for (const [index, run] of runs.entries()) {
        const suffix = runs.length === 1 ? '' : `-${index + 1}`
        writeHistory({ workflow: scenario.workflow, release, scenario: `${scenario.name}${suffix}` }, await run.fetchHistory())
      }
    },
    120_000,
  )
})

/** First run to last, by what continued what. */
async function runsOf(kit: WorkflowKit, workflowId: string): Promise<WorkflowHandle[]> {
  const runs: WorkflowHandle[] = []
  let runId: string | undefined =
    (await kit.client.workflow.getHandle(workflowId).describe()).raw.workflowExecutionInfo?.firstRunId ?? undefined
  while (runId !== undefined) {
    const run = kit.client.workflow.getHandle(workflowId, runId)
    runs.push(run)
    const last = (await run.fetchHistory()).events?.at(-1)
    runId = last?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined
  }
  return runs
}

/** Plays scenarios on the real server, each to its end; with RECORD_HISTORIES their histories are kept (Q-WFE-01, Q-WFE-02). */
import type { WorkflowHandle } from '@temporalio/client'
import { writeHistory } from './histories'
import type { Scenario } from './scenarios/scenario'
import { createWorkflowKit, type WorkflowKit } from './workflow-kit'

/** Release whose histories are to be written; unset: the scenarios are only played. */
const release = process.env['RECORD_HISTORIES']

export function playScenarios(scenarios: readonly Scenario[]): void {
  const kits = new Map<Scenario['time'], WorkflowKit>()
  beforeAll(async () => {
    for (const time of new Set(scenarios.map((scenario) => scenario.time))) kits.set(time, await createWorkflowKit({ time }))
  }, 60_000)
  afterAll(async () => {
    for (const kit of kits.values()) await kit.close()
  })

  test.each(scenarios.map((scenario) => [scenario.workflow, scenario.name, scenario] as const))(
    'Q-WFE-02: %s %s',
    async (_workflow, _name, scenario) => {
      const kit = kits.get(scenario.time)
      if (kit === undefined) throw new Error('no kit')
      const { workflowId } = await scenario.play(kit)
      const runs = await runsOf(kit, workflowId)
      expect(runs.length).toBeGreaterThan(scenario.name === 'continued' ? 1 : 0)
      if (release !== undefined) await record(scenario, runs, release)
    },
    120_000,
  )
}

async function record({ workflow, name }: Scenario, runs: readonly WorkflowHandle[], into: string): Promise<void> {
  for (const [index, run] of runs.entries()) {
    const suffix = runs.length === 1 ? '' : `-${index + 1}`
    writeHistory({ workflow, release: into, scenario: `${name}${suffix}` }, await run.fetchHistory())
  }
}

/** First run to last, by what continued what. */
async function runsOf({ client }: WorkflowKit, workflowId: string): Promise<WorkflowHandle[]> {
  const runs: WorkflowHandle[] = []
  const { raw } = await client.workflow.getHandle(workflowId).describe()
  let runId: string | undefined = raw.workflowExecutionInfo?.firstRunId ?? undefined
  while (runId !== undefined) {
    const run = client.workflow.getHandle(workflowId, runId)
    runs.push(run)
    const last = (await run.fetchHistory()).events?.at(-1)
    runId = last?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined
  }
  return runs
}

/** Namespace, search attributes, schedules and loops are applied once, however often (OPS-073, OPS-270). */
import { createWorkflowKit, type WorkflowKit } from '#test/temporal/workflow-kit'
import { until } from '#test/harness/until'
import { ensureLoops, ensureSchedules } from './schedules'
import { setUpTemporal } from './setup'

describe('setting Temporal up', () => {
  let kit: WorkflowKit
  beforeAll(async () => {
    kit = await createWorkflowKit({ time: 'real' })
  }, 60_000)
  afterAll(() => kit.close())

  test('OPS-073: a second run changes nothing; retention and the four search attributes are there', async () => {
    await setUpTemporal(kit.connection, { namespace: kit.namespace, retentionSeconds: 86_400 })
    const { customAttributes } = await kit.connection.operatorService.listSearchAttributes({ namespace: kit.namespace })
    expect(Object.keys(customAttributes ?? {}).sort()).toEqual(
      expect.arrayContaining(['ParkingDevice', 'ParkingSite', 'ParkingSpace', 'ParkingTenant']),
    )
    const { config } = await kit.connection.workflowService.describeNamespace({ namespace: kit.namespace })
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(86_400)
  })

  test('OPS-270: schedules and loops of two workers are those of one', async () => {
    const links = [{ tenantId: 'tenant', linkId: 'link' }]
    for (let worker = 0; worker < 2; worker++) {
      await ensureSchedules(kit.client)
      await ensureLoops(kit.client, links)
    }
    await until(async () => (await scheduleIds(kit)).length === 1)
    expect(await scheduleIds(kit)).toEqual(['display-reconcile'])
    await kit.client.schedule.getHandle('display-reconcile').delete()
    for (const workflowId of ['sweep', 'outbox-relay', 'gateway-watch/link']) {
      const { status } = await kit.client.workflow.getHandle(workflowId).describe()
      expect(status.name).toBe('RUNNING')
      await kit.client.workflow.getHandle(workflowId).terminate()
    }
  })
})

async function scheduleIds({ client }: WorkflowKit): Promise<string[]> {
  const ids: string[] = []
  for await (const { scheduleId } of client.schedule.list()) ids.push(scheduleId)
  return ids
}

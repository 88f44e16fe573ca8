/** WF-010 on the real server: dedupe, exact instants, hand-over, updates, continue-as-new. */
import { randomUUID } from 'node:crypto'
import { createSignaller } from '#temporal/client'
import { spaceWorkflowId } from '#domain/shared/workflow-ids'
import { until } from '#test/harness/until'
import { createWorkflowKit, type WorkflowKit } from '#test/temporal/workflow-kit'
import { retire, spaceStatus } from './messages'
import type { Projected } from './port'

interface Call {
  readonly cause: string
  readonly validAt?: number
}

/** A bay whose rows the test writes. */
function createBayRows() {
  const calls: Call[] = []
  const told: number[] = []
  const row = { sequence: 1, state: 'free', nextExact: null as number | null, version: 1, gone: false, failures: 0 }
  const effects = {
    async projectSpace(input: Call): Promise<Projected> {
      calls.push(input)
      if (row.failures > 0) {
        row.failures--
        throw new Error('database away')
      }
      if (row.gone) return { gone: true }
      const { sequence, state, nextExact } = row
      return {
        gone: false,
        sequence,
        state,
        reason: 'sensor_free',
        until: nextExact,
        untilCause: 'right',
        nextExact,
        wanted: { deviceId: 'd', version: row.version },
      }
    },
    async tellDisplay({ version }: { version: number }) {
      told.push(version)
    },
  }
  return { calls, told, row, effects }
}

describe('spaceOccupancy', () => {
  let kit: WorkflowKit
  beforeAll(async () => {
    kit = await createWorkflowKit({ time: 'skipped' })
  }, 60_000)
  afterAll(() => kit.close())

  const createBay = () => {
    const bay = { tenantId: randomUUID(), siteId: randomUUID(), spaceId: randomUUID() }
    const handle = kit.client.workflow.getHandle(spaceWorkflowId(bay.tenantId, bay.spaceId))
    const signal = createSignaller(kit.client)
    const say = (sequence: number, cause: 'sensor' | 'manual' = 'sensor') => signal({ kind: 'space', ...bay, sequence, cause })
    return { bay, handle, say }
  }

  test('WF-010: projects once for a signal, hands the wanted version on, and drops a sequence that it has seen', async () => {
    const rows = createBayRows()
    const { handle, say } = createBay()
    await kit.withWorkers({ core: rows.effects }, async () => {
      await say(1)
      await until(async () => (await handle.query(spaceStatus)).handedVersion === 1)
      await say(1)
      rows.row.sequence = 2
      rows.row.version = 2
      await say(2)
      await until(async () => (await handle.query(spaceStatus)).lastSequence === 2)
      await handle.signal(retire, {})
      await handle.result()
    })
    expect(rows.calls.map(({ cause }) => cause)).toEqual(['sensor', 'sensor'])
    expect(rows.told).toEqual([1, 2])
  })

  test('WF-010: re-decides at the next exact instant, three hours ahead, without waiting for it', async () => {
    const rows = createBayRows()
    const boundary = Date.now() + 3 * 3_600_000
    rows.row.nextExact = boundary
    const { handle, say } = createBay()
    await kit.withWorkers({ core: rows.effects }, async () => {
      await say(1)
      await until(() => rows.calls.length === 1)
      rows.row.nextExact = null
      rows.row.sequence = 2
      await until(() => rows.calls.length === 2, { timeoutMs: 20_000 })
      await handle.signal(retire, {})
      await handle.result()
    })
    expect(rows.calls[1]).toMatchObject({ cause: 'timer', validAt: boundary })
  })
})

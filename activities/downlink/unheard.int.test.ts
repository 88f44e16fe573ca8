/** What reached the light although we were not told: it neither counts as shown nor as lost (DOM-330, DOM-620, DOM-622). */
import { randomUUID } from 'node:crypto'
import { outcome } from '#domain/display/light-records'
import { createActivityKit, type ActivityKit, type LitBay } from '#test/temporal/activity-kit'
import { inTenant, insertRow } from '#test/factories/insert'
import { NetworkServerError } from '../network-server'
import { createEnqueue } from './enqueue'

const FAST = { inflightWaitMs: 300, pollMs: 20 }
const cut = new NetworkServerError('ambiguous', 'unavailable', 'connection reset')

describe('what nobody told us', () => {
  let kit: ActivityKit
  beforeAll(async () => {
    kit = await createActivityKit()
  }, 60_000)
  afterAll(() => kit.close())

  async function openOne(bay: LitBay, supersedes: string | null = null) {
    const commandId = randomUUID()
    const input = { ...bay, commandId, kind: 'display', origin: 'policy', isAsked: false, supersedes, notBefore: 0 } as const
    return { commandId, result: await kit.activities.delivery.openCommand(input) }
  }

  async function sendOne(bay: LitBay) {
    const { commandId } = await openOne(bay)
    const attempt = { ...bay, commandId, attemptNo: 1 }
    await kit.activities.delivery.takeBudget({ ...attempt, rank: 2 })
    return { commandId, sent: await createEnqueue(kit.deps, FAST)({ ...attempt, now: Date.now(), isRepeat: false }) }
  }

  async function showOne(bay: LitBay) {
    const { commandId } = await sendOne(bay)
    const record = outcome({ commandId, attemptNo: 1 } as never, Date.now(), { to: 'transmitted', proof: 'transmitted' })
    await kit.activities.delivery.recordOutcome({ ...bay, record })
  }

  const wantNext = ({ tenantId, deviceId }: LitBay, payload: string) =>
    inTenant(kit.database.pool, tenantId, (client) =>
      client.query(
        `update display_state_cache set wanted_version = wanted_version + 1, wanted_payload = decode($3, 'hex')
         where tenant_id = $1 and device_id = $2`,
        [tenantId, deviceId, payload],
      ),
    )

  async function wantedPayload({ tenantId, deviceId }: LitBay): Promise<string> {
    const row = await kit.database.unitOfWork.withTenant({ tenantId }, ({ displayStates }) => displayStates.find(deviceId))
    return row?.wantedPayload ?? ''
  }

  async function showThenLose(bay: LitBay, lose: (bay: LitBay) => Promise<string>) {
    await showOne(bay)
    const shown = await wantedPayload(bay)
    await wantNext(
      bay,
      shown.replace(/^../, (first) => (first === '00' ? 'ff' : '00')),
    )
    const superseded = await lose(bay)
    await wantNext(bay, shown)
    return openOne(bay, superseded)
  }

  test('DOM-330, DOM-620: after a send whose answer and read-back were lost, the look before it is sent again', async () => {
    const bay = await kit.createLitBay()
    const { result } = await showThenLose(bay, async () => {
      kit.networkServer.failures.push({ when: 'after', error: cut })
      kit.networkServer.queueFailure = cut
      const { commandId, sent } = await sendOne(bay)
      kit.networkServer.queueFailure = null
      expect(sent).toEqual({ result: 'unavailable', code: 'queue_unanswered' })
      return commandId
    })
    expect(result).toMatchObject({ opened: true })
  })

  test('DOM-330: after a send that certainly did not happen, the look before it still stands', async () => {
    const bay = await kit.createLitBay()
    const { result } = await showThenLose(bay, async () => {
      kit.networkServer.failures.push({ when: 'before', error: new NetworkServerError('not_sent', 'unavailable', 'refused') })
      return (await sendOne(bay)).commandId
    })
    expect(result).toMatchObject({ opened: false, reason: 'equal' })
  })

  test('DOM-622: gone from the queue with a stored txack: the answer brings it; without one it is gone', async () => {
    const bay = await kit.createLitBay()
    const { sent } = await sendOne(bay)
    const queueItemId = sent.result === 'accepted' ? sent.queueItemId : ''
    kit.networkServer.items.set(bay.devEui, [])
    const inspect = () => kit.activities.network.inspectQueue({ ...bay, queueItemId })
    expect(await inspect()).toBe('gone')
    const at = new Date()
    const event = { event_key: `txack:${queueItemId}`, queue_item_id: queueItemId, at, received_at: at, body: {} }
    await inTenant(kit.database.pool, bay.tenantId, (client) =>
      insertRow(client, 'device_events', { tenant_id: bay.tenantId, device_id: bay.deviceId, kind: 'txack', ...event }),
    )
    expect(await inspect()).toMatchObject({ result: 'gone', events: [{ kind: 'txack', queueItemId }] })
  })
})

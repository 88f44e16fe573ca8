/** The main job on real input: a published payload turns a bay red, its light proves it, and *why?* tells the chain (house § 5 a). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import mqtt, { type MqttClient } from 'mqtt'
import { WebSocket } from 'ws'
import { signIn, type ApiClient } from '../harness/api-client'
import { startStack, type Stack } from '../harness/stack'
import { until } from '../harness/until'

const SENSOR = '58a0cb0000115b4e'
const LIGHT = '2020203705250102'
const RED_SOLID = 'FF0000FF00'

interface Vector {
  readonly id: string
  readonly topic: string
  readonly payload: Record<string, unknown>
}

const vectors = JSON.parse(readFileSync(join(__dirname, '../../domain/codec/vectors/chirpstack-events.json'), 'utf8')) as Vector[]

/** A published event, moved to now and to a frame session of this run. */
function eventNow(id: string, changes: Record<string, unknown>): Vector {
  const vector = vectors.find((candidate) => candidate.id === id)
  if (vector === undefined) throw new Error(`no vector ${id}`)
  return { ...vector, payload: { ...vector.payload, time: new Date().toISOString(), deduplicationId: crypto.randomUUID(), ...changes } }
}

interface Frame {
  readonly type: string
  readonly data?: { readonly space_id?: string; readonly current_state?: string; readonly sequence?: number }
}

describe('the spine', () => {
  jest.setTimeout(240_000)
  let stack: Stack
  let client: ApiClient
  let broker: MqttClient
  let spaceId: string

  beforeAll(async () => {
    stack = await startStack({ SIMULATOR_SPEED: '1' })
    client = await signIn(stack.url, 'operator@acme.test', 'Parking-demo-1')
    broker = await mqtt.connectAsync(stack.service('mqtt'))
    const list = await client.get<{ spaces: { id: string; code: string; site_name: string }[] }>('/api/v6/spaces?q=A-01&page_size=10')
    spaceId = list.body.spaces.find((space) => space.code === 'A-01' && space.site_name === 'City')?.id ?? ''
    await control(`/devices/${SENSOR}/mute`) // what its bay shows comes from this test alone
    await settledLight()
  })

  afterAll(async () => {
    await broker?.endAsync()
    expect(await stack?.stop()).toBe(0)
  })

  const control = (path: string) => fetch(`${stack.url}/dev/sim${path}`, { method: 'POST' })
  /** After the start every light is told its colour under the gateways' budgets; this one has had its turn when it is proved. */
  const settledLight = () =>
    until(async () => (await client.get<Why>(`/api/v6/spaces/${spaceId}/why`)).body.light?.proof === 'proved', {
      timeoutMs: 180_000,
      everyMs: 1_000,
      what: 'the light settled',
    })
  const space = async () => (await client.get<{ current_state: string; state_sequence: number }>(`/api/v6/spaces/${spaceId}`)).body
  const publish = ({ topic, payload }: Vector) => broker.publishAsync(topic, JSON.stringify(payload), { qos: 1 })

  async function openSocket(): Promise<{ frames: Frame[]; close(): void }> {
    const { body } = await client.send<{ ticket: string }>('POST /api/auth/ws-ticket')
    const socket = new WebSocket(`${stack.url.replace('http', 'ws')}/ws?ticket=${body.ticket}`)
    const frames: Frame[] = []
    socket.on('message', (data) => frames.push(JSON.parse(String(data)) as Frame))
    await until(() => frames.some((frame) => frame.type === 'connected'))
    socket.send(JSON.stringify({ type: 'subscribe', channel: `space:${spaceId}` }))
    await until(() => frames.some((frame) => frame.type === 'subscribed'))
    return { frames, close: () => socket.close() }
  }

  test('D-70, D-31: an uplink turns the bay red, in the row, on the socket and in the history', async () => {
    await publish(eventNow('up-full', { devAddr: '00aa0001', fCnt: 1, data: 'ALs0BADceAE=' })) // the published free frame
    await until(async () => (await space()).current_state === 'free', { what: 'the bay free' })
    const socket = await openSocket()
    const { state_sequence: before } = await space()

    await publish(eventNow('up-full', { devAddr: '00aa0001', fCnt: 2 }))

    const frame = await until(() => socket.frames.find((candidate) => candidate.type === 'space:update'), {
      timeoutMs: 5_000,
      what: 'the frame',
    })
    expect(frame.data).toMatchObject({ space_id: spaceId, current_state: 'occupied', sequence: before + 1 })
    expect(await space()).toMatchObject({ current_state: 'occupied', state_sequence: before + 1 })
    socket.close()
  })

  test('D-60, D-61: the exact bytes reach the light and its own report proves them', async () => {
    const why = await until(
      async () => {
        const { body } = await client.get<Why>(`/api/v6/spaces/${spaceId}/why`)
        return body.light?.proof === 'proved' && body
      },
      { timeoutMs: 90_000, everyMs: 500, what: 'the proof' },
    )
    expect(why.light).toMatchObject({ desired: { color: 'red', pattern: 'solid' }, status: 'confirmed' })
    expect(why.light?.steps.map((step) => step.status)).toEqual(['queued', 'sent', 'transmitted', 'confirmed'])
    const { entries } = (await (await fetch(`${stack.url}/dev/sim/journal`)).json()) as Journal
    const enqueued = entries.filter((entry) => entry.method === 'DeviceService/Enqueue' && entry.request?.queueItem?.devEui === LIGHT)
    expect(
      Buffer.from(enqueued.at(-1)?.request?.queueItem?.data ?? '', 'base64')
        .toString('hex')
        .toUpperCase(),
    ).toBe(RED_SOLID)
    const lamp = entries.filter((entry) => entry.type === 'lamp' && entry.devEui === LIGHT).at(-1)
    expect(lamp?.look?.toLowerCase()).toBe('ff0000/255/0')
  })

  test('D-31: why? tells the reading, the rule, the light, who was told and the workflow', async () => {
    const { body: why } = await client.get<Why>(`/api/v6/spaces/${spaceId}/why`)
    expect(why.because.map((card) => [card.kind, card.rule])).toEqual([
      ['observation', 'newest_valid_reading'],
      ['freshness', 'heard_within'],
      ['policy', 'rank'],
    ])
    expect(why.because[0]).toMatchObject({ used: true, evidence: { value: 'occupied', f_cnt: 2, rssi_dbm: -36, snr_db: 10.5 } })
    expect(why.told).toContainEqual(expect.objectContaining({ to: 'feed' }))
    expect(why.workflow.workflow_id).toMatch(new RegExp(`^space/[0-9a-f-]{36}/${spaceId}$`))
  })

  test('D-36: the same uplink again changes nothing', async () => {
    const again = eventNow('up-full', { devAddr: '00aa0001', fCnt: 2 })
    const { state_sequence: before } = await space()
    await publish(again)
    await publish(again)
    await publish(eventNow('up-full', { devAddr: '00aa0001', fCnt: 3 })) // a fresh one behind them: when it is stored, they were seen
    const { body: device } = await client.get<{ id: string }>(`/api/v6/devices/${SENSOR}`)
    await until(async () => {
      const { body } = await client.get<{ readings: { f_cnt: number; repeat_count: number }[] }>(
        `/api/v6/devices/${device.id}/readings?page_size=5`,
      )
      return body.readings.some((reading) => reading.f_cnt === 3) && body.readings.filter((reading) => reading.f_cnt === 2).length === 1
    })
    expect((await space()).state_sequence).toBe(before)
  })
})

/** What the simulated network server says of itself (LW-155): calls, and what each lamp was seen to show. */
interface Journal {
  readonly entries: readonly {
    readonly type: string
    readonly method?: string
    readonly devEui?: string
    readonly look?: string
    readonly request?: { readonly queueItem?: { readonly devEui: string; readonly data: string } }
  }[]
}

interface Why {
  readonly because: readonly {
    readonly kind: string
    readonly rule: string
    readonly used: boolean
    readonly evidence: Record<string, unknown>
  }[]
  readonly light: {
    readonly proof: string
    readonly status: string
    readonly desired: unknown
    readonly steps: readonly { readonly status: string }[]
  } | null
  readonly told: readonly unknown[]
  readonly workflow: { readonly workflow_id: string }
}

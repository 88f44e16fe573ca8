/** The source on a real broker: acknowledgement after the commit, stable sessions, shared members, a taken-over session (Q-TRP-40 to Q-TRP-47). */
import { randomUUID } from 'node:crypto'
import { connectAsync, type MqttClient } from 'mqtt'
import { testServices } from '#test/harness/services'
import { until } from '#test/harness/until'
import { createMqttSource, type MqttSourceOptions, type UplinkSource } from './mqtt-source'
import type { OnMessage } from './mqtt-member'

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const running: UplinkSource[] = []
let publisher: MqttClient

beforeAll(async () => void (publisher = await connectAsync(testServices().mqttUrl)))
afterEach(async () => void (await Promise.all(running.splice(0).map((source) => source.stop()))))
afterAll(() => publisher.endAsync())

interface Setting {
  readonly root: string
  readonly options: MqttSourceOptions
}

/** Names of its own, so that any number of tests share the broker. */
function createSetting(overrides: Partial<MqttSourceOptions> = {}): Setting {
  const root = `test-${randomUUID()}`
  const options: MqttSourceOptions = {
    url: testServices().mqttUrl,
    clientIdPrefix: root,
    connections: 2,
    ordinal: 0,
    sharedGroup: root,
    topic: `${root}/+`,
    log: quiet,
    now: Date.now,
    ready: () => Promise.resolve(),
    onFatal: () => undefined,
    ...overrides,
  }
  return { root, options }
}

async function start(options: MqttSourceOptions, onMessage: OnMessage): Promise<UplinkSource> {
  const source = createMqttSource(options)
  running.push(source)
  await source.start(onMessage)
  return source
}

const publish = ({ root }: Setting, text: string) => publisher.publishAsync(`${root}/m`, text, { qos: 1 })

test('D-70, Q-FLT-36: a message is acknowledged only after it was taken; one that was not comes again', async () => {
  const setting = createSetting({ connections: 1 })
  const seen: string[] = []
  let isAway = true
  await start(setting.options, ({ payload }) => {
    seen.push(payload.toString())
    return isAway ? Promise.reject(new Error('database away')) : Promise.resolve()
  })
  await publish(setting, 'one')
  await until(() => seen.length > 0, { what: 'the first delivery' })
  isAway = false
  await until(() => seen.length > 1, { what: 'the second delivery' })
  await publish(setting, 'two')
  await until(() => seen.includes('two'), { what: 'the next message' })
  expect(seen).toEqual(['one', 'one', 'two'])
})

test('Q-TRP-41: the broker hands out nothing further on a connection whose message is not taken', async () => {
  const setting = createSetting({ connections: 1 })
  const seen: string[] = []
  let take: () => void = () => undefined
  await start(setting.options, ({ payload }) => {
    seen.push(payload.toString())
    return new Promise((resolve) => (take = resolve))
  })
  await publish(setting, 'one')
  await publish(setting, 'two')
  await until(() => seen.length === 1)
  await publish(setting, 'three')
  expect(seen).toEqual(['one'])
  take()
  await until(() => seen.length === 2)
  take()
  await until(() => seen.length === 3)
  take()
})

test('Q-TRP-44, Q-TRP-45: what is sent while the listener is away waits in its session', async () => {
  const setting = createSetting()
  const seen = new Set<string>()
  const onMessage: OnMessage = ({ payload }) => Promise.resolve(void seen.add(payload.toString()))
  const source = await start(setting.options, onMessage)
  await source.stop()
  const sent = Array.from({ length: 20 }, (_, index) => `m${index}`)
  for (const text of sent) await publish(setting, text)
  await start(setting.options, onMessage)
  await until(() => seen.size === sent.length, { what: 'what had waited' })
})

test('LW-070: members of one group share, each message is taken once', async () => {
  const setting = createSetting({ connections: 4 })
  const seen: string[] = []
  await start(setting.options, ({ payload }) => Promise.resolve(void seen.push(payload.toString())))
  const sent = Array.from({ length: 200 }, (_, index) => `m${index}`)
  await Promise.all(sent.map((text) => publish(setting, text)))
  await until(() => seen.length >= sent.length, { what: 'all messages' })
  expect([...seen].sort()).toEqual([...sent].sort())
})

test('OPS-012: with no group one plain connection takes everything', async () => {
  const warnings: unknown[] = []
  const setting = createSetting({
    sharedGroup: '',
    connections: 8,
    log: { ...quiet, warn: (...said: unknown[]) => void warnings.push(said) },
  })
  const seen: string[] = []
  await start(setting.options, ({ payload }) => Promise.resolve(void seen.push(payload.toString())))
  await publish(setting, 'one')
  await until(() => seen.length > 0)
  expect(seen).toEqual(['one'])
  expect(warnings).toHaveLength(1)
})

test('Q-TRP-44: a session that another listener takes over stops the source with the reason', async () => {
  const reasons: string[] = []
  const setting = createSetting({ connections: 1, onFatal: (reason) => void reasons.push(reason) })
  await start(setting.options, () => Promise.resolve())
  await start(setting.options, () => Promise.resolve())
  await until(() => reasons.length > 0, { what: 'the reason', timeoutMs: 25_000 })
  expect(reasons[0]).toMatch(/-0: .*another listener/)
})

test('Q-TRP-43: no connection is opened before messages can be taken', async () => {
  let open: () => void = () => undefined
  const gate = new Promise<void>((resolve) => (open = resolve))
  const setting = createSetting({ ready: () => gate })
  const source = createMqttSource(setting.options)
  running.push(source)
  const started = source.start(() => Promise.resolve())
  expect(source.isConnected()).toBe(false)
  open()
  await started
  expect(source.isConnected()).toBe(true)
})

/** The control over loopback HTTP: LW-153. */
import { startControlServer, type ControlServer } from './control-http'
import { startTestServer, type TestServer } from './test-support'
import { GATEWAY, LAMP, SENSOR } from './test-world'

let test: TestServer
let http: ControlServer
beforeEach(async () => {
  test = await startTestServer()
  http = await startControlServer(test.server, 0)
})
afterEach(async () => {
  await http.close()
  await test.close()
})

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; answer: Record<string, unknown> }> {
  const init = body === undefined ? { method } : { method, body: typeof body === 'string' ? body : JSON.stringify(body) }
  const response = await fetch(`http://127.0.0.1:${http.port}${path}`, init)
  const text = await response.text()
  return { status: response.status, answer: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) }
}

const lastUplink = (devEui: string) => test.events('up', devEui).at(-1)

it('a car by hand makes its sensor speak, and leaves again after the motion hold', async () => {
  expect((await call('POST', '/sim/cars', { dev_eui: SENSOR.toUpperCase(), present: true })).status).toBe(204)
  await call('POST', '/sim/clock/advance', { ms: 1_000 })
  expect(Buffer.from(String(lastUplink(SENSOR)?.['data']), 'base64')[0]).toBe(1)
  await call('POST', '/sim/cars', { dev_eui: SENSOR, present: false })
  await call('POST', '/sim/clock/advance', { ms: 3_000 })
  expect(Buffer.from(String(lastUplink(SENSOR)?.['data']), 'base64')[0]).toBe(0)
  expect((await call('DELETE', `/sim/cars/${SENSOR}`)).status).toBe(204)
})

it.each([
  ['hex', '01BB340400DC7801'],
  ['base64', 'Abs0BADceAE='],
])('a frame as %s goes out with the unit’s next counter', async (_case, data) => {
  const before = Number(lastUplink(SENSOR)?.['fCnt'])
  await call('POST', '/sim/uplinks', { dev_eui: SENSOR, f_port: 102, data })
  await call('POST', '/sim/clock/advance', { ms: 1_000 })
  expect(lastUplink(SENSOR)).toMatchObject({ fPort: 102, fCnt: before + 1, data: 'Abs0BADceAE=' })
})

it('devices can be muted, rebooted, made to join and disabled', async () => {
  for (const verb of ['mute', 'unmute', 'rejoin', 'reboot', 'disable', 'enable', 'repeat']) {
    expect((await call('POST', `/sim/devices/${LAMP}/${verb}`)).status).toBe(204)
  }
})

it('gateways can be switched, faults set and taken away, and the state read', async () => {
  await call('POST', `/sim/gateways/${GATEWAY}`, { online: false })
  const { answer } = await call('POST', '/sim/faults', { type: 'mqtt.drop', rate: 0.5, until: '2026-07-02T00:00:00Z' })
  const state = await call('GET', '/sim/state')
  expect(state.answer).toMatchObject({
    gateways: expect.arrayContaining([expect.objectContaining({ gatewayId: GATEWAY, isOnline: false })]),
    faults: [{ id: answer['id'], type: 'mqtt.drop', rate: 0.5, until: Date.parse('2026-07-02T00:00:00Z') }],
  })
  await call('DELETE', `/sim/faults/${String(answer['id'])}`)
  expect((await call('GET', '/sim/faults')).answer).toEqual({ faults: [] })
  expect((await call('DELETE', '/sim/faults')).status).toBe(204)
})

it('the journal comes with its hash', async () => {
  const { answer } = await call('GET', '/sim/journal')
  expect(answer['sha256']).toBe(test.server.journal.sha256())
})

it.each([
  ['POST', '/sim/cars', { dev_eui: 'ffffffffffffffff', present: true }, 404],
  ['POST', '/sim/cars', { dev_eui: LAMP, present: 'yes' }, 400],
  ['POST', '/sim/cars', '{', 400],
  ['POST', '/sim/faults', { type: 'nothing' }, 400],
  ['POST', '/sim/gateways/ffffffffffffffff', { online: true }, 404],
  ['GET', '/sim/nothing', undefined, 404],
] as const)('%s %s %j is refused', async (...[method, path, body, status]) => {
  expect((await call(method, path, body)).status).toBe(status)
})

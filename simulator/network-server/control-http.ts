/** The control of the simulated world over loopback HTTP: `/sim/**` (LW-153). */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { fromHex } from '#domain/codec/hex'
import { UnknownSubject, type SimulationControl } from './control'
import { FAULT_TYPES, type FaultSwitch, type FaultType } from './faults'
import type { Journal } from './journal'

const MAX_BODY_BYTES = 100_000

/** What was asked is not understood: 400. */
class BadRequest extends Error {
  override readonly name = 'BadRequest'
}

type Body = Readonly<Record<string, unknown>>

interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: RegExp
  readonly answer: (subject: string, body: Body) => unknown
}

export interface ControlServer {
  readonly port: number
  close(): Promise<void>
}

interface Controlled {
  readonly control: SimulationControl
  readonly journal: Journal
}

/** Listens on loopback only; `port` 0 = any free one. */
export function startControlServer(controlled: Controlled, port: number): Promise<ControlServer> {
  const routes = [...deviceRoutes(controlled.control), ...worldRoutes(controlled)]
  const server = createServer((request, response) => void respond(routes, request, response))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve({ port: portOf(server), close: () => closed(server) }))
  })
}

function deviceRoutes(control: SimulationControl): readonly Route[] {
  const onDevice = (verb: string, act: (devEui: string) => void): Route => ({
    method: 'POST',
    path: new RegExp(`^/sim/devices/([^/]+)/${verb}$`),
    answer: (devEui) => act(devEui),
  })
  return [
    { method: 'POST', path: /^\/sim\/cars$/, answer: (_subject, body) => control.setCar(textOf(body, 'dev_eui'), flagOf(body, 'present')) },
    { method: 'DELETE', path: /^\/sim\/cars\/([^/]+)$/, answer: (devEui) => control.releaseCar(devEui) },
    { method: 'POST', path: /^\/sim\/uplinks$/, answer: (_subject, body) => control.uplink(textOf(body, 'dev_eui'), frameOf(body)) },
    onDevice('repeat', control.repeatUplink),
    onDevice('rejoin', control.rejoin),
    onDevice('reboot', control.reboot),
    onDevice('mute', (devEui) => control.setMuted(devEui, true)),
    onDevice('unmute', (devEui) => control.setMuted(devEui, false)),
    onDevice('disable', (devEui) => control.setDisabled(devEui, true)),
    onDevice('enable', (devEui) => control.setDisabled(devEui, false)),
  ]
}

function worldRoutes({ control, journal }: Controlled): readonly Route[] {
  return [
    {
      method: 'POST',
      path: /^\/sim\/gateways\/([^/]+)$/,
      answer: (gatewayId, body) => control.setGateway(gatewayId, flagOf(body, 'online')),
    },
    { method: 'POST', path: /^\/sim\/faults$/, answer: (_subject, body) => ({ id: control.addFault(faultOf(body)) }) },
    { method: 'GET', path: /^\/sim\/faults$/, answer: () => ({ faults: control.report().faults }) },
    { method: 'DELETE', path: /^\/sim\/faults\/([^/]+)$/, answer: (id) => control.removeFault(id) },
    { method: 'DELETE', path: /^\/sim\/faults$/, answer: () => control.removeFault() },
    { method: 'POST', path: /^\/sim\/clock\/advance$/, answer: (_subject, body) => control.advance(numberOf(body, 'ms')) },
    { method: 'GET', path: /^\/sim\/state$/, answer: () => control.report() },
    { method: 'GET', path: /^\/sim\/journal$/, answer: () => ({ sha256: journal.sha256(), entries: journal.entries() }) },
  ]
}

async function respond(routes: readonly Route[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { pathname } = new URL(request.url ?? '/', 'http://loopback')
    const route = routes.find(({ method, path }) => method === request.method && path.test(pathname))
    if (!route) return send(response, 404, { error: 'no such route' })
    const subject = decodeURIComponent(route.path.exec(pathname)?.[1] ?? '')
    const answer = await route.answer(subject, await bodyOf(request))
    send(response, answer === undefined ? 204 : 200, answer)
  } catch (error) {
    send(response, statusOf(error), { error: error instanceof Error ? error.message : String(error) })
  }
}

function statusOf(error: unknown): number {
  if (error instanceof UnknownSubject) return 404
  return error instanceof BadRequest ? 400 : 500
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(body === undefined ? undefined : JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) throw new BadRequest('the body is too large')
    chunks.push(chunk)
  }
  return size === 0 ? {} : parseObject(Buffer.concat(chunks).toString('utf8'))
}

function parseObject(text: string): Body {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Body // members are checked one by one
  } catch {
    // said below, with the same words as for what is no object
  }
  throw new BadRequest('the body must be a JSON object')
}

function textOf(body: Body, member: string): string {
  const value = body[member]
  if (typeof value !== 'string') throw new BadRequest(`${member} must be a text`)
  return value
}

function flagOf(body: Body, member: string): boolean {
  const value = body[member]
  if (typeof value !== 'boolean') throw new BadRequest(`${member} must be true or false`)
  return value
}

function numberOf(body: Body, member: string): number {
  const value = body[member]
  if (typeof value !== 'number') throw new BadRequest(`${member} must be a number`)
  return value
}

/** `data` is hex, else base64. */
function frameOf(body: Body) {
  const data = textOf(body, 'data')
  return { fPort: numberOf(body, 'f_port'), bytes: fromHex(data) ?? Buffer.from(data, 'base64'), confirmed: body['confirmed'] === true }
}

function faultOf(body: Body): FaultSwitch {
  const type = textOf(body, 'type')
  const isKnown = (text: string): text is FaultType => FAULT_TYPES.some((known) => known === text)
  if (!isKnown(type)) throw new BadRequest(`type must be one of ${FAULT_TYPES.join(', ')}`)
  const { until } = body
  const plain = body as Omit<FaultSwitch, 'type' | 'until'> // numbers and texts that the strike itself reads
  return { ...plain, type, ...(until === undefined ? {} : { until: typeof until === 'string' ? Date.parse(until) : Number(until) }) }
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

/** Hostile bytes below JSON: framing, sizes, headers, targets (Q-HOS-11, Q-HOS-12, Q-HOS-14, Q-HOS-26). */
import { connect } from 'node:net'
import { endConnections, send, sendRaw, type RawExchange } from './http'
import { expectProblem } from './problem'
import { changedTables } from './witness'
import { createHostileWorld, type HostileWorld } from './world'

jest.setTimeout(60_000)

let world: HostileWorld
let port: number
beforeAll(async () => {
  world = await createHostileWorld()
  port = world.port
})
afterAll(async () => {
  endConnections()
  await world.close()
})

const CRLF = '\r\n'
const raw = (lines: readonly string[], body = '') => [...lines, '', body].join(CRLF)
const bearer = () => `Authorization: Bearer ${world.tokens.owner}`
const post = (headers: readonly string[], body = '') =>
  raw(
    [`PUT /api/v6/spaces/${world.own.ids['spaces']}/state HTTP/1.1`, 'Host: x', bearer(), 'Content-Type: application/json', ...headers],
    body,
  )
const answered = (text: string) => text.includes('\r\n\r\n') && /"errors":\[[^\]]*\]/.test(text)

/** One answer, a problem of that status, and the connection is not used again. */
function expectRefusedAndClosed(exchange: RawExchange, statuses: readonly number[]): void {
  expect(statuses).toContain(exchange.status)
  expect(exchange.answers).toBe(1)
  expect(exchange.text).toMatch(/content-type: application\/problem\+json/i)
  expect(exchange.closed).toBe(true)
}

const BODY = '{"state":"occupied"}'

describe('Q-HOS-12: requests that two parsers could read differently', () => {
  test.each([
    [
      'Content-Length and Transfer-Encoding',
      () => post([`Content-Length: ${BODY.length}`, 'Transfer-Encoding: chunked'], `0${CRLF}${CRLF}`),
    ],
    ['two Content-Lengths', () => post(['Content-Length: 5', 'Content-Length: 20'], BODY)],
    ['Content-Length is no number', () => post(['Content-Length: 2x'], BODY)],
    ['negative Content-Length', () => post(['Content-Length: -1'], BODY)],
    ['unknown Transfer-Encoding', () => post(['Transfer-Encoding: cow'], BODY)],
    ['Transfer-Encoding twice', () => post(['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], BODY)],
    ['folded header', () => post(['X-Folded: a', ' b', `Content-Length: ${BODY.length}`], BODY)],
    ['space before the colon', () => post([`Content-Length : ${BODY.length}`], BODY)],
    ['bare LF', () => `GET /health HTTP/1.1\nHost: x\n\n`],
    ['NUL in a header', () => raw(['GET /health HTTP/1.1', 'Host: x', 'X-Nul: a\u0000b'])],
    [
      'ANSI escape in the request id',
      () => raw(['GET /health HTTP/1.1', 'Host: x', 'X-Request-ID: \u001b[31mred\u001b[0m', 'Connection: close']),
    ],
    ['broken chunk size', () => post(['Transfer-Encoding: chunked'], `zz${CRLF}${BODY}${CRLF}0${CRLF}${CRLF}`)],
    ['no HTTP at all', () => 'hello\r\n\r\n'],
    ['no Host', () => raw(['GET /health HTTP/1.1', 'Connection: close'])],
  ])('%s: refused once, connection closed, nothing changed', async (_name, bytes) => {
    const before = await world.witness()
    const exchange = await sendRaw(port, bytes())
    expectRefusedAndClosed(exchange, [400])
    expect(changedTables(before, await world.witness())).toEqual([])
  })

  test.each([
    ['64 KB of one header', [`X-Long: ${'x'.repeat(64 * 1024)}`], 431],
    ['2 000 headers', Array.from({ length: 2000 }, (_, index) => `X-${index}: 1`), 431],
    ['101 headers', Array.from({ length: 101 }, (_, index) => `X-${index}: 1`), 431],
  ] as const)('%s', async (_name, headers, status) => {
    const exchange = await sendRaw(port, raw(['GET /health HTTP/1.1', 'Host: x', ...headers, 'Connection: close']))
    expect(exchange.status).toBe(status)
    expect(exchange.text).toMatch(/content-type: application\/problem\+json/i)
  })

  test('a URL of 16 KB', async () => {
    const exchange = await sendRaw(
      port,
      raw([`GET /api/v6/sites?q=${'x'.repeat(16 * 1024)} HTTP/1.1`, 'Host: x', bearer(), 'Connection: close']),
    )
    expect(exchange.status).toBe(414)
    expect(exchange.text).toContain('request.uri_too_long')
  })
})

describe('Q-HOS-11: bodies that are not what they say', () => {
  test('100 MB announced: refused before it is sent', async () => {
    const exchange = await sendRaw(port, post([`Content-Length: ${100 * 1024 * 1024}`]))
    expectRefusedAndClosed(exchange, [413])
  })

  test('endless chunks: refused as soon as the limit is passed, memory bounded', async () => {
    const { sent, status } = await sendEndlessly(post(['Transfer-Encoding: chunked']))
    expect(status).toBe(413)
    expect(sent).toBeLessThan(16 * 1024 * 1024)
  })

  test('shorter than announced, then the end', async () => {
    const before = await world.witness()
    await new Promise<void>((done) => {
      const socket = connect(port, '127.0.0.1', () => socket.end(post(['Content-Length: 100'], BODY)))
      socket.on('error', () => undefined) // reset is as good as closed
      socket.on('close', () => done())
      socket.resume()
    })
    expect(changedTables(before, await world.witness())).toEqual([])
  })

  test('longer than announced: the rest is no second request', async () => {
    const exchange = await sendRaw(port, post([`Content-Length: ${BODY.length}`], `${BODY}GET /metrics HTTP/1.1 smuggled`), answered)
    expect(exchange.text).not.toContain('# HELP')
  })
})

describe('Q-HOS-10: what cannot be parsed costs next to nothing', () => {
  const TIMES = 40
  const CPU_MS = 5

  test.each([
    ['arrays 10 000 deep', `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['never closed', '['.repeat(100_000)],
    ['a number of 100 000 digits', `{"state":${'9'.repeat(100_000)}}`],
    ['20 000 escapes', `{"state":"${'\\u0041'.repeat(20_000)}"}`],
  ])('%s: < 5 ms of CPU, the client included', async (_name, body) => {
    const target = `/api/v6/spaces/${world.own.ids['spaces']}/state`
    const headers = { authorization: `Bearer ${world.tokens.owner}`, 'content-type': 'application/json' }
    const refuse = () => send(port, { method: 'PUT', target, headers, body })
    expectProblem(await refuse(), [400, 422])
    const before = process.cpuUsage()
    for (let time = 0; time < TIMES; time += 1) await refuse()
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000 / TIMES).toBeLessThan(CPU_MS)
  })
})

describe('Q-HOS-14: targets and hosts', () => {
  test.each([
    [
      'absolute form',
      () => raw(['GET http://evil.example.com/api/v6/sites HTTP/1.1', 'Host: evil.example.com', bearer(), 'Connection: close']),
    ],
    ['Host with an @', () => raw(['GET /health HTTP/1.1', 'Host: localhost@evil.example.com', 'Connection: close'])],
    ['authority form', () => raw(['CONNECT evil.example.com:443 HTTP/1.1', 'Host: evil.example.com'])],
    ['asterisk', () => raw(['OPTIONS * HTTP/1.1', 'Host: x', 'Connection: close'])],
  ])('%s: ignored or refused, never followed', async (_name, bytes) => {
    const exchange = await sendRaw(port, bytes())
    expect(exchange.text).not.toMatch(/^location:/im)
    expect(exchange.text).not.toContain('evil.example.com')
    expect(exchange.status === null || (exchange.status !== 500 && exchange.status < 504)).toBe(true)
  })

  test('the client address comes from the connection, not from a header of a stranger', async () => {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': '6.6.6.6', 'x-real-ip': '6.6.6.6', forwarded: 'for=6.6.6.6' }
    const person = await world.api.person(world.own.tenantId, 'viewer')
    await send(port, {
      method: 'POST',
      target: '/api/auth/login',
      headers,
      body: JSON.stringify({ email: person.email, password: 'correct horse battery' }),
    })
    const sessions = await person.client.get<{ items: { ip: string }[] }>('/api/auth/sessions')
    expect(sessions.body.items.map(({ ip }) => ip)).not.toContain('6.6.6.6')
  })
})

/** Writes chunks until the server has answered; how much it took and what it said. */
function sendEndlessly(head: string): Promise<{ sent: number; status: number }> {
  return new Promise((resolve, reject) => {
    const chunk = `10000${CRLF}${'x'.repeat(0x10000)}${CRLF}`
    const socket = connect(port, '127.0.0.1', () => socket.write(head))
    let [sent, text] = [0, '']
    const timer = setTimeout(() => reject(new Error('no answer')), 20_000)
    const pump = () => {
      while (!socket.destroyed && socket.writable && sent < 64 * 1024 * 1024) {
        sent += chunk.length
        if (!socket.write(chunk)) return
      }
    }
    socket.on('connect', pump).on('drain', pump)
    socket.on('data', (data: Buffer) => (text += data.toString()))
    socket.on('error', () => undefined) // the server may reset what it does not read
    socket.on('close', () => {
      clearTimeout(timer)
      resolve({ sent, status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]) })
    })
  })
}

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { createLocalProxy } from './local-proxy'

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))

describe('createLocalProxy', () => {
  const servers: Server[] = []
  afterEach(() => servers.splice(0).forEach((server) => server.close()))

  async function start(): Promise<string> {
    const backend = createServer((request, response) => {
      const body: Buffer[] = []
      request.on('data', (chunk: Buffer) => body.push(chunk))
      request.on('end', () =>
        response
          .writeHead(201, { 'x-from': 'backend' })
          .end(JSON.stringify({ url: request.url, headers: request.headers, body: Buffer.concat(body).toString() })),
      )
    })
    const app = new Koa()
    app.use(
      createLocalProxy([
        { prefix: '/dev/sim/', target: `http://127.0.0.1:${await listen(backend)}`, replacement: '/sim/' },
        { prefix: '/gone/', target: 'http://127.0.0.1:1' },
      ]),
    )
    const front = createServer((request, response) => void app.callback()(request, response))
    servers.push(backend, front)
    return `http://127.0.0.1:${await listen(front)}`
  }

  test('OPS-035: passes path, query, method and body on under the replacement, without credentials', async () => {
    const url = await start()
    const answer = await fetch(`${url}/dev/sim/cars?x=1`, {
      method: 'POST',
      body: '{"present":true}',
      headers: { authorization: 'Bearer secret' },
    })
    const seen = (await answer.json()) as { url: string; headers: Record<string, string>; body: string }
    expect([answer.status, answer.headers.get('x-from'), seen.url, seen.body]).toEqual([
      201,
      'backend',
      '/sim/cars?x=1',
      '{"present":true}',
    ])
    expect(seen.headers).not.toHaveProperty('authorization')
  })

  test('answers 502 when the local service is away and leaves other paths alone', async () => {
    const url = await start()
    expect((await fetch(`${url}/gone/x`)).status).toBe(502)
    expect((await fetch(`${url}/other`)).status).toBe(404)
  })
})

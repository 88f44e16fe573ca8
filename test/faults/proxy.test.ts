import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { until } from '../harness/until'
import { startProxy, type Proxy } from './proxy'

describe('the proxy', () => {
  let server: Server
  let proxy: Proxy
  let served: string[]

  beforeEach(async () => {
    served = []
    server = createServer((request, response) => {
      served.push(request.url ?? '')
      response.end('answer')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    proxy = await startProxy({ host: '127.0.0.1', port: (server.address() as AddressInfo).port })
  })

  afterEach(async () => {
    await proxy.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const ask = (path: string, limitMs = 2_000) =>
    fetch(`http://127.0.0.1:${proxy.port}${path}`, { headers: { connection: 'close' }, signal: AbortSignal.timeout(limitMs) })

  test('Q-FLT-H1: passes', async () => {
    expect(await (await ask('/pass')).text()).toBe('answer')
    expect(proxy.taken()).toBe(1)
  })

  test('Q-FLT-H1: delays both directions', async () => {
    proxy.setMode({ kind: 'delay', ms: 60 })
    const begun = Date.now()
    expect(await (await ask('/delay')).text()).toBe('answer')
    expect(Date.now() - begun).toBeGreaterThanOrEqual(110)
  })

  test('Q-FLT-H1: refuses', async () => {
    proxy.setMode({ kind: 'refuse' })
    await expect(ask('/refuse')).rejects.toThrow()
    expect(served).toEqual([])
  })

  test('Q-FLT-H1: a black hole takes the request and gives nothing', async () => {
    proxy.setMode({ kind: 'black_hole' })
    await expect(ask('/hole', 150)).rejects.toThrow()
    expect(served).toEqual([])
  })

  test('Q-FLT-H1: cuts after the request was written: the server did it, the client does not know', async () => {
    proxy.setMode({ kind: 'cut_after_request' })
    await expect(ask('/cut')).rejects.toThrow()
    await until(() => served.includes('/cut'))
  })

  test('Q-FLT-H1: closes one half', async () => {
    proxy.setMode({ kind: 'half_close' })
    await expect(ask('/half')).rejects.toThrow()
    await until(() => served.includes('/half'))
  })

  test('Q-FLT-H1: cuts what is open', async () => {
    proxy.setMode({ kind: 'black_hole' })
    const asked = ask('/open')
    await until(() => proxy.taken() === 1)
    proxy.cutAll()
    await expect(asked).rejects.toThrow()
  })
})

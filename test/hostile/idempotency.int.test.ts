/** One key for two requests, and one key of two people (Q-HOS-30). */
import { randomUUID } from 'node:crypto'
import { endConnections, send, sendRaw, type HttpAnswer } from './http'
import { readOperations } from './open-api'
import { expectProblem } from './problem'
import { toHttp, validRequest, type ValidRequest } from './valid-request'
import { createHostileWorld, type HostileWorld } from './world'

jest.setTimeout(60_000)

const operations = readOperations().filter(
  ({ method, headers, body }) => method === 'POST' && body !== null && headers.includes('Idempotency-Key'),
)

let world: HostileWorld
beforeAll(async () => {
  world = await createHostileWorld()
})
afterAll(async () => {
  endConnections()
  await world.close()
})

const sendWith = (valid: ValidRequest, key: string): Promise<HttpAnswer> =>
  send(world.port, toHttp({ ...valid, headers: { 'idempotency-key': key } }))

describe.each(operations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
  'Q-HOS-30: %s',
  (_name, operation) => {
    const valid = async () => validRequest(operation, await world.sources(operation, 'fresh'))
    const hasReason = 'reason' in (operation.body?.properties ?? {})
    /** Not the same request: another body, or the same for another row where there is nothing to vary. */
    const another = async (request: ValidRequest) =>
      hasReason ? { ...request, body: { ...request.body, reason: `another ${randomUUID()}` } } : valid()

    test('the same key with another request is a mismatch', async () => {
      const [request, key] = [await valid(), randomUUID()]
      const first = await sendWith(request, key)
      expect(first.status).toBeLessThan(300)
      const second = await sendWith(await another(request), key)
      expectProblem(second, [422])
      expect(second.json?.['code']).toBe('idempotency.mismatch')
    })

    test('the same key and body is the same answer, marked as a replay', async () => {
      const [request, key] = [await valid(), randomUUID()]
      const [first, again] = [await sendWith(request, key), await sendWith(request, key)]
      expect(again.status).toBe(first.status)
      expect(again.json).toEqual(first.json)
      expect(again.headers['idempotency-replayed']).toBe('true')
    })

    test('the key of one person is nothing to another', async () => {
      const [request, key] = [await valid(), randomUUID()]
      await sendWith(request, key)
      const other = await sendWith({ ...(await another(request)), token: world.tokens.admin }, key)
      expect([200, 201, 202, 409]).toContain(other.status) // 409: the first one has done it already
      expect(other.headers['idempotency-replayed']).toBeUndefined()
    })

    test('a key with control characters is refused', async () => {
      const { target, headers, body } = toHttp(await valid())
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`)
      const bytes = [
        `POST ${target} HTTP/1.1`,
        'Host: x',
        'Connection: close',
        `Content-Length: ${Buffer.byteLength(body ?? '')}`,
        'Idempotency-Key: a\tb',
        ...lines,
        '',
        body ?? '',
      ].join('\r\n')
      expect((await sendRaw(world.port, bytes)).status).toBe(422)
    })
  },
)

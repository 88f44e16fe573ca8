/** The ChirpStack client against a gRPC server of the test's own, which answers as the real one does (LW-020 … LW-029). */
import { ApplicationServiceService } from '@chirpstack/chirpstack-api/api/application_grpc_pb'
import { ListApplicationsResponse } from '@chirpstack/chirpstack-api/api/application_pb'
import { DeviceServiceService } from '@chirpstack/chirpstack-api/api/device_grpc_pb'
import {
  EnqueueDeviceQueueItemResponse,
  GetDeviceQueueItemsResponse,
  GetDeviceResponse,
  type EnqueueDeviceQueueItemRequest,
  type DeviceQueueItem,
} from '@chirpstack/chirpstack-api/api/device_pb'
import { GatewayServiceService } from '@chirpstack/chirpstack-api/api/gateway_grpc_pb'
import { GatewayListItem, ListGatewaysResponse, type ListGatewaysRequest } from '@chirpstack/chirpstack-api/api/gateway_pb'
import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type handleUnaryCall,
  type UntypedHandleCall,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import type { NetworkServer } from '../network-server'
import { createChirpstackClient } from './client'

const EUI = '2020200000000102'
const ITEM = { devEui: EUI, fPort: 15, payloadHex: 'ff0000ff00', confirmed: false, expiresAt: 1_751_362_800_123 }

type Unary = handleUnaryCall<never, never>
const failing =
  (code: number, details = ''): Unary =>
  (_, callback) =>
    callback({ code, details, metadata: new Metadata() })
const silent: Unary = () => undefined

describe('the ChirpStack client', () => {
  let server: Server
  let client: NetworkServer
  let port = 0
  let seen: { authorization: unknown; request: EnqueueDeviceQueueItemRequest | null } = { authorization: null, request: null }
  let handlers: Record<string, Unary> = {}

  const delegate = (service: object): UntypedServiceImplementation =>
    Object.fromEntries(
      Object.keys(service).map((name) => [
        name,
        ((call, callback) => (handlers[name] ?? failing(status.UNIMPLEMENTED))(call, callback)) satisfies Unary as UntypedHandleCall,
      ]),
    )

  beforeAll(async () => {
    server = new Server()
    server.addService(DeviceServiceService as never, delegate(DeviceServiceService)) // the generated service types predate the server's own
    server.addService(GatewayServiceService as never, delegate({ list: 0 }))
    server.addService(ApplicationServiceService as never, delegate({ list: 0 }))
    port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    )
  })
  afterAll(() => server.forceShutdown())

  beforeEach(() => {
    handlers = {}
    seen = { authorization: null, request: null }
    client = createChirpstackClient({ url: `http://127.0.0.1:${port}`, token: 'secret', deadlineMs: 300 })
  })
  afterEach(() => client.close())

  const accept: Unary = (call, callback) => {
    const { metadata, request } = call as unknown as { metadata: Metadata; request: EnqueueDeviceQueueItemRequest }
    seen = { authorization: metadata.get('authorization')[0], request }
    const answer = new EnqueueDeviceQueueItemResponse()
    answer.setId('11111111-1111-4111-8111-111111111111')
    callback(null, answer as never)
  }

  test('LW-020, DOM-603: enqueues with the token, flush_queue and a millisecond-exact expiry; the id is the server’s own', async () => {
    handlers['enqueue'] = accept
    expect(await client.enqueue(ITEM)).toBe('11111111-1111-4111-8111-111111111111')
    const item = seen.request?.getQueueItem() as DeviceQueueItem
    expect(seen.authorization).toBe('Bearer secret')
    expect(seen.request?.getFlushQueue()).toBe(true)
    expect(item.getExpiresAt()?.toDate().getTime()).toBe(ITEM.expiresAt)
    expect(Buffer.from(item.getData_asU8()).toString('hex')).toBe(ITEM.payloadHex)
  })

  test('LW-052: reads the queue back with the fingerprint that was sent', async () => {
    handlers['enqueue'] = accept
    await client.enqueue(ITEM)
    handlers['getQueue'] = (_, callback) => {
      const answer = new GetDeviceQueueItemsResponse()
      answer.setResultList([seen.request?.getQueueItem() as DeviceQueueItem])
      callback(null, answer as never)
    }
    expect(await client.queue(EUI)).toEqual([
      { queueItemId: '', fPort: 15, payloadHex: 'ff0000ff00', confirmed: false, isPending: false, expiresAt: ITEM.expiresAt },
    ])
  })

  test.each([
    [status.INVALID_ARGUMENT, 'refused', 'invalid_argument'],
    [status.UNIMPLEMENTED, 'refused', 'unimplemented'],
    [status.NOT_FOUND, 'absent', 'not_found'],
    [status.UNAUTHENTICATED, 'unauthenticated', 'unauthenticated'],
    [status.INTERNAL, 'ambiguous', 'internal'],
    [status.UNAVAILABLE, 'ambiguous', 'unavailable'],
    [status.CANCELLED, 'ambiguous', 'cancelled'],
    [status.RESOURCE_EXHAUSTED, 'ambiguous', 'resource_exhausted'],
  ])('LW-026: status %i is %s', async (code, kind, name) => {
    handlers['enqueue'] = failing(code, 'text for operators')
    await expect(client.enqueue(ITEM)).rejects.toMatchObject({ kind, code: name, message: 'text for operators' })
  })

  test('DOM-620: no answer within the deadline is ambiguous', async () => {
    handlers['enqueue'] = silent
    await expect(client.enqueue(ITEM)).rejects.toMatchObject({ kind: 'ambiguous', code: 'deadline_exceeded' })
  })

  test('DOM-621: a port where nobody listens was never sent anything', async () => {
    const nobody = createChirpstackClient({ url: 'http://127.0.0.1:9', token: 'x', deadlineMs: 2_000 })
    await expect(nobody.enqueue(ITEM)).rejects.toMatchObject({ kind: 'not_sent' })
    nobody.close()
  })

  test('LW-028: 16 for a device is absence when the token is good, and the token’s fault when it is not', async () => {
    handlers['get'] = failing(status.UNAUTHENTICATED)
    handlers['list'] = (_, callback) => callback(null, new ListApplicationsResponse() as never)
    expect(await client.isDeviceThere(EUI)).toBe(false)
    handlers['list'] = failing(status.UNAUTHENTICATED)
    await expect(client.isDeviceThere(EUI)).rejects.toMatchObject({ kind: 'unauthenticated' })
    handlers['get'] = (_, callback) => callback(null, new GetDeviceResponse() as never)
    expect(await client.isDeviceThere(EUI)).toBe(true)
  })

  test('LW-022: reads gateways page by page, 100 at a time, limit always set', async () => {
    const limits: number[] = []
    handlers['list'] = (call, callback) => {
      const request = (call as unknown as { request: ListGatewaysRequest }).request
      limits.push(request.getLimit())
      const answer = new ListGatewaysResponse()
      answer.setTotalCount(150)
      const size = request.getOffset() === 0 ? 100 : 50
      answer.setResultList(Array.from({ length: size }, (_, index) => createGateway(request.getOffset() + index)))
      callback(null, answer as never)
    }
    const gateways = await client.listGateways()
    expect(limits).toEqual([100, 100])
    expect(gateways).toHaveLength(150)
    expect(gateways[1]).toEqual({ gatewayEui: '0000000000000001', state: 'online', lastSeenAt: null })
  })

  test('LW-029: after five transport failures it stops asking for ten seconds, then lets one probe through', async () => {
    let now = 0
    let calls = 0
    const guarded = createChirpstackClient({ url: `http://127.0.0.1:${port}`, token: 'x', deadlineMs: 300, now: () => now })
    handlers['enqueue'] = (call, callback) => {
      calls++
      failing(status.UNAVAILABLE)(call, callback)
    }
    for (let index = 0; index < 5; index++) await guarded.enqueue(ITEM).catch(() => undefined)
    now = 20_000
    await guarded.enqueue(ITEM).catch(() => undefined)
    await expect(guarded.enqueue(ITEM)).rejects.toMatchObject({ kind: 'not_sent', code: 'breaker_open' })
    expect(calls).toBe(6)
    handlers['enqueue'] = accept
    now = 31_000
    await guarded.enqueue(ITEM)
    await guarded.enqueue(ITEM)
    guarded.close()
  })
})

function createGateway(index: number): GatewayListItem {
  const item = new GatewayListItem()
  item.setGatewayId(index.toString(16).toUpperCase().padStart(16, '0'))
  item.setState(1 as never) // GatewayState.ONLINE; the generated enum is a map of numbers
  return item
}

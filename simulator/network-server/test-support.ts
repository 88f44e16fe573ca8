/** A server with a real gRPC client for the behaviour tests of the simulated network server. */
import { Metadata, credentials, type CallOptions, type ClientUnaryCall, type ServiceError, type requestCallback } from '@grpc/grpc-js'
import { ApplicationServiceClient } from '@chirpstack/chirpstack-api/api/application_grpc_pb'
import { DeviceServiceClient } from '@chirpstack/chirpstack-api/api/device_grpc_pb'
import {
  DeviceQueueItem,
  EnqueueDeviceQueueItemRequest,
  FlushDeviceQueueRequest,
  GetDeviceActivationRequest,
  GetDeviceQueueItemsRequest,
} from '@chirpstack/chirpstack-api/api/device_pb'
import { GatewayServiceClient } from '@chirpstack/chirpstack-api/api/gateway_grpc_pb'
import { fromHex } from '#domain/codec/hex'
import {
  createSimulatedNetworkServer,
  type SimulatedNetworkServer,
  type SimulatedNetworkServerOptions,
} from './create-simulated-network-server'
import { build } from './grpc/store-access'
import { timestampOfMicros } from './grpc/values'
import { ADMIN, LAMP, TEST_WORLD } from './test-world'

/** By then every unit has joined and sent its first frames, and no lock is left. */
const SETTLED_MS = 30_000

type Unary<Request, Response> = (
  ...call: [request: Request, metadata: Metadata | null, options: CallOptions | null, callback: requestCallback<Response>]
) => ClientUnaryCall

export interface CallSettings {
  /** The whole header; `Bearer <admin>` by default. */
  readonly authorization?: string | null
  readonly deadlineMs?: number
}

export interface QueueRequest {
  readonly devEui?: string
  readonly hex?: string
  readonly fPort?: number
  readonly id?: string
  readonly confirmed?: boolean
  readonly flush?: boolean
  readonly expiresAtMicros?: number
  readonly isEncrypted?: boolean
  readonly fCntDown?: number
}

export const bearer = (token: string): CallSettings => ({ authorization: `Bearer ${token}` })

/** One call; rejects with the ServiceError. */
export function invoke<Request, Response>(
  method: Unary<Request, Response>,
  request: Request,
  settings: CallSettings = {},
): Promise<Response> {
  const { authorization = `Bearer ${ADMIN}`, deadlineMs = 5_000 } = settings
  const metadata = new Metadata()
  if (authorization !== null) metadata.set('authorization', authorization)
  return new Promise((resolve, reject) => {
    method(request, metadata, { deadline: Date.now() + deadlineMs }, (error, reply) => (error ? reject(error) : resolve(reply as Response)))
  })
}

/** The refusal of a call that must fail. */
export async function refusalOf(call: Promise<unknown>): Promise<{ readonly code: number; readonly details: string }> {
  const error = await call.then(
    () => null,
    (reason: ServiceError) => reason,
  )
  if (!error) throw new Error('the call was not refused')
  return { code: error.code, details: error.details }
}

export interface TestServer {
  readonly server: SimulatedNetworkServer
  readonly devices: DeviceServiceClient
  readonly applications: ApplicationServiceClient
  readonly gateways: GatewayServiceClient
  readonly enqueue: (request?: QueueRequest, settings?: CallSettings) => Promise<string>
  readonly queue: (devEui?: string) => Promise<DeviceQueueItem.AsObject[]>
  readonly flush: (devEui?: string) => Promise<unknown>
  readonly nextFCntDown: (devEui?: string) => Promise<number>
  readonly events: (kind: string, devEui?: string) => readonly Record<string, unknown>[]
  /** Looks of the lamp since it joined, oldest first. */
  readonly looks: (devEui?: string) => readonly string[]
  readonly advance: (ms: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** With every unit joined and quiet, unless `settle` is false. */
export async function startTestServer(
  options: Partial<SimulatedNetworkServerOptions> & { readonly settle?: boolean } = {},
): Promise<TestServer> {
  const { settle = true, ...given } = options
  const base = { seed: 7, grpcPort: 0, mqttUrl: null, clock: 'virtual', region: 'EU868', world: TEST_WORLD, powerUpSpreadMs: 0 } as const
  const server = await createSimulatedNetworkServer({ ...base, ...given })
  if (settle) await server.control.advance(SETTLED_MS)
  const address = server.url.replace('http://', '')
  const clients = {
    devices: new DeviceServiceClient(address, credentials.createInsecure()),
    applications: new ApplicationServiceClient(address, credentials.createInsecure()),
    gateways: new GatewayServiceClient(address, credentials.createInsecure()),
  }
  return {
    server,
    ...clients,
    ...queueCalls(clients.devices),
    events: (kind, devEui = LAMP) =>
      server.journal
        .of('event')
        .filter((entry) => entry.kind === kind && entry.devEui === devEui && entry.fate === 'published')
        .map(({ body }) => body as Record<string, unknown>),
    looks: (devEui = LAMP) =>
      server.journal
        .of('lamp')
        .filter((entry) => entry.devEui === devEui)
        .map(({ look }) => look),
    advance: server.control.advance,
    close: async () => {
      Object.values(clients).forEach((client) => client.close())
      await server.close()
    },
  }
}

function queueCalls(devices: DeviceServiceClient): Pick<TestServer, 'enqueue' | 'queue' | 'flush' | 'nextFCntDown'> {
  return {
    enqueue: async (request = {}, settings = {}) =>
      (await invoke(devices.enqueue.bind(devices), enqueueRequest(request), settings)).getId(),
    queue: async (devEui = LAMP) => {
      const request = build(new GetDeviceQueueItemsRequest(), (message) => message.setDevEui(devEui))
      return (await invoke(devices.getQueue.bind(devices), request)).toObject().resultList
    },
    flush: (devEui = LAMP) =>
      invoke(
        devices.flushQueue.bind(devices),
        build(new FlushDeviceQueueRequest(), (message) => message.setDevEui(devEui)),
      ),
    nextFCntDown: async (devEui = LAMP) => {
      const request = build(new GetDeviceActivationRequest(), (message) => message.setDevEui(devEui))
      return (await invoke(devices.getActivation.bind(devices), request)).getDeviceActivation()?.getNFCntDown() ?? -1
    },
  }
}

function enqueueRequest({ devEui = LAMP, hex = 'FF0000FF00', fPort = 15, ...rest }: QueueRequest): EnqueueDeviceQueueItemRequest {
  const item = build(new DeviceQueueItem(), (message) => {
    message.setDevEui(devEui)
    message.setFPort(fPort)
    message.setData(fromHex(hex) ?? new Uint8Array())
    message.setId(rest.id ?? '')
    message.setConfirmed(rest.confirmed ?? false)
    message.setIsEncrypted(rest.isEncrypted ?? false)
    message.setFCntDown(rest.fCntDown ?? 0)
    if (rest.expiresAtMicros !== undefined) message.setExpiresAt(timestampOfMicros(rest.expiresAtMicros))
  })
  return build(new EnqueueDeviceQueueItemRequest(), (message) => {
    message.setQueueItem(item)
    message.setFlushQueue(rest.flush ?? false)
  })
}

/** ChirpStack v4 over gRPC (LW-020 … LW-029): token, deadline, breaker, at most eight calls in flight. Never its database (D-63). */
import { readFileSync } from 'node:fs'
import { ApplicationServiceClient } from '@chirpstack/chirpstack-api/api/application_grpc_pb'
import { ListApplicationsRequest } from '@chirpstack/chirpstack-api/api/application_pb'
import { DeviceServiceClient } from '@chirpstack/chirpstack-api/api/device_grpc_pb'
import {
  DeviceQueueItem,
  EnqueueDeviceQueueItemRequest,
  GetDeviceQueueItemsRequest,
  GetDeviceRequest,
} from '@chirpstack/chirpstack-api/api/device_pb'
import { GatewayServiceClient } from '@chirpstack/chirpstack-api/api/gateway_grpc_pb'
import { GatewayState, ListGatewaysRequest, type GatewayListItem } from '@chirpstack/chirpstack-api/api/gateway_pb'
import { credentials, type ChannelCredentials } from '@grpc/grpc-js'
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb'
import type { CheckResult, NetworkServer, NewQueueItem, QueueItem, RemoteGatewayView } from '../network-server'
import { createCaller, type Caller } from './caller'
import { readPages } from './pages'
import { toNetworkServerError } from './status'

export interface ChirpstackOptions {
  /** `http://host:8080` (plain text) or `https://host:443` (LW-003). */
  readonly url: string
  readonly token: string
  readonly caFile?: string | undefined
  readonly deadlineMs: number
  /** ChirpStack tenant whose lists are read; empty = all, which needs an admin key. */
  readonly chirpstackTenantId?: string
  readonly now?: () => number
}

const LIST_DEADLINE_MS = 15_000
const PAGE = 100
/** A server that returns is met within ten seconds, as the breaker's probe would. */
const CHANNEL = { 'grpc.keepalive_time_ms': 30_000, 'grpc.enable_retries': 0, 'grpc.max_reconnect_backoff_ms': 10_000 }

export function createChirpstackClient(options: ChirpstackOptions): NetworkServer {
  const { address, channel } = addressOf(options)
  const clients = {
    devices: new DeviceServiceClient(address, channel, CHANNEL),
    gateways: new GatewayServiceClient(address, channel, CHANNEL),
    applications: new ApplicationServiceClient(address, channel, CHANNEL),
  }
  const caller = createCaller(options.token, options.now ?? Date.now)
  const check = createCheck(clients.applications, caller, options)
  return {
    check,
    ...createQueueCalls(clients.devices, caller, options.deadlineMs),
    isDeviceThere: createPresence(clients.devices, { caller, check, deadlineMs: options.deadlineMs }),
    listGateways: createGatewayList(clients.gateways, caller, options.chirpstackTenantId ?? ''),
    close() {
      for (const client of Object.values(clients)) client.close()
    },
  }
}

function createQueueCalls(devices: DeviceServiceClient, call: Caller, deadlineMs: number): Pick<NetworkServer, 'enqueue' | 'queue'> {
  return {
    async enqueue(item) {
      return (await call(devices.enqueue.bind(devices), toEnqueueRequest(item), deadlineMs)).getId()
    },
    async queue(devEui) {
      const request = new GetDeviceQueueItemsRequest()
      request.setDevEui(devEui)
      return (await call(devices.getQueue.bind(devices), request, deadlineMs)).getResultList().map(toQueueItem)
    },
  }
}

/** The cheapest call that a token must be good for; GetVersion refuses every API key (LW-021). */
function createCheck(
  applications: ApplicationServiceClient,
  call: Caller,
  { deadlineMs, chirpstackTenantId = '', now = Date.now }: ChirpstackOptions,
) {
  return async (): Promise<CheckResult> => {
    const started = now()
    const answer = (word: CheckResult['word']) => ({ word, roundTripMs: now() - started })
    const request = new ListApplicationsRequest()
    request.setLimit(1)
    request.setTenantId(chirpstackTenantId)
    try {
      await call(applications.list.bind(applications), request, deadlineMs)
      return answer('ok')
    } catch (error) {
      const { kind, code } = toNetworkServerError(error)
      if (kind === 'unauthenticated') return answer('unauthenticated')
      return answer(code === 'deadline_exceeded' ? 'timeout' : 'unavailable')
    }
  }
}

interface PresenceParts {
  readonly caller: Caller
  readonly check: NetworkServer['check']
  readonly deadlineMs: number
}

/** With a tenant key an absent object answers as a bad token does; the check tells them apart (LW-028). */
function createPresence(devices: DeviceServiceClient, { caller, check, deadlineMs }: PresenceParts): NetworkServer['isDeviceThere'] {
  return async (devEui) => {
    const request = new GetDeviceRequest()
    request.setDevEui(devEui)
    try {
      await caller(devices.get.bind(devices), request, deadlineMs)
      return true
    } catch (error) {
      const failure = toNetworkServerError(error)
      if (failure.kind === 'absent') return false
      if (failure.kind === 'unauthenticated' && (await check()).word === 'ok') return false
      throw failure
    }
  }
}

function createGatewayList(gateways: GatewayServiceClient, call: Caller, chirpstackTenantId: string): NetworkServer['listGateways'] {
  return () =>
    readPages(toGateway, (offset) => {
      const request = new ListGatewaysRequest()
      request.setLimit(PAGE)
      request.setOffset(offset)
      request.setTenantId(chirpstackTenantId)
      request.setOrderBy(ListGatewaysRequest.OrderBy.GATEWAY_ID)
      return call(gateways.list.bind(gateways), request, LIST_DEADLINE_MS)
    })
}

function addressOf({ url, caFile }: ChirpstackOptions): { address: string; channel: ChannelCredentials } {
  const { protocol, host } = new URL(url)
  if (protocol === 'http:') return { address: host, channel: credentials.createInsecure() }
  return { address: host, channel: credentials.createSsl(caFile === undefined ? null : readFileSync(caFile)) }
}

function toEnqueueRequest({ devEui, fPort, payloadHex, confirmed, expiresAt }: NewQueueItem): EnqueueDeviceQueueItemRequest {
  const item = new DeviceQueueItem()
  item.setDevEui(devEui)
  item.setFPort(fPort)
  item.setData(Buffer.from(payloadHex, 'hex'))
  item.setConfirmed(confirmed)
  item.setExpiresAt(Timestamp.fromDate(new Date(expiresAt)))
  const request = new EnqueueDeviceQueueItemRequest()
  request.setQueueItem(item)
  request.setFlushQueue(true)
  return request
}

const toQueueItem = (item: DeviceQueueItem): QueueItem => ({
  queueItemId: item.getId(),
  fPort: item.getFPort(),
  payloadHex: Buffer.from(item.getData_asU8()).toString('hex'),
  confirmed: item.getConfirmed(),
  isPending: item.getIsPending(),
  expiresAt: item.getExpiresAt()?.toDate().getTime() ?? null,
})

const STATES = { [GatewayState.ONLINE]: 'online', [GatewayState.OFFLINE]: 'offline', [GatewayState.NEVER_SEEN]: 'never_seen' } as const

const toGateway = (item: GatewayListItem): RemoteGatewayView => ({
  gatewayEui: item.getGatewayId().toLowerCase(),
  state: STATES[item.getState()],
  lastSeenAt: item.getLastSeenAt()?.toDate().getTime() ?? null,
})

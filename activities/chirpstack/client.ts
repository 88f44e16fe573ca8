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
import { credentials, Metadata, type ChannelCredentials, type ServiceError } from '@grpc/grpc-js'
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb'
import type { CheckResult, NetworkServer, NewQueueItem, QueueItem, RemoteGatewayView } from '../network-server'
import { createBreaker } from './breaker'
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
const IN_FLIGHT = 8
const PAGE = 100
const CHANNEL = { 'grpc.keepalive_time_ms': 30_000, 'grpc.enable_retries': 0 }

type Unary<Q, A> = (
  request: Q,
  metadata: Metadata,
  options: { deadline: number },
  callback: (error: ServiceError | null, answer?: A) => void,
) => unknown

export function createChirpstackClient(options: ChirpstackOptions): NetworkServer {
  const { deadlineMs, chirpstackTenantId = '', now = Date.now } = options
  const { address, channel } = addressOf(options)
  const devices = new DeviceServiceClient(address, channel, CHANNEL)
  const gateways = new GatewayServiceClient(address, channel, CHANNEL)
  const applications = new ApplicationServiceClient(address, channel, CHANNEL)
  const call = createCaller(options.token, now)

  const getDevice = (devEui: string) => {
    const request = new GetDeviceRequest()
    request.setDevEui(devEui)
    return call(devices.get.bind(devices), request, deadlineMs)
  }

  async function check(): Promise<CheckResult> {
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

  return {
    check,

    async enqueue(item) {
      const answer = await call(devices.enqueue.bind(devices), toEnqueueRequest(item), deadlineMs)
      return answer.getId()
    },

    async queue(devEui) {
      const request = new GetDeviceQueueItemsRequest()
      request.setDevEui(devEui)
      const answer = await call(devices.getQueue.bind(devices), request, deadlineMs)
      return answer.getResultList().map(toQueueItem)
    },

    /** With a tenant key an absent object answers as a bad token does; the check tells them apart (LW-028). */
    async isDeviceThere(devEui) {
      try {
        await getDevice(devEui)
        return true
      } catch (error) {
        const failure = toNetworkServerError(error)
        if (failure.kind === 'absent') return false
        if (failure.kind === 'unauthenticated' && (await check()).word === 'ok') return false
        throw failure
      }
    },

    listGateways: () =>
      readPages(toGateway, async (offset) => {
        const request = new ListGatewaysRequest()
        request.setLimit(PAGE)
        request.setOffset(offset)
        request.setTenantId(chirpstackTenantId)
        request.setOrderBy(ListGatewaysRequest.OrderBy.GATEWAY_ID)
        return call(gateways.list.bind(gateways), request, LIST_DEADLINE_MS)
      }),

    close() {
      for (const client of [devices, gateways, applications]) client.close()
    },
  }
}

function addressOf({ url, caFile }: ChirpstackOptions): { address: string; channel: ChannelCredentials } {
  const { protocol, host } = new URL(url)
  if (protocol === 'http:') return { address: host, channel: credentials.createInsecure() }
  return { address: host, channel: credentials.createSsl(caFile === undefined ? null : readFileSync(caFile)) }
}

/** One call: `Bearer` metadata, a deadline, a place among those in flight, the breaker, and failures by our own names. */
function createCaller(token: string, now: () => number) {
  const metadata = new Metadata()
  metadata.set('authorization', `Bearer ${token}`)
  const breaker = createBreaker(now)
  const places = createPlaces(IN_FLIGHT)
  return <Q, A>(method: Unary<Q, A>, request: Q, limitMs: number): Promise<A> =>
    places(() =>
      breaker.run(
        () =>
          new Promise<A>((resolve, reject) => {
            method(
              request,
              metadata,
              { deadline: Date.now() + limitMs },
              (error, answer) => (error === null ? resolve(answer as A) : reject(toNetworkServerError(error))), // no error, so there is an answer
            )
          }),
      ),
    )
}

/** Waiting for a place is in memory and short: the activity's own time-out bounds it. */
function createPlaces(size: number) {
  const waiting: (() => void)[] = []
  let free = size
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
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

/** A network server in memory with one answer after another as the test says; its queue behaves as LW-Q01 and LW-Q03. */
import { randomUUID } from 'node:crypto'
import type { NetworkServer, NetworkServerError, NewQueueItem, QueueItem, RemoteGatewayView } from '#activities/network-server'

export interface FakeNetworkServer extends NetworkServer {
  /** What the next calls of `enqueue` do: fail before or after the work was done. */
  readonly failures: { readonly when: 'before' | 'after'; readonly error: NetworkServerError }[]
  readonly items: Map<string, QueueItem[]>
  gateways: RemoteGatewayView[] | NetworkServerError
  queueFailure: NetworkServerError | null
  isThere: boolean
  word: 'ok' | 'unauthenticated'
  enqueues: number
}

export function createFakeNetworkServer(): FakeNetworkServer {
  const server: FakeNetworkServer = {
    failures: [],
    items: new Map(),
    gateways: [],
    queueFailure: null,
    isThere: true,
    word: 'ok',
    enqueues: 0,
    async enqueue({ devEui, ...item }: NewQueueItem) {
      server.enqueues++
      const failure = server.failures.shift()
      if (failure?.when === 'before') throw failure.error
      const queueItemId = randomUUID()
      server.items.set(devEui, [{ ...item, queueItemId, isPending: false }])
      if (failure !== undefined) throw failure.error
      return queueItemId
    },
    async queue(devEui) {
      if (server.queueFailure !== null) throw server.queueFailure
      return server.items.get(devEui) ?? []
    },
    isDeviceThere: async () => server.isThere,
    async listGateways() {
      if (server.gateways instanceof Error) throw server.gateways
      return server.gateways
    },
    check: async () => ({ word: server.word, roundTripMs: 1 }),
    close: () => undefined,
  }
  return server
}

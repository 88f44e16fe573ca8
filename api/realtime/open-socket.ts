/** Makes one accepted socket part of the feed: its transport, its limits, its first frame, and its orderly end. */
import type { RawData, WebSocket } from 'ws'
import { isDomainError } from '#domain/shared/domain-error'
import { uuidV7 } from '#runtime/uuid'
import { parseClientMessage, type ClientMessage } from './client-message'
import { CLOSES, type CloseKind } from './close-codes'
import { Connection, type Transport } from './connection'
import type { RealtimeDependencies, SocketIdentity } from './dependencies'
import { connectedFrame, scopeOf } from './frames'
import type { Hub } from './hub'
import { newestCursor } from './replay'
import type { SocketQuota } from './socket-quota'

/** Messages of one socket that wait behind one not answered yet; as many as may come at once (API-891). */
const MAX_WAITING = 40

export interface OpenSocketContext {
  readonly deps: RealtimeDependencies
  readonly hub: Hub
  readonly quota: SocketQuota
  readonly answer: (connection: Connection, message: ClientMessage) => Promise<void>
}

export interface Opening {
  readonly socket: WebSocket
  readonly identity: SocketIdentity
  readonly resumeFrom: string | null
}

/** Ends a socket that never became one of ours: no frame but the close (API-861). It reads on, to hear the peer's close. */
export function closeUnopened(socket: WebSocket, kind: CloseKind): void {
  socket.resume()
  socket.close(CLOSES[kind].code, CLOSES[kind].reason)
}

/** Why an opening failed, from the error that its authentication threw. */
export function closeKindOf(error: unknown): CloseKind {
  return isDomainError(error) && error.code === 'server.unavailable' ? 'overloaded' : 'failed'
}

/** The socket is subscribed to nothing at first; it is known to the hub before its first frame, so that no event falls between. */
export async function openSocket(context: OpenSocketContext, { socket, identity, resumeFrom }: Opening): Promise<void> {
  const { deps, quota } = context
  const id = uuidV7()
  socket.pause() // nothing is read before the first frame is sent
  if (!(await quota.take(id, identity))) {
    deps.metrics.wsDropped.inc({ reason: 'flooded' })
    return closeUnopened(socket, 'flooded')
  }
  const cursor = await cursorAtOpening(deps, identity)
  const now = deps.clock.now()
  const connection = new Connection({ id, transport: transportOf(socket), identity, cursor, resumeFrom, now, onClose })
  const end = once(() => leave(context, connection))
  function onClose(kind: CloseKind): void {
    if (kind !== 'goingAway') deps.metrics.wsDropped.inc({ reason: kind })
    end()
  }
  join(context, connection)
  socket.once('close', () => {
    connection.ended()
    end()
  })
  if (socket.readyState !== socket.OPEN) return end()
  connection.send(connectedFrame(identity.principal, cursor, now))
  listen(context, socket, connection)
  socket.resume()
  // A revocation told between authentication and joining reached nobody.
  if (!(await deps.isStanding(identity.principal))) connection.close('signIn')
}

function join({ hub, deps }: OpenSocketContext, connection: Connection): void {
  hub.add(connection)
  deps.metrics.wsConnections.set(hub.size)
}

function leave({ hub, quota, deps }: OpenSocketContext, connection: Connection): void {
  hub.remove(connection)
  deps.metrics.wsConnections.set(hub.size)
  void quota.release(connection) // tells of its own failure; the place lapses by itself
}

async function cursorAtOpening(deps: RealtimeDependencies, { principal }: SocketIdentity): Promise<string | null> {
  if (scopeOf(principal) === 'platform') return null
  try {
    return await newestCursor(deps.redis, principal.tenantId)
  } catch (error) {
    deps.log.warn({ err: error }, 'feed: opened without a position')
    return null // a feed that cannot resume is better than none
  }
}

/** Messages of one socket are answered one after the other, in their order; their number is bounded, since memory is ours. */
function listen({ deps, answer }: OpenSocketContext, socket: WebSocket, connection: Connection): void {
  let work = Promise.resolve()
  let waiting = 0
  const hear = (data: RawData) => {
    if (waiting >= MAX_WAITING) return connection.close('flooded')
    waiting += 1
    const message = parseClientMessage(data.toString())
    work = work
      .then(() => (connection.isOpen ? answer(connection, message) : undefined))
      .catch((error: unknown) => {
        deps.log.error({ err: error, tenant_id: connection.principal.tenantId }, 'feed: a message could not be answered')
        connection.close(closeKindOf(error))
      })
      .finally(() => {
        waiting -= 1
      })
  }
  const count = () => connection.admitsMessage(deps.clock.now())
  socket.on('message', (data, isBinary) => {
    if (isBinary) return connection.close('binary')
    if (count()) hear(data)
  })
  socket.on('ping', count)
  socket.on('pong', () => connection.pongHeard(deps.clock.now()))
}

function transportOf(socket: WebSocket): Transport {
  return {
    get bufferedAmount() {
      return socket.bufferedAmount
    },
    send: (frame, sent) => socket.send(frame, { binary: false }, () => sent?.()), // a lost peer is told by `close`
    ping: () => socket.ping(),
    close: (code, reason) => socket.close(code, reason),
  }
}

function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    work()
  }
}

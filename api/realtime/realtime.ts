/** The live feed of one api process: sockets on `/ws`, fed from Redis (API §24). */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws'
import { answerMessage } from './answer-message'
import type { RealtimeDependencies } from './dependencies'
import { subscribeToFeed, type FeedListener } from './feed-subscriber'
import { HEARTBEAT_SECONDS, resyncFrame, type ResyncReason } from './frames'
import { authenticateOpening, findUpgradeRefusal, queryValue } from './handshake'
import { Hub } from './hub'
import { closeKindOf, closeUnopened, openSocket, type OpenSocketContext } from './open-socket'
import { refuseUpgrade } from './refuse-upgrade'
import { closeFor } from './revocations'
import { createSocketQuota } from './socket-quota'
import { createStandingCheck, type StandingCheck } from './standing-check'

const TICK_MS = 1000
const RENEW_PLACES_TICKS = HEARTBEAT_SECONDS
/** A revocation is told at once; this bounds how long one that was lost goes unnoticed, at a fifth of a question per session and second. */
const CHECK_STANDING_TICKS = 5

/** `maxPayload` closes 1009, invalid UTF-8 1007; a peer that does not answer a close is gone after five seconds (Q-TRP-70, API-890). */
const SOCKET_OPTIONS: ServerOptions & { closeTimeout: number } = {
  noServer: true,
  perMessageDeflate: false,
  maxPayload: 64 * 1024,
  maxFragments: 64,
  clientTracking: true,
  closeTimeout: 5000,
}

export interface Realtime {
  /** Takes over the server's upgrades. */
  attach(server: Server): void
  /** Refuses new sockets, closes the open ones with 1001 and stops listening; answers when all are gone (OPS-323). */
  close(): Promise<void>
}

export function createRealtime(deps: RealtimeDependencies): Realtime {
  const hub = new Hub()
  const standings = createStandingCheck(deps, hub)
  const quota = createSocketQuota(deps)
  const answering = { deps, liveCursor: (tenantId: string) => hub.cursorOf(tenantId) }
  const context: OpenSocketContext = { deps, hub, quota, answer: (connection, message) => answerMessage(answering, connection, message) }
  const sockets = new WebSocketServer(SOCKET_OPTIONS)
  sockets.on('wsClientError', (_error: Error, socket: Duplex) => refuseUpgrade(socket, 'request.malformed'))
  const feed = subscribeToFeed({ subscriber: deps.subscriber, log: deps.log, listener: createFeedListener(deps, { hub, standings }) })
  const timer = startTicking(context, standings)
  const allowedOrigins = new Set(deps.allowedOrigins.map((origin) => origin.toLowerCase()))
  let isClosing = false

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = isClosing ? 'server.unavailable' : findUpgradeRefusal(request, allowedOrigins)
    if (refusal) return refuseUpgrade(socket, refusal)
    sockets.handleUpgrade(request, socket, head, (opened) => void welcome(context, request, opened))
  }
  return {
    attach: (server) => void server.on('upgrade', onUpgrade),
    close: async () => {
      isClosing = true
      clearInterval(timer)
      await feed.stop()
      for (const connection of hub.all()) connection.close('goingAway')
      await allGone(sockets)
    },
  }
}

/** Authenticates an opened socket and joins it to the feed, or closes it without any other frame (API-861). */
async function welcome(context: OpenSocketContext, request: IncomingMessage, socket: WebSocket): Promise<void> {
  const { deps } = context
  socket.on('error', (error) => deps.log.debug({ err: error }, 'feed: a socket broke the protocol')) // `ws` closes it itself
  socket.pause()
  try {
    const identity = await authenticateOpening(request, deps)
    if (identity === null) return closeUnopened(socket, 'signIn')
    await openSocket(context, { socket, identity, resumeFrom: queryValue(request, 'cursor') })
  } catch (error) {
    deps.log.warn({ err: error }, 'feed: an opening failed')
    closeUnopened(socket, closeKindOf(error))
  }
}

function createFeedListener(
  { metrics, clock }: RealtimeDependencies,
  { hub, standings }: { hub: Hub; standings: StandingCheck },
): FeedListener {
  const tellAll = (reason: ResyncReason) => hub.all().forEach((connection) => connection.send(resyncFrame(reason)))
  return {
    onEvent: (frame) => {
      const sent = hub.publish(frame)
      for (const [channel, frames] of sent) metrics.wsMessages.inc({ channel }, frames)
      if (sent.size > 0) metrics.wsDelivery.observe((clock.now() - frame.event.at) / 1000)
    },
    onRevocation: (revocation) => {
      for (const connection of hub.all()) {
        const kind = closeFor(connection.principal, revocation)
        if (kind) connection.close(kind)
      }
    },
    onInterrupted: () => tellAll('feed_interrupted'),
    onRestored: () => {
      tellAll('feed_restored')
      void standings.checkAll('overloaded') // tells of its own failures; the client comes back and is authenticated anew
    },
  }
}

function startTicking({ deps, hub, quota }: OpenSocketContext, standings: StandingCheck): NodeJS.Timeout {
  let ticks = 0
  return setInterval(() => {
    ticks += 1
    const now = deps.clock.now()
    const open = hub.all()
    for (const connection of open) connection.tick(now)
    if (ticks % RENEW_PLACES_TICKS === 0) void quota.renew(open.filter(({ isOpen }) => isOpen)) // tells of its own failure
    if (ticks % CHECK_STANDING_TICKS === 0) void standings.checkInTurn() // tells of its own failures
  }, TICK_MS)
}

/** Waits for the close handshakes; `ws` ends those that never answer. */
async function allGone(sockets: WebSocketServer): Promise<void> {
  await Promise.all([...sockets.clients].map((socket) => new Promise((gone) => socket.once('close', gone))))
  sockets.close()
}

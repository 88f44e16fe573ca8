/** The state of one open socket: whose it is, what it subscribed to, and whether its reader keeps up. */
import type { Principal } from '#domain/authorization/principal'
import type { Instant } from '#domain/shared/instant'
import { isUnasked } from './channels'
import { CLOSES, type CloseKind } from './close-codes'
import type { SocketIdentity } from './dependencies'
import type { EventFrame } from './event-frame'
import { authExpiringFrame, HEARTBEAT_SECONDS, type ServerFrame } from './frames'
import { Patience } from './patience'
import { TokenBucket } from './token-bucket'

/** What a socket can do; `ws` in the product, an array in tests. */
export interface Transport {
  readonly bufferedAmount: number
  send(frame: string | Buffer, sent?: () => void): void
  ping(): void
  close(code: number, reason: string): void
}

export const MAX_SUBSCRIPTIONS = 100
const MAX_ERRORS = 100
const MESSAGES_PER_SECOND = 20
const MESSAGE_BURST = 40
const PING_AFTER_MS = HEARTBEAT_SECONDS * 1000
const SILENT_AFTER_MS = 60_000
const WARN_BEFORE_EXPIRY_MS = 60_000
const UNSENT_BYTES = 1024 * 1024
const UNSENT_FOR_MS = 10_000
/** Far beyond a slow reader: memory is ours, so nobody waits ten seconds for this (API-895 sets the softer bound). */
const UNSENT_BYTES_AT_ONCE = 8 * UNSENT_BYTES
/** Events kept back while an earlier part of the stream is replayed. */
const MAX_HELD = 10_000

export interface ConnectionOptions {
  readonly id: string
  readonly transport: Transport
  readonly identity: SocketIdentity
  /** Position of the tenant's stream at the opening; null in platform scope and when Redis is away. */
  readonly cursor: string | null
  /** From the query string: where the first subscription resumes (API-883). */
  readonly resumeFrom: string | null
  readonly now: Instant
  /** Told once, before the transport is closed. */
  readonly onClose: (kind: CloseKind) => void
}

export class Connection {
  readonly id: string
  readonly channels = new Set<string>()
  cursor: string | null
  resumeFrom: string | null
  private identity: SocketIdentity
  private held: EventFrame[] | null = null
  private errors = 0
  private closed = false
  private warned = false
  private pingedAt: Instant
  private heardAt: Instant
  /** Ends the wait for the replayed frame that the reader has not taken yet. */
  private endWait: (() => void) | null = null
  private readonly fullPatience = new Patience(UNSENT_FOR_MS)
  private readonly replayPatience = new Patience(UNSENT_FOR_MS)
  private readonly messages: TokenBucket
  private readonly transport: Transport
  private readonly onClose: (kind: CloseKind) => void

  constructor(options: ConnectionOptions) {
    this.id = options.id
    this.transport = options.transport
    this.identity = options.identity
    this.cursor = options.cursor
    this.resumeFrom = options.resumeFrom
    this.onClose = options.onClose
    this.pingedAt = options.now
    this.heardAt = options.now
    this.messages = new TokenBucket(MESSAGES_PER_SECOND, MESSAGE_BURST, options.now)
  }

  get principal(): Principal {
    return this.identity.principal
  }

  get isOpen(): boolean {
    return !this.closed
  }

  /** Takes the identity of a fresh token; the caller has compared it with the old one (API-884). */
  renew(identity: SocketIdentity): void {
    this.identity = identity
    this.warned = false
  }

  send(frame: ServerFrame): void {
    if (this.isOpen) this.transport.send(JSON.stringify(frame))
  }

  /** An error answer; a client that only makes errors is closed (API-891). */
  refuse(frame: ServerFrame): void {
    this.send(frame)
    this.errors += 1
    if (this.errors > MAX_ERRORS) this.close('flooded')
  }

  /** Sends the event when it is subscribed to; answers the channel it went by, undefined when it did not. */
  deliver(frame: EventFrame): string | null | undefined {
    const channel = this.channelOf(frame)
    if (channel === undefined || this.closed) return undefined
    if (this.held === null) this.transport.send(frame.bytesFor(channel))
    else this.hold(this.held, frame)
    return channel
  }

  /** Sends a replayed event past the hold and answers when the reader's kernel has it or the socket has ended. */
  replay(frame: EventFrame, channel: string): Promise<void> {
    if (this.closed) return Promise.resolve()
    this.replayPatience.restart()
    return new Promise((resolve) => {
      this.endWait = () => {
        this.endWait = null
        resolve()
      }
      this.transport.send(frame.bytesFor(channel), this.endWait)
    })
  }

  /** From now on live events wait, so that what was missed comes first. */
  holdBack(): void {
    this.held = []
  }

  /** Sends what waited, but for what `wasReplayed`. */
  letGo(wasReplayed: (frame: EventFrame) => boolean): void {
    const waiting = this.held ?? []
    this.held = null
    for (const frame of waiting) if (!wasReplayed(frame)) this.deliver(frame)
  }

  pongHeard(now: Instant): void {
    this.heardAt = now
  }

  /** Whether one more message is within the budget; closes the socket when it is not (API-891). */
  admitsMessage(now: Instant): boolean {
    if (this.isOpen && !this.messages.take(now)) this.close('flooded')
    return this.isOpen
  }

  /** Once a second: ends what must end, warns and pings (API-884, API-894, API-895). */
  tick(now: Instant): void {
    const due = this.dueClose(now)
    if (due !== null) return this.close(due)
    if (!this.warned && now >= this.identity.expiresAt - WARN_BEFORE_EXPIRY_MS) {
      this.warned = true
      this.send(authExpiringFrame(this.identity.expiresAt))
    }
    if (now - this.pingedAt >= PING_AFTER_MS) {
      this.pingedAt = now
      this.transport.ping()
    }
  }

  close(kind: CloseKind): void {
    if (this.closed) return
    this.ended()
    this.onClose(kind)
    this.transport.close(CLOSES[kind].code, CLOSES[kind].reason)
  }

  /** The peer is gone: nothing is sent any more. */
  ended(): void {
    this.closed = true
    this.held = null
    this.endWait?.()
  }

  private dueClose(now: Instant): CloseKind | null {
    if (now >= this.identity.expiresAt) return 'signIn'
    if (now - this.heardAt > SILENT_AFTER_MS) return 'silent'
    return this.isTooSlow(now) ? 'slow' : null
  }

  private isTooSlow(now: Instant): boolean {
    const unsent = this.transport.bufferedAmount
    const isFull = this.fullPatience.isOver(unsent > UNSENT_BYTES, now)
    const isStuck = this.replayPatience.isOver(this.endWait !== null, now) // one frame at a time: far below any number of bytes
    return isFull || isStuck || unsent > UNSENT_BYTES_AT_ONCE
  }

  /** The first of the event's channels that is subscribed to; null for what is sent unasked. */
  private channelOf({ event }: EventFrame): string | null | undefined {
    if (isUnasked(event.type)) return event.channels[0] ?? null
    return event.channels.find((channel) => this.channels.has(channel))
  }

  private hold(held: EventFrame[], frame: EventFrame): void {
    if (held.length >= MAX_HELD) this.close('slow')
    else held.push(frame)
  }
}

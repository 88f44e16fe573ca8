/** What the feed needs from the rest of the process; every one is an argument (H-63). */
import type { Redis } from 'ioredis'
import type { Principal } from '#domain/authorization/principal'
import type { ErrorCode } from '#domain/shared/error-codes'
import type { Instant } from '#domain/shared/instant'
import type { Clock } from '#runtime/clock'
import type { Logger } from '#runtime/logger'
import type { Metrics } from '#runtime/metrics'

/** An authenticated opening. `expiresAt`: when the credential ends; `maxSockets`: the tenant's limit (API-283, API-893). */
export interface SocketIdentity {
  readonly principal: Principal
  readonly expiresAt: Instant
  readonly maxSockets: number
}

export type ChannelAnswer = { readonly ok: true } | { readonly ok?: false; readonly code: ErrorCode }

/** Method syntax on purpose: implementations may narrow `subject` to the vocabulary of `domain/authorization`. */
export interface RealtimeDependencies {
  /** Commands; must not be in subscriber mode. */
  readonly redis: Redis
  /** Used by the feed alone; waits for ever when Redis is away (Q-TRP-50). */
  readonly subscriber: Redis
  /** The principal of a single-use ticket, consumed by this call; null when missing, used, expired or out of standing (API-861). */
  authenticateTicket(ticket: string): Promise<SocketIdentity | null>
  /** The principal of an access token; null for anything else (API-861). */
  authenticateToken(jwt: string): Promise<SocketIdentity | null>
  /** Whether the principal may still act; asked after a gap in which a revocation may have been missed (D-14). */
  isStanding(principal: Principal): Promise<boolean>
  /** Whether the principal sees the site or space that `spaces:<id>` or `space:<id>` names; asked for those channels only. */
  resolveChannel(principal: Principal, channel: string): Promise<ChannelAnswer>
  /** By type, from the one vocabulary (H-21). */
  can(principal: Principal, subject: string, action: string): boolean
  readonly log: Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>
  readonly metrics: Pick<Metrics, 'wsConnections' | 'wsMessages' | 'wsDropped' | 'wsDelivery'>
  /** Origins whose pages may open a socket, the own one included; compared exactly. */
  readonly allowedOrigins: readonly string[]
  readonly clock: Clock
}

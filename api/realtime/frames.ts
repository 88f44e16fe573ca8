/** Every frame the server sends but events, in wire spelling (API-862, API-880 to API-885). */
import type { ErrorCode } from '#domain/shared/error-codes'
import { toIso, type Instant } from '#domain/shared/instant'
import type { Principal } from '#domain/authorization/principal'

export const HEARTBEAT_SECONDS = 30

/** Texts of clients come back shortened, so that an answer never outgrows its question. */
const ECHO_LENGTH = 100

export type ServerFrame = Readonly<Record<string, unknown>>

/** Why a client must refetch by REST instead of being told what it missed (API-883). */
export type ResyncReason = 'unknown_cursor' | 'too_old' | 'too_many' | 'platform_scope' | 'feed_interrupted' | 'feed_restored'

export const echo = (text: string): string => text.slice(0, ECHO_LENGTH)

export function scopeOf(principal: Principal): 'tenant' | 'platform' {
  return principal.kind === 'user' ? principal.scope : 'tenant'
}

export function connectedFrame(principal: Principal, cursor: string | null, now: Instant): ServerFrame {
  return {
    type: 'connected',
    message: 'WebSocket connection established',
    tenant_id: principal.tenantId,
    scope: scopeOf(principal),
    channels: [],
    cursor,
    server_time: toIso(now),
    timestamp: toIso(now),
    heartbeat_seconds: HEARTBEAT_SECONDS,
  }
}

export const pongFrame = (now: Instant): ServerFrame => ({ type: 'pong', timestamp: toIso(now) })

export const subscribedFrame = (channel: string, cursor: string | null): ServerFrame => ({
  type: 'subscribed',
  channel,
  message: `Subscribed to ${channel}`,
  cursor,
})

export const unsubscribedFrame = (channel: string): ServerFrame => ({
  type: 'unsubscribed',
  channel: echo(channel),
  message: `Unsubscribed from ${echo(channel)}`,
})

export const resumedFrame = (cursor: string, replayed: number): ServerFrame => ({ type: 'resumed', cursor, replayed })

export const resyncFrame = (reason: ResyncReason): ServerFrame => ({ type: 'resync', reason })

export const authenticatedFrame = (expiresAt: Instant): ServerFrame => ({ type: 'authenticated', expires_at: toIso(expiresAt) })

export const authExpiringFrame = (expiresAt: Instant): ServerFrame => ({ type: 'auth_expiring', expires_at: toIso(expiresAt) })

export const errorFrame = (message: string): ServerFrame => ({ type: 'error', message })

export const refusedFrame = (code: ErrorCode, channel: string, message: string): ServerFrame => ({
  type: 'error',
  code,
  channel: echo(channel),
  message,
})

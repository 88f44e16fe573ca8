/** Single-use tickets that open a socket, so that no token stands in a URL (API-218, DOM-1107). */
import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { UserPrincipal } from '#domain/authorization/principal'
import { DomainError } from '#domain/shared/domain-error'

export const TICKET_SECONDS = 30
const TICKET_BYTES = 24
const TICKET = /^wst_[A-Za-z0-9_-]{20,64}$/

export interface TicketHolder {
  readonly principal: UserPrincipal
  /** When the session's access token would have ended: the socket lasts as long. */
  readonly expiresAt: number
}

export interface SocketTickets {
  issue(holder: TicketHolder): Promise<string>
  /** Null for an unknown, used or expired ticket. */
  take(ticket: string): Promise<TicketHolder | null>
}

const keyOf = (ticket: string): string => `ws:ticket:${ticket}`

export function createSocketTickets(redis: Redis): SocketTickets {
  return {
    async issue(holder) {
      const ticket = `wst_${randomBytes(TICKET_BYTES).toString('base64url')}`
      try {
        await redis.set(keyOf(ticket), JSON.stringify(holder), 'EX', TICKET_SECONDS)
      } catch (cause) {
        throw new DomainError('server.unavailable', { cause, extra: { dependency: 'redis' } })
      }
      return ticket
    },
    async take(ticket) {
      if (!TICKET.test(ticket)) return null
      const stored = await redis.getdel(keyOf(ticket))
      return stored === null ? null : (JSON.parse(stored) as TicketHolder) // written by `issue` above
    },
  }
}

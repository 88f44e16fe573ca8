/** Who may open a socket, hold it, and listen to one site or space (API-861, API-870): the feed's questions, answered by the same rules as REST. */
import { createAbility } from '#domain/authorization/abilities'
import { isAllowed } from '#domain/authorization/assert-allowed'
import type { Principal } from '#domain/authorization/principal'
import type { ErrorCode } from '#domain/shared/error-codes'
import type { Authenticator } from '../../middleware/authenticate'
import type { Credential } from '../../middleware/call'
import type { Reads } from '../shared/reads'
import type { TenantBudgets } from '../shared/tenant-budgets'
import type { Standings } from './standings'
import type { SocketTickets } from './ws-ticket'

export interface SocketIdentity extends Credential {
  readonly maxSockets: number
}

export interface SocketIdentities {
  authenticateTicket(ticket: string): Promise<SocketIdentity | null>
  authenticateToken(jwt: string): Promise<SocketIdentity | null>
  isStanding(principal: Principal): Promise<boolean>
  resolveChannel(principal: Principal, channel: string): Promise<{ readonly ok: true } | { readonly code: ErrorCode }>
  can(principal: Principal, subject: string, action: string): boolean
}

export interface SocketIdentitiesDeps {
  readonly authenticator: Authenticator
  readonly standings: Standings
  readonly tickets: SocketTickets
  readonly budgets: TenantBudgets
  readonly reads: Reads
}

const CHANNEL = /^(spaces|space):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/
const NOT_FOUND = { code: 'resource.not_found' } as const

export function createSocketIdentities({ authenticator, standings, tickets, budgets, reads }: SocketIdentitiesDeps): SocketIdentities {
  const withPlaces = async (credential: Credential | null): Promise<SocketIdentity | null> =>
    credential === null ? null : { ...credential, maxSockets: (await budgets.allowanceOf(credential.principal.tenantId)).maxSockets }

  return {
    async authenticateTicket(ticket) {
      const holder = await tickets.take(ticket)
      return holder === null || !(await standings.isStanding(holder.principal)) ? null : withPlaces(holder)
    },
    authenticateToken: async (jwt) => withPlaces(await authenticator.authenticate(jwt)),
    isStanding: async (principal) => principal.kind === 'user' && standings.isStanding(principal),
    async resolveChannel(principal, channel) {
      const [, kind, id] = CHANNEL.exec(channel) ?? []
      if (id === undefined || principal.kind !== 'user') return NOT_FOUND
      const row = await reads.read<unknown>(principal, ({ sites, spaces }) => (kind === 'spaces' ? sites.get(id) : spaces.get(id)))
      return row === null ? NOT_FOUND : { ok: true }
    },
    can: (principal, subject, action) => isAllowed({ principal, ability: createAbility(principal) }, { subject, action }),
  }
}

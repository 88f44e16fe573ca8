/** Answers what a client says (API-880 to API-885): one handler per message type. */
import type { Principal } from '#domain/authorization/principal'
import type { ErrorCode } from '#domain/shared/error-codes'
import { parseChannel, type Channel } from './channels'
import type { ClientMessage } from './client-message'
import { MAX_SUBSCRIPTIONS, type Connection } from './connection'
import type { RealtimeDependencies, SocketIdentity } from './dependencies'
import { authenticatedFrame, errorFrame, pongFrame, refusedFrame, scopeOf, subscribedFrame, unsubscribedFrame } from './frames'
import { replay } from './replay'

type Say<T extends ClientMessage['type']> = Extract<ClientMessage, { type: T }>
type Handlers = { readonly [T in ClientMessage['type']]: (connection: Connection, message: Say<T>) => void | Promise<void> }

export interface AnswerDependencies {
  readonly deps: Pick<RealtimeDependencies, 'redis' | 'clock' | 'can' | 'resolveChannel' | 'authenticateToken'>
  /** The newest position of the tenant's stream that this process heard live. */
  readonly liveCursor: (tenantId: string) => string | null
}

const MESSAGE_BY_CODE: Partial<Record<ErrorCode, string>> = {
  'resource.not_found': 'There is no such channel',
  'permission.role': 'Your role does not allow this channel',
  'permission.scope': 'The key does not allow this channel',
  'limit.exceeded': `A socket has at most ${MAX_SUBSCRIPTIONS} subscriptions`,
}

/** Answers one message; the caller keeps the messages of one socket in order. */
export function createAnswerer({ deps, liveCursor }: AnswerDependencies) {
  const handlers: Handlers = {
    ping: (connection) => connection.send(pongFrame(deps.clock.now())),
    refused: (connection, { message }) => connection.refuse(errorFrame(message)),
    subscribe: async (connection, { channels, cursor }) => {
      const added = new Set<string>()
      for (const text of channels) {
        if (!connection.isOpen) return
        const name = await subscribe(connection, text)
        if (name !== null) added.add(name)
      }
      const from = cursor ?? connection.resumeFrom
      if (from === null || added.size === 0) return
      connection.resumeFrom = null
      await replay(deps, { connection, cursor: from, channels: added })
    },
    unsubscribe: (connection, { channels }) => {
      for (const text of channels) {
        const name = parseChannel(text)?.name ?? text
        connection.channels.delete(name)
        connection.send(unsubscribedFrame(name))
      }
    },
    resume: (connection, { cursor }) => replay(deps, { connection, cursor, channels: new Set(connection.channels) }),
    auth: async (connection, { token }) => {
      const identity = await deps.authenticateToken(token)
      if (identity === null) return connection.refuse({ ...errorFrame('The token is not accepted'), code: 'auth.invalid_token' })
      if (!isSameStanding(connection.principal, identity)) return connection.close('forbidden')
      connection.renew(identity)
      dropForbidden(connection)
      connection.send(authenticatedFrame(identity.expiresAt))
    },
  }

  async function subscribe(connection: Connection, text: string): Promise<string | null> {
    const channel = parseChannel(text)
    const code = await findRefusal(connection, channel)
    if (channel === null || code !== null) {
      const refused = code ?? 'resource.not_found'
      connection.refuse(refusedFrame(refused, text, MESSAGE_BY_CODE[refused] ?? 'The channel is refused'))
      return null
    }
    connection.channels.add(channel.name)
    const { tenantId } = connection.principal
    const cursor = scopeOf(connection.principal) === 'platform' ? null : (liveCursor(tenantId) ?? connection.cursor)
    connection.send(subscribedFrame(channel.name, cursor))
    return channel.name
  }

  async function findRefusal(connection: Connection, channel: Channel | null): Promise<ErrorCode | null> {
    if (channel === null) return 'resource.not_found'
    const { principal, channels } = connection
    if (!deps.can(principal, channel.subject, 'read')) return principal.kind === 'api_key' ? 'permission.scope' : 'permission.role'
    if (channels.has(channel.name)) return null
    if (channels.size >= MAX_SUBSCRIPTIONS) return 'limit.exceeded'
    if (channel.names === 'collection') return null
    const answer = await deps.resolveChannel(principal, channel.name)
    return answer.ok === true ? null : answer.code
  }

  /** A fresh token may carry a smaller role: what it cannot read is unsubscribed at once. */
  function dropForbidden(connection: Connection): void {
    for (const name of connection.channels) {
      const channel = parseChannel(name)
      if (channel && deps.can(connection.principal, channel.subject, 'read')) continue
      connection.channels.delete(name)
      connection.send(unsubscribedFrame(name))
    }
  }

  return async (connection: Connection, message: ClientMessage): Promise<void> => {
    // The table is typed per message; TypeScript cannot see that key and argument belong together.
    const handle = handlers[message.type] as (connection: Connection, message: ClientMessage) => void | Promise<void>
    await handle(connection, message)
  }
}

function isSameStanding(principal: Principal, { principal: fresh }: SocketIdentity): boolean {
  const sameOwner = principal.kind === 'user' && fresh.kind === 'user' && principal.userId === fresh.userId
  return sameOwner && principal.tenantId === fresh.tenantId && scopeOf(principal) === scopeOf(fresh)
}

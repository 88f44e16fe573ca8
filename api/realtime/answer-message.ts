/** Answers what a client says (API-880 to API-885): one handler per message type. */
import type { Principal } from '#domain/authorization/principal'
import { parseChannel } from './channels'
import type { ClientMessage } from './client-message'
import type { Connection } from './connection'
import type { RealtimeDependencies, SocketIdentity } from './dependencies'
import { authenticatedFrame, errorFrame, pongFrame, scopeOf, unsubscribedFrame } from './frames'
import { replay } from './replay'
import { dropForbidden, subscribe, type SubscribeDependencies } from './subscribe'

export interface AnswerDependencies extends SubscribeDependencies {
  readonly deps: Pick<RealtimeDependencies, 'redis' | 'clock' | 'log' | 'can' | 'resolveChannel' | 'authenticateToken'>
}

type Say<T extends ClientMessage['type']> = Extract<ClientMessage, { type: T }>
type Handler<T extends ClientMessage['type']> = (
  context: AnswerDependencies,
  connection: Connection,
  message: Say<T>,
) => void | Promise<void>

const HANDLERS: { readonly [T in ClientMessage['type']]: Handler<T> } = {
  ping: ({ deps }, connection) => connection.send(pongFrame(deps.clock.now())),
  refused: (_context, connection, { message }) => connection.refuse(errorFrame(message)),
  subscribe: subscribeAll,
  unsubscribe: unsubscribeAll,
  resume: ({ deps }, connection, { cursor }) => replay(deps, { connection, cursor, channels: new Set(connection.channels) }),
  auth: renewIdentity,
}

/** Answers one message; the caller keeps the messages of one socket in order. */
export async function answerMessage(context: AnswerDependencies, connection: Connection, message: ClientMessage): Promise<void> {
  // The table is typed per message; TypeScript cannot see that key and argument belong together.
  const handle = HANDLERS[message.type] as Handler<ClientMessage['type']>
  await handle(context, connection, message)
}

async function subscribeAll(context: AnswerDependencies, connection: Connection, { channels, cursor }: Say<'subscribe'>): Promise<void> {
  const added = new Set<string>()
  for (const text of channels) {
    if (!connection.isOpen) return
    const name = await subscribe(context, connection, text)
    if (name !== null) added.add(name)
  }
  const from = cursor ?? connection.resumeFrom
  if (from === null || added.size === 0) return
  connection.resumeFrom = null
  await replay(context.deps, { connection, cursor: from, channels: added })
}

function unsubscribeAll(_context: AnswerDependencies, connection: Connection, { channels }: Say<'unsubscribe'>): void {
  for (const text of channels) {
    const name = parseChannel(text)?.name ?? text
    connection.channels.delete(name)
    connection.send(unsubscribedFrame(name))
  }
}

async function renewIdentity({ deps }: AnswerDependencies, connection: Connection, { token }: Say<'auth'>): Promise<void> {
  const identity = await deps.authenticateToken(token)
  if (identity === null) return connection.refuse({ ...errorFrame('The token is not accepted'), code: 'auth.invalid_token' })
  if (!isSamePerson(connection.principal, identity)) return connection.close('forbidden')
  connection.renew(identity)
  dropForbidden(deps, connection)
  connection.send(authenticatedFrame(identity.expiresAt))
}

function isSamePerson(principal: Principal, { principal: fresh }: SocketIdentity): boolean {
  const sameUser = principal.kind === 'user' && fresh.kind === 'user' && principal.userId === fresh.userId
  return sameUser && principal.tenantId === fresh.tenantId && scopeOf(principal) === scopeOf(fresh)
}

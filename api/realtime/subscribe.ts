/** Subscribing to one channel: does it exist, may this socket read it, has it room for one more (API-881, API-892). */
import type { ErrorCode } from '#domain/shared/error-codes'
import { parseChannel, type Channel } from './channels'
import { MAX_SUBSCRIPTIONS, type Connection } from './connection'
import type { RealtimeDependencies } from './dependencies'
import { refusedFrame, scopeOf, subscribedFrame, unsubscribedFrame } from './frames'

export interface SubscribeDependencies {
  readonly deps: Pick<RealtimeDependencies, 'can' | 'resolveChannel'>
  /** The newest position of the tenant's stream that this process heard live. */
  readonly liveCursor: (tenantId: string) => string | null
}

const MESSAGE_BY_CODE: Partial<Record<ErrorCode, string>> = {
  'resource.not_found': 'There is no such channel',
  'permission.role': 'Your role does not allow this channel',
  'permission.scope': 'The key does not allow this channel',
  'limit.exceeded': `A socket has at most ${MAX_SUBSCRIPTIONS} subscriptions`,
}

/** Answers the client either way; the channel's name when it is subscribed now, null when it was refused. */
export async function subscribe(context: SubscribeDependencies, connection: Connection, text: string): Promise<string | null> {
  const channel = parseChannel(text)
  const code = channel === null ? 'resource.not_found' : await findRefusal(context.deps, connection, channel)
  if (channel === null || code !== null) {
    const refused = code ?? 'resource.not_found'
    connection.refuse(refusedFrame(refused, text, MESSAGE_BY_CODE[refused] ?? 'The channel is refused'))
    return null
  }
  connection.channels.add(channel.name)
  connection.send(subscribedFrame(channel.name, cursorOf(context, connection)))
  return channel.name
}

/** A fresh token may carry a smaller role: what it cannot read is unsubscribed at once. */
export function dropForbidden({ can }: Pick<RealtimeDependencies, 'can'>, connection: Connection): void {
  for (const name of connection.channels) {
    const channel = parseChannel(name)
    if (channel && can(connection.principal, channel.subject, 'read')) continue
    connection.channels.delete(name)
    connection.send(unsubscribedFrame(name))
  }
}

/** By type first, then room, then the row: the order of API-018. */
async function findRefusal(deps: SubscribeDependencies['deps'], connection: Connection, channel: Channel): Promise<ErrorCode | null> {
  const { principal, channels } = connection
  if (!deps.can(principal, channel.subject, 'read')) return principal.kind === 'api_key' ? 'permission.scope' : 'permission.role'
  if (channels.has(channel.name)) return null
  if (channels.size >= MAX_SUBSCRIPTIONS) return 'limit.exceeded'
  if (channel.names === 'collection') return null
  const answer = await deps.resolveChannel(principal, channel.name)
  return answer.ok === true ? null : answer.code
}

/** Whatever comes after this position is delivered live or found by resuming from it; platform scope has no stream of its own. */
function cursorOf({ liveCursor }: SubscribeDependencies, { principal, cursor }: Connection): string | null {
  return scopeOf(principal) === 'platform' ? null : (liveCursor(principal.tenantId) ?? cursor)
}

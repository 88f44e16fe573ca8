/** Looks again at everybody who holds a socket: a revocation that nobody told ends it all the same (D-14, API-896). */
import type { Principal } from '#domain/authorization/principal'
import type { CloseKind } from './close-codes'
import type { Connection } from './connection'
import type { RealtimeDependencies } from './dependencies'
import type { Hub } from './hub'

/** What becomes of a socket whose standing cannot be looked at; null keeps it until the next look. */
type WhenUnknown = Extract<CloseKind, 'overloaded'> | null

/** Each is a question to the database: the requests of the process come first. */
const SESSIONS_AT_ONCE = 4

export interface StandingCheck {
  /** Every socket of the process; its failures are told to the log, once. */
  checkAll(whenUnknown: WhenUnknown): Promise<void>
  /** As `checkAll`, and keeps whom it cannot look at; does nothing while the last one still runs. */
  checkInTurn(): Promise<void>
}

export function createStandingCheck({ isStanding, log }: Pick<RealtimeDependencies, 'isStanding' | 'log'>, hub: Hub): StandingCheck {
  const checkAll = async (whenUnknown: WhenUnknown): Promise<void> => {
    const failures: unknown[] = []
    const closeOf = async (principal: Principal): Promise<CloseKind | null> => {
      try {
        return (await isStanding(principal)) ? null : 'signIn'
      } catch (error) {
        failures.push(error)
        return whenUnknown
      }
    }
    const sessions = bySession(hub.all()).values()
    const checkNext = async () => {
      for (const connections of sessions) {
        const kind = await closeOf(connections[0].principal)
        if (kind !== null) connections.forEach((connection) => connection.close(kind))
      }
    }
    await Promise.all(Array.from({ length: SESSIONS_AT_ONCE }, checkNext)) // all take from the same iterator
    if (failures.length > 0) log.warn({ err: failures[0], sessions: failures.length }, 'feed: standings could not be looked at')
  }
  let isRunning = false
  return {
    checkAll,
    async checkInTurn() {
      if (isRunning) return
      isRunning = true
      await checkAll(null).finally(() => {
        isRunning = false
      })
    },
  }
}

/** All sockets of a session stand or fall together, so they are looked at once. */
function bySession(connections: readonly Connection[]): Map<string, [Connection, ...Connection[]]> {
  const groups = new Map<string, [Connection, ...Connection[]]>()
  for (const connection of connections) {
    const key = sessionOf(connection.principal)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [connection])
    else group.push(connection)
  }
  return groups
}

function sessionOf(principal: Principal): string {
  const { tenantId } = principal
  return principal.kind === 'user' ? `${tenantId}/${principal.userId}/${principal.sessionId}` : `${tenantId}/${principal.apiKeyId}`
}

/** Whose device an event is about, remembered for a minute per (application, EUI) (DOM-903, DOM-1105). */
import type { IngestRepositories, IngestRoute, RouteQuery } from './rows'

export interface RouteCache {
  /** One route per query, in their order; what is not known is asked for in one statement. */
  resolve(registry: IngestRepositories['registry'], queries: readonly RouteQuery[]): Promise<IngestRoute[]>
  /** A device has moved or is gone: the next look asks again. */
  forget(query: RouteQuery): void
  /** Everything, e.g. on `ingest:invalidate`. */
  clear(): void
}

interface Entry {
  readonly route: IngestRoute
  readonly expiresAt: number
}

const TTL_MS = 60_000
const MAX_ENTRIES = 100_000

const keyOf = ({ applicationId, nsTenantId, devEui }: RouteQuery): string => `${applicationId}/${nsTenantId ?? ''}/${devEui}`

export function createRouteCache(now: () => number): RouteCache {
  const entries = new Map<string, Entry>()

  function recall(query: RouteQuery): IngestRoute | null {
    const entry = entries.get(keyOf(query))
    if (entry === undefined || entry.expiresAt <= now()) return null
    return entry.route
  }

  /** Only routes to a device: who is unknown now may be registered in the next second. */
  function remember(query: RouteQuery, route: IngestRoute): void {
    if (route.deviceId === null || route.isForeign) return
    if (entries.size >= MAX_ENTRIES) entries.clear()
    entries.set(keyOf(query), { route, expiresAt: now() + TTL_MS })
  }

  return {
    async resolve(registry, queries) {
      const known = queries.map(recall)
      const missing = queries.filter((_, index) => known[index] === null)
      const answers = missing.length === 0 ? [] : await registry.resolve(missing)
      missing.forEach((query, index) => {
        const answer = answers[index]
        if (answer !== undefined) remember(query, answer)
      })
      let next = 0
      return known.map((route) => route ?? (answers[next++] as IngestRoute)) // one answer per missing query
    },
    forget: (query) => void entries.delete(keyOf(query)),
    clear: () => entries.clear(),
  }
}

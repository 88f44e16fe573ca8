/** Sorts a micro-batch by whom its messages concern: known devices, orphans, another tenant's devices, nobody (DOM-903). */
import { createHash } from 'node:crypto'
import type { NormalisedEvent } from './normalised-event'
import { MAX_MESSAGE_BYTES, type ParsedMessage, type RawMessage, type Rejection } from './parse-event'
import type { DeviceEvent } from './plan-batch'
import type { RouteCache } from './route-cache'
import type { DeadLetterRow, IngestDevice, IngestRepositories, IngestRoute, RouteQuery } from './rows'

export interface BatchItem {
  readonly raw: RawMessage
  readonly parsed: ParsedMessage
}

/** An event of a tenant about a device that it does not hold. */
export interface StrayEvent {
  readonly tenantId: string
  readonly event: NormalisedEvent
}

export interface SortedBatch {
  readonly known: readonly DeviceEvent[]
  readonly orphaned: readonly StrayEvent[]
  readonly foreign: readonly StrayEvent[]
  readonly deadLetters: readonly DeadLetterRow[]
}

export interface SortContext {
  readonly registry: IngestRepositories['registry']
  readonly routes: RouteCache
  /** Holds what no tenant is linked to (D-52). */
  readonly platformTenantId: string
  readonly source: 'mqtt' | 'webhook'
}

export async function sortBatch(items: readonly BatchItem[], context: SortContext): Promise<SortedBatch> {
  const events = items.flatMap(({ parsed }) => (parsed.ok ? [parsed.event] : []))
  const rejected = items.flatMap(({ raw, parsed }) => (parsed.ok ? [] : [{ raw, rejection: parsed }]))
  const routes = await context.routes.resolve(context.registry, events)
  const routed = events.map((event, index) => ({ event, route: routes[index] as IngestRoute })) // one route per query
  const { known, gone } = await findDevices(routed, context)
  const strays = [...routed.filter(({ route }) => route.deviceId === null), ...gone].map(({ event, route }) => ({
    event,
    isForeign: route.isForeign,
    tenantId: tenantOf(route, context),
  }))
  return {
    known,
    orphaned: strays.filter(({ isForeign }) => !isForeign),
    foreign: strays.filter(({ isForeign }) => isForeign),
    deadLetters: await addressDeadLetters(rejected, context),
  }
}

interface Routed {
  readonly event: NormalisedEvent
  readonly route: IngestRoute
}

const tenantOf = (route: IngestRoute | undefined, { platformTenantId }: SortContext): string => route?.tenantId ?? platformTenantId

/** Loads the devices; one that has moved since its route was remembered is asked for once more. */
async function findDevices(routed: readonly Routed[], context: SortContext): Promise<{ known: DeviceEvent[]; gone: Routed[] }> {
  const first = await loadDevices(routed, context)
  if (first.gone.length === 0) return first
  for (const { event } of first.gone) context.routes.forget(event)
  const answers = await context.routes.resolve(
    context.registry,
    first.gone.map(({ event }) => event),
  )
  const again = await loadDevices(
    first.gone.map(({ event }, index) => ({ event, route: answers[index] as IngestRoute })), // one route per query
    context,
  )
  return { known: [...first.known, ...again.known], gone: again.gone }
}

async function loadDevices(routed: readonly Routed[], { registry }: SortContext): Promise<{ known: DeviceEvent[]; gone: Routed[] }> {
  const wanted = new Map<string, { tenantId: string; deviceId: string }>()
  for (const { route } of routed) {
    if (route.deviceId !== null && route.tenantId !== null)
      wanted.set(route.deviceId, { tenantId: route.tenantId, deviceId: route.deviceId })
  }
  const devices = new Map((wanted.size === 0 ? [] : await registry.load([...wanted.values()])).map((device) => [device.deviceId, device]))
  const known: DeviceEvent[] = []
  const gone: Routed[] = []
  for (const item of routed) {
    const device = item.route.deviceId === null ? undefined : devices.get(item.route.deviceId)
    if (device !== undefined) known.push({ event: item.event, device: withModel(device, item.route) })
    else if (item.route.deviceId !== null) gone.push(item)
  }
  return { known, gone }
}

/** The device's own model first, then the one its profile is mapped to (LW-204). */
const withModel = (device: IngestDevice, route: IngestRoute): IngestDevice => ({ ...device, model: device.model ?? route.model })

interface Rejected {
  readonly raw: RawMessage
  readonly rejection: Rejection
}

async function addressDeadLetters(rejected: readonly Rejected[], context: SortContext): Promise<DeadLetterRow[]> {
  const queries = rejected.map(({ rejection }) => routeQueryOf(rejection))
  const asked = queries.filter((query): query is RouteQuery => query !== null)
  const answers = asked.length === 0 ? [] : await context.routes.resolve(context.registry, asked)
  return rejected.map(({ raw, rejection }, index) => {
    const query = queries[index]
    const route = query ? answers[asked.indexOf(query)] : undefined
    return createDeadLetter({ raw, rejection }, { tenantId: tenantOf(route, context), source: context.source })
  })
}

function routeQueryOf({ applicationId, devEui }: Rejection): RouteQuery | null {
  return applicationId === null || devEui === null ? null : { applicationId, devEui, nsTenantId: null }
}

function createDeadLetter(
  { raw, rejection }: Rejected,
  { tenantId, source }: { tenantId: string; source: 'mqtt' | 'webhook' },
): DeadLetterRow {
  return {
    tenantId,
    source,
    topic: printable(raw.topic),
    devEui: rejection.devEui,
    reason: rejection.reason,
    detail: rejection.detail,
    raw: raw.payload.subarray(0, MAX_MESSAGE_BYTES),
    contentHash: createHash('sha256').update(raw.payload).digest(),
    receivedAt: raw.receivedAt,
  }
}

/** The database stores no zero character, and a topic is anybody's text. */
const printable = (topic: string): string => topic.replaceAll('\u0000', '').slice(0, 1_000)

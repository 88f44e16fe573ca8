/** Writes one micro-batch inside its transaction: few statements, cursors locked first, outbox last (DOM-907, DB-870). */
import { findHeardAt } from '#domain/device/heard-at'
import type { OutboxRow } from '#domain/shared/outbox'
import { uuidV7 } from '#runtime/uuid'
import type { NormalisedEvent, UpEvent } from './normalised-event'
import { recordOrphans } from './plan-orphans'
import { planFrames, type DeviceEvent, type FramePlan, type TakenFrame } from './plan-batch'
import { planFollowUp } from './plan-follow-up'
import { newestPerGateway, planReceptions, planSightings } from './plan-reception'
import type { RouteCache } from './route-cache'
import type { DeviceEventRow, DeviceKey, IngestRepositories } from './rows'
import { sortBatch, type BatchItem, type SortedBatch } from './sort-batch'

export interface BatchContext {
  readonly routes: RouteCache
  readonly platformTenantId: string
  readonly source: 'mqtt' | 'webhook'
}

export interface BatchResult {
  /** Rows to project or to settle after the commit. */
  readonly outbox: readonly OutboxRow[]
  readonly taken: readonly TakenFrame[]
  readonly deadLetters: readonly { readonly tenantId: string; readonly reason: string }[]
  readonly orphans: { readonly stored: number; readonly counted: number }
}

export async function writeBatch(
  repositories: IngestRepositories,
  items: readonly BatchItem[],
  context: BatchContext,
): Promise<BatchResult> {
  const sorted = await sortBatch(items, { registry: repositories.registry, ...context })
  const plan = await planKnown(repositories, sorted.known, context)
  await writeFrames(repositories, plan, sorted.known)
  const news = await writeEvents(repositories, sorted.known)
  const orphans = await recordOrphans(repositories.orphans, sorted.orphaned)
  await writeStrays(repositories, sorted)
  const followUp = planFollowUp(plan.taken, news)
  const outbox = followUp.length === 0 ? [] : await repositories.outbox.put(followUp)
  return { outbox, taken: plan.taken, deadLetters: sorted.deadLetters, orphans }
}

const NO_FRAMES: FramePlan = { cursors: [], readings: [], repeats: [], taken: [], doubtful: [] }

/** Plans with the cursors locked; frames that are no news are looked up and the plan is made again. */
async function planKnown(
  { cursors, readings }: IngestRepositories,
  known: readonly DeviceEvent[],
  { source }: BatchContext,
): Promise<FramePlan> {
  const moving = known.filter(({ event }) => event.kind === 'up' || event.kind === 'join')
  if (moving.length === 0) return NO_FRAMES
  const locked = await cursors.lock(keysOf(moving))
  const input = {
    events: moving,
    cursors: new Map(locked.map((cursor) => [cursor.deviceId, cursor])),
    source,
    readingId: createReadingIds(),
  }
  const plan = planFrames({ ...input, stored: [] })
  if (plan.doubtful.length === 0) return plan
  return planFrames({ ...input, stored: await readings.find(plan.doubtful) })
}

function keysOf(events: readonly DeviceEvent[]): DeviceKey[] {
  const keys = new Map(events.map(({ device: { tenantId, deviceId } }) => [deviceId, { tenantId, deviceId }]))
  return [...keys.values()]
}

function createReadingIds(): (event: UpEvent) => string {
  const ids = new Map<UpEvent, string>()
  return (event) => {
    const id = ids.get(event) ?? uuidV7(event.receivedAt)
    ids.set(event, id)
    return id
  }
}

async function writeFrames(
  { readings, cursors, receptions }: IngestRepositories,
  plan: FramePlan,
  known: readonly DeviceEvent[],
): Promise<void> {
  if (plan.readings.length > 0) await readings.insert(plan.readings)
  if (plan.repeats.length > 0) await readings.countRepeats(mergeRepeats(plan))
  if (plan.cursors.length > 0) await cursors.save(plan.cursors)
  const seen = planSightings(plan.taken, known)
  if (seen.length > 0) await receptions.touchDevices(seen)
  const heard = planReceptions(plan.taken)
  if (heard.length === 0) return
  await receptions.recordPairs(heard)
  await receptions.touchGateways(newestPerGateway(heard))
}

/** An update from a list touches each row once: several repeats of one row are added up, its last best reception counts. */
function mergeRepeats({ repeats }: FramePlan): FramePlan['repeats'] {
  const merged = new Map<string, FramePlan['repeats'][number]>()
  for (const repeat of repeats)
    merged.set(repeat.readingId, { ...repeat, times: repeat.times + (merged.get(repeat.readingId)?.times ?? 0) })
  return [...merged.values()]
}

/** Stores what is not an uplink; answers the events that are news. */
async function writeEvents({ events }: IngestRepositories, known: readonly DeviceEvent[]): Promise<DeviceEvent[]> {
  const byKey = new Map<string, DeviceEvent>()
  for (const item of known) if (item.event.kind !== 'up') byKey.set(`${item.device.tenantId}/${item.event.dedupeKey}`, item)
  const rows = [...byKey.values()].flatMap(toEventRow)
  if (rows.length === 0) return []
  const stored = await events.insert(rows)
  return stored.flatMap(({ tenantId, eventKey }) => byKey.get(`${tenantId}/${eventKey}`) ?? [])
}

function toEventRow({ device, event }: DeviceEvent): DeviceEventRow[] {
  if (event.kind === 'up') return []
  const { tenantId, deviceId } = device
  const at = findHeardAt(event.time, event.receivedAt).heardAt
  const queueItemId = 'queueItemId' in event ? event.queueItemId : null
  return [
    { tenantId, deviceId, kind: event.kind, eventKey: event.dedupeKey, queueItemId, at, receivedAt: event.receivedAt, body: bodyOf(event) },
  ]
}

/** The members that are the event's own, in wire spelling. */
function bodyOf(event: Exclude<NormalisedEvent, UpEvent>): Readonly<Record<string, unknown>> {
  switch (event.kind) {
    case 'join':
      return { dev_addr: event.session, device_class: event.classEnabled }
    case 'ack':
      return { acknowledged: event.acknowledged, f_cnt_down: event.fCntDown }
    case 'txack':
      return { gateway_eui: event.gatewayId, spreading_factor: event.spreadingFactor, f_cnt_down: event.fCntDown }
    case 'log':
      return { level: event.level, code: event.code, description: event.description, f_cnt: event.fCnt, context: event.context }
    case 'status':
      return { margin_db: event.margin, battery_percent: event.batteryPct, external_power: event.externalPower }
    case 'location':
      return { ...event.location }
  }
}

async function writeStrays({ drift, deadLetters }: IngestRepositories, sorted: SortedBatch): Promise<void> {
  const foreign = new Map(sorted.foreign.map((stray) => [`${stray.tenantId}/${stray.event.devEui}`, stray]))
  if (foreign.size > 0) {
    await drift.recordForeign(
      [...foreign.values()].map(({ tenantId, event: { devEui, applicationId, receivedAt } }) => ({
        tenantId,
        devEui,
        applicationId,
        seenAt: receivedAt,
      })),
    )
  }
  if (sorted.deadLetters.length > 0) await deadLetters.insert(sorted.deadLetters)
}

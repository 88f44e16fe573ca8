/** One device's stream of frames: what a frame changes in its cursor, what is stored of it, what must follow (DOM-921 to DOM-927). Pure. */
import { countLowBattery } from '#domain/device/battery'
import { classifyFrame, type FrameClass } from '#domain/device/classify-frame'
import { recordValue, NO_VALUE, type SensorValue } from '#domain/device/flips'
import { freshnessWindow } from '#domain/device/freshness'
import type { OccupancyValue } from '#domain/occupancy/types'
import type { Instant } from '#domain/shared/instant'
import type { LightReport, SensorFact } from '#domain/shared/outbox'
import type { IngestDevice, ReadingVerdict, StreamCursor } from './rows'
import type { FrameContent } from './decode-frame'
import type { BestGateway, UpEvent } from './normalised-event'

/** An uplink of a known device, decoded and timed. */
export interface HeardFrame {
  readonly event: UpEvent
  readonly readingId: string
  readonly heardAt: Instant
  readonly hasNetworkTime: boolean
  readonly isTimeImplausible: boolean
  readonly content: FrameContent
}

export interface StreamStep {
  readonly cursor: StreamCursor
  readonly frameClass: FrameClass
  /** Null for a repeat, which gets no row of its own. */
  readonly verdict: ReadingVerdict | null
  /** What the bay's projection must know; empty for a frame that changes nothing (D-71). */
  readonly facts: readonly SensorFact[]
  readonly report: LightReport | null
  /** Frames of the session between the last one and this that were never heard (LW-073). */
  readonly lost: number
}

/** Of a frame that is no news. */
const NO_NEWS = { facts: [], report: null, lost: 0 } as const

const USABLE: readonly string[] = ['provisioned', 'commissioned', 'operational']
const LEARNING_MODELS: readonly string[] = ['bosch-tps110']
/** A Bosch sensor learns its place for this many changes after its installation (DOM-230 note). */
const LEARNING_CHANGES = 10
const MAX_GAP = 1_000

/** Applies one frame. `isStored`: a row with its identity exists, in the database or earlier in the batch. */
export function applyFrame(cursor: StreamCursor, device: IngestDevice, frame: HeardFrame & { readonly isStored: boolean }): StreamStep {
  const { event, content } = frame
  const found = classifyFrame(cursor, {
    devAddr: event.session,
    fCnt: event.fCnt,
    deduplicationId: event.deduplicationId,
    heardAt: frame.heardAt,
    hasNetworkTime: frame.hasNetworkTime,
    skipsFcntCheck: device.config.skip_fcnt_check === true,
    isStored: frame.isStored,
    isAccepted: content.isAccepted,
  })
  const moved = { ...cursor, ...found.cursor }
  if (found.kind === 'repeat') return { cursor: moved, frameClass: found, verdict: null, ...NO_NEWS }
  if (found.kind === 'late') return { cursor: moved, frameClass: found, verdict: 'late', ...NO_NEWS }
  const lost = countGap(cursor, event, found)
  const after = noteReception(moved, cursor, { ...frame, lost })
  return { ...takeFresh({ before: cursor, after, device, frame, frameClass: found }), lost }
}

interface Fresh {
  readonly before: StreamCursor
  readonly after: StreamCursor
  readonly device: IngestDevice
  readonly frame: HeardFrame
  readonly frameClass: FrameClass
}

/** Radio, class, firmware and lost frames are kept whatever the payload says. */
function noteReception(
  moved: StreamCursor,
  before: StreamCursor,
  { event, content, lost }: HeardFrame & { readonly lost: number },
): StreamCursor {
  const { best, classEnabled, receivedAt } = event
  return {
    ...moved,
    lastReceivedAt: receivedAt,
    ...radioOf(best),
    deviceClass: classEnabled ?? before.deviceClass,
    firmware: content.value?.firmware ?? before.firmware,
    framesLost: before.framesLost + lost,
  }
}

const radioOf = (best: BestGateway | null) =>
  best === null
    ? { lastRssiDbm: null, lastSnrDb: null, lastGatewayEui: null }
    : { lastRssiDbm: best.rssi, lastSnrDb: best.snr, lastGatewayEui: best.gatewayId }

/** Frames between this one and the last of its session (LW-073); a jump beyond any radio silence is no loss. */
function countGap(before: Pick<StreamCursor, 'fCnt'>, event: UpEvent, { case: freshCase }: FrameClass): number {
  if (freshCase !== 'next' || before.fCnt === null) return 0
  return Math.min(event.fCnt - before.fCnt - 1, MAX_GAP)
}

type FreshStep = Omit<StreamStep, 'lost'>

function takeFresh(fresh: Fresh): FreshStep {
  const { after, device, frame, frameClass } = fresh
  if (!frame.content.isAccepted) return { cursor: after, frameClass, verdict: 'undecoded', facts: [], report: null }
  if (device.kind === 'display') return { cursor: after, frameClass, verdict: 'stored', facts: [], report: lightReport(frame) }
  return takeSensorFrame(fresh)
}

function takeSensorFrame(fresh: Fresh): FreshStep {
  const { frame, frameClass, device } = fresh
  const battery = countLowBattery(fresh.after.batteryLowCount, {
    batteryPercent: frame.content.batteryPercent,
    isLowByDevice: frame.content.value?.lowBattery ?? null,
  })
  const after = { ...fresh.after, batteryLowCount: battery.lowCount }
  if (!isUsable(device)) return { cursor: { ...after, ...NOT_COUNTED }, frameClass, verdict: 'stored', facts: [], report: null }
  if (!belongsToBay(device, frame)) return { cursor: after, frameClass, verdict: 'stored', facts: [], report: null }
  const valued = takeValue({ ...fresh, after })
  const reasons = [
    ...valued.reasons,
    ...otherReasons(fresh, valued.reasons.length > 0),
    ...(battery.alert === null ? [] : (['project_next'] as const)),
  ]
  const facts = [...new Set(reasons)].map((kind) => createFact(kind, valued.cursor, frame))
  return { cursor: { ...valued.cursor, projectNext: false }, frameClass, verdict: valued.verdict, facts, report: null }
}

/** In maintenance or decommissioned a sensor says nothing; it counts again from its next reading (DOM-508). */
const NOT_COUNTED = { value: null, valueHeardAt: null, valueReadingId: null } as const

const isUsable = (device: IngestDevice) => device.enabled && USABLE.includes(device.lifecycleState)

function belongsToBay({ assignedSpaceId, assignedAt }: IngestDevice, { heardAt }: HeardFrame): boolean {
  return assignedSpaceId !== null && (assignedAt === null || heardAt >= assignedAt)
}

interface Valued {
  readonly cursor: StreamCursor
  readonly verdict: ReadingVerdict
  readonly reasons: readonly SensorFact['kind'][]
}

function takeValue({ before, after, device, frame, frameClass }: Fresh): Valued {
  const { occupied } = frame.content
  if (occupied === null) return { cursor: after, verdict: 'stored', reasons: [] }
  const value: OccupancyValue = occupied ? 'occupied' : 'free'
  const known = ownValue(before, device)
  const learningLeft = isInstalled(device, frameClass) ? LEARNING_CHANGES : before.learningLeft
  const next = recordValue(known, { value, heardAt: frame.heardAt, isLearning: learningLeft > 0 })
  const cursor = { ...after, ...next, valueReadingId: frame.readingId, learningLeft }
  if (known.value === value) return { cursor, verdict: 'same', reasons: [] }
  const becameSuspect = next.suspectSince !== null && before.suspectSince === null
  return {
    cursor: { ...cursor, learningLeft: known.value === null ? learningLeft : Math.max(learningLeft - 1, 0) },
    verdict: 'applied',
    reasons: [known.value === null ? 'first_value' : 'value', ...(becameSuspect ? (['suspect'] as const) : [])],
  }
}

const isInstalled = ({ model }: IngestDevice, { case: freshCase }: FrameClass) =>
  freshCase === 'first' && LEARNING_MODELS.includes(model ?? '')

/** A value from before the assignment belongs to another bay (DOM-203). */
function ownValue(cursor: StreamCursor, { assignedAt }: IngestDevice): SensorValue {
  const isOwn = cursor.valueHeardAt !== null && (assignedAt === null || cursor.valueHeardAt >= assignedAt)
  return isOwn ? cursor : NO_VALUE
}

/** Why an unchanged value must project all the same: the bay was silent, or its last projection asked for it (DOM-907). */
function otherReasons({ before, device, frame }: Fresh, hasValueReason: boolean): SensorFact['kind'][] {
  if (hasValueReason) return []
  if (wasSilent(before, device, Math.max(frame.heardAt, frame.event.receivedAt))) return ['back_from_silence']
  return before.projectNext ? ['project_next'] : []
}

function wasSilent(before: StreamCursor, device: IngestDevice, now: Instant): boolean {
  const { value } = ownValue(before, device)
  if (value === null || before.lastHeardAt === null) return false
  const window = freshnessWindow({ model: device.model ?? '', config: device.config })
  const seconds = value === 'occupied' ? window.occupiedSeconds : window.freeSeconds
  return now >= before.lastHeardAt + seconds * 1_000
}

function createFact(kind: SensorFact['kind'], cursor: StreamCursor, { readingId, heardAt }: HeardFrame): SensorFact {
  return { kind, deviceId: cursor.deviceId, readingId, value: cursor.value, heardAt }
}

/** DOM-926: a status uplink of a light. Other frames of lights say nothing of what they show. */
function lightReport({ event, readingId, heardAt, content }: HeardFrame): LightReport | null {
  const { value } = content
  if (value?.color === undefined || value.on === undefined || value.off === undefined) return null
  return {
    readingId,
    color: value.color,
    on: value.on,
    off: value.off,
    counter: value.received ?? 0,
    firmware: value.firmware ?? null,
    deviceClass: event.classEnabled,
    session: event.session,
    at: heardAt,
  }
}

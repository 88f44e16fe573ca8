/** What one micro-batch will write, worked out from its events and the locked cursors; pure, so that it can be worked out again (DOM-904 to DOM-907). */
import { findHeardAt } from '#domain/device/heard-at'
import { announceJoin } from '#domain/device/frame-cursor'
import { compareGateways } from './best-gateway'
import { decodeFrame } from './decode-frame'
import { applyFrame, type HeardFrame, type StreamStep } from './device-stream'
import { compareFrames } from './frame-order'
import type { JoinEvent, NormalisedEvent, UpEvent } from './normalised-event'
import type { FrameIdentity, IngestDevice, ReadingRow, RepeatCount, StoredFrame, StreamCursor } from './rows'

/** An event whose device is known and still there. */
export interface DeviceEvent<E extends NormalisedEvent = NormalisedEvent> {
  readonly event: E
  readonly device: IngestDevice
}

/** What became of an uplink, for counters and for the HTTP answer (DOM-908). */
export type UplinkOutcome = 'processed' | 'unassigned' | 'duplicate' | 'late' | 'undecoded'

export interface TakenFrame {
  readonly device: IngestDevice
  readonly frame: HeardFrame
  readonly step: StreamStep
}

export interface FramePlan {
  readonly cursors: readonly StreamCursor[]
  readonly readings: readonly ReadingRow[]
  /** Repeats of frames that are stored already. */
  readonly repeats: readonly RepeatCount[]
  /** Every frame in the order in which it was applied. */
  readonly taken: readonly TakenFrame[]
  /** Frames that are no news: whether they are stored decides between *repeat* and *late* (DOM-921). */
  readonly doubtful: readonly FrameIdentity[]
}

export interface FrameInput {
  readonly events: readonly DeviceEvent[]
  readonly cursors: ReadonlyMap<string, StreamCursor>
  /** Rows that were found for the doubtful frames of a first plan. */
  readonly stored: readonly StoredFrame[]
  readonly source: 'mqtt' | 'webhook'
  /** Ids stay the same when a batch is planned twice. */
  readonly readingId: (event: UpEvent) => string
}

export function planFrames(input: FrameInput): FramePlan {
  const plans = [...groupByDevice(input.events).values()].map((events) => planDevice(events, input))
  return {
    cursors: plans.map((plan) => plan.cursor),
    readings: plans.flatMap((plan) => plan.readings),
    repeats: plans.flatMap((plan) => plan.repeats),
    taken: plans.flatMap((plan) => plan.taken),
    doubtful: plans.flatMap((plan) => plan.doubtful),
  }
}

function groupByDevice(events: readonly DeviceEvent[]): Map<string, DeviceEvent[]> {
  const groups = new Map<string, DeviceEvent[]>()
  for (const event of events) {
    const group = groups.get(event.device.deviceId)
    if (group) group.push(event)
    else groups.set(event.device.deviceId, [event])
  }
  return groups
}

interface DevicePlan {
  cursor: StreamCursor
  readings: ReadingRow[]
  repeats: RepeatCount[]
  taken: TakenFrame[]
  doubtful: FrameIdentity[]
}

/** Joins first, since they announce whose frames follow; then frames in order of (session, counter) (DOM-922, DOM-923). */
function planDevice(events: readonly DeviceEvent[], input: FrameInput): DevicePlan {
  const [first] = events
  const device = first?.device
  const cursor = device && input.cursors.get(device.deviceId)
  if (device === undefined || cursor === undefined) throw new Error('every device of a batch has its cursor locked')
  const plan: DevicePlan = { cursor, readings: [], repeats: [], taken: [], doubtful: [] }
  for (const { event } of events) if (event.kind === 'join') plan.cursor = joined(plan.cursor, event)
  const frames = events.flatMap(({ event }) => (event.kind === 'up' ? [hear(event, device, input)] : []))
  for (const frame of frames.sort(compareFrames)) takeFrame(plan, { device, frame, input })
  return plan
}

function joined(cursor: StreamCursor, { session, classEnabled }: JoinEvent): StreamCursor {
  return { ...cursor, ...announceJoin(cursor, session), deviceClass: classEnabled ?? cursor.deviceClass }
}

function hear(event: UpEvent, device: IngestDevice, { readingId }: FrameInput): HeardFrame {
  return { event, readingId: readingId(event), ...findHeardAt(event.time, event.receivedAt), content: decodeFrame(event, device) }
}

function takeFrame(plan: DevicePlan, { device, frame, input }: { device: IngestDevice; frame: HeardFrame; input: FrameInput }): void {
  const identity = identityOf(device, frame)
  const pending = plan.readings.findIndex((reading) => isSameFrame(reading, identity, device))
  const stored = input.stored.find((row) => row.deviceId === device.deviceId && isSameFrame(row, identity, device))
  const step = applyFrame(plan.cursor, device, { ...frame, isStored: pending >= 0 || stored !== undefined })
  plan.cursor = step.cursor
  plan.taken.push({ device, frame, step })
  if (step.frameClass.kind !== 'fresh') plan.doubtful.push(identity)
  if (step.verdict !== null) plan.readings.push(createReading({ device, frame, step, source: input.source }))
  else if (pending >= 0)
    plan.readings[pending] = countOnPending(plan.readings[pending] as ReadingRow, frame) // found at this index
  else if (stored !== undefined) plan.repeats.push(countOnStored(stored, frame))
}

function identityOf({ tenantId, deviceId }: IngestDevice, { event, heardAt }: HeardFrame): FrameIdentity {
  return { tenantId, deviceId, devAddr: event.session, fCnt: event.fCnt, deduplicationId: event.deduplicationId, heardAt }
}

type Identity = Pick<FrameIdentity, 'devAddr' | 'fCnt' | 'deduplicationId'>

/** The counter is no identity for devices whose counters may repeat (LW-084), nor across a counter that started again. */
function isSameFrame(known: Identity, frame: Identity, { config }: IngestDevice): boolean {
  if (known.deduplicationId !== null && known.deduplicationId === frame.deduplicationId) return true
  return config.skip_fcnt_check !== true && known.devAddr === frame.devAddr && known.fCnt === frame.fCnt
}

function createReading({ device, frame, step, source }: TakenFrame & { source: 'mqtt' | 'webhook' }): ReadingRow {
  const { event, content } = frame
  return {
    tenantId: device.tenantId,
    deviceId: device.deviceId,
    readingId: frame.readingId,
    spaceId: device.assignedSpaceId,
    devEui: device.devEui,
    devAddr: event.session,
    fCnt: event.fCnt,
    fPort: event.fPort,
    deduplicationId: event.deduplicationId,
    heardAt: frame.heardAt,
    heardAtText: event.timeText,
    receivedAt: event.receivedAt,
    occupied: content.occupied,
    verdict: step.verdict ?? 'stored',
    decodeError: content.decodeError,
    batteryVolts: content.batteryVolts,
    batteryPercent: content.batteryPercent,
    temperatureCelsius: content.temperatureCelsius,
    rssiDbm: event.best?.rssi ?? null,
    snrDb: event.best?.snr ?? null,
    gatewayEui: event.best?.gatewayId ?? null,
    gatewayCount: event.gatewayCount,
    repeatCount: 0,
    rawPayload: Buffer.from(event.hex, 'hex'),
    decoded: content.decoded,
    source,
    isTimeImplausible: frame.isTimeImplausible,
  }
}

interface Radio {
  readonly rssiDbm: number | null
  readonly snrDb: number | null
  readonly gatewayEui: string | null
}

/** The better of a row's reception and a repeat's (DOM-906). */
function bestOf(row: Radio, { event: { best } }: HeardFrame): Radio {
  const { rssiDbm, snrDb, gatewayEui } = row
  const isBetter = best !== null && (gatewayEui === null || compareGateways(best, { gatewayId: gatewayEui, rssi: rssiDbm, snr: snrDb }) < 0)
  return isBetter ? { rssiDbm: best.rssi, snrDb: best.snr, gatewayEui: best.gatewayId } : { rssiDbm, snrDb, gatewayEui }
}

function countOnPending(reading: ReadingRow, frame: HeardFrame): ReadingRow {
  return { ...reading, ...bestOf(reading, frame), repeatCount: reading.repeatCount + 1 }
}

function countOnStored(row: StoredFrame, frame: HeardFrame): RepeatCount {
  const { tenantId, deviceId, readingId, heardAt } = row
  return { tenantId, deviceId, readingId, heardAt, times: 1, ...bestOf(row, frame) }
}

/** Of the frames of a device the newest instant at which it was seen at all; late frames and repeats show nothing new. */
export function isSighting({ step }: TakenFrame): boolean {
  return step.frameClass.kind === 'fresh'
}

export function outcomeOf({ device, step }: TakenFrame): UplinkOutcome {
  if (step.verdict === null) return 'duplicate'
  if (step.verdict === 'late' || step.verdict === 'undecoded') return step.verdict
  return device.assignedSpaceId === null ? 'unassigned' : 'processed'
}

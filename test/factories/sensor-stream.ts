/** A tiny fold: frames of one sensor as they arrive, through the cursor and the value, to the record that facts are made of. */
import { classifyFrame } from '#domain/device/classify-frame'
import { NO_VALUE, recordValue, type SensorValue } from '#domain/device/flips'
import type { FrameCursor } from '#domain/device/frame-cursor'
import { freshnessWindow } from '#domain/device/freshness'
import type { SensorRecord } from '#domain/occupancy/sensor-facts'
import type { Instant } from '#domain/shared/instant'

export interface StreamFrame {
  readonly value: 'occupied' | 'free'
  readonly heardAt: Instant
  readonly fCnt: number
  readonly devAddr: string
  readonly deduplicationId: string
  readonly isStored?: boolean
}

interface Stream {
  readonly cursor: FrameCursor | null
  readonly value: SensorValue
  readonly applied: string | null
}

const NOTHING_HEARD: Stream = { cursor: null, value: NO_VALUE, applied: null }

export function advanceStream(frames: readonly StreamFrame[]): SensorRecord {
  const { cursor, value, applied } = frames.reduce(hear, NOTHING_HEARD)
  const readingRef =
    applied === null ? null : { id: applied, fCnt: null, rssiDbm: null, snrDb: null, gatewayId: null, deduplicationId: applied }
  return {
    ...value,
    deviceId: 'sensor-1',
    model: 'browan-tbms100',
    enabled: true,
    lifecycle: 'operational',
    assignedAt: null,
    lastHeardAt: cursor?.lastHeardAt ?? null,
    readingRef,
    window: freshnessWindow({ model: 'browan-tbms100' }),
    gateways: [],
  }
}

function hear({ cursor, value, applied }: Stream, frame: StreamFrame): Stream {
  const identity = { devAddr: frame.devAddr, fCnt: frame.fCnt, deduplicationId: frame.deduplicationId, heardAt: frame.heardAt }
  const circumstances = { hasNetworkTime: true, skipsFcntCheck: false, isStored: frame.isStored ?? false, isAccepted: true }
  const found = classifyFrame(cursor, { ...identity, ...circumstances })
  if (found.kind !== 'fresh') return { cursor: found.cursor, value, applied }
  const reading = { value: frame.value, heardAt: frame.heardAt, isLearning: false }
  return { cursor: found.cursor, value: recordValue(value, reading), applied: frame.deduplicationId }
}

/** From the stored rows of the assigned sensor to what `decide` may know of it (DOM-203, DOM-204). */
import { findSuspicion, type SensorValue } from '../device/flips'
import type { FreshnessWindow } from '../device/freshness'
import type { Lifecycle } from '../device/lifecycle'
import type { Instant } from '../shared/instant'
import type { ReadingRef, SensorFacts, ServingGateway } from './types'

/** One sensor, its frame cursor and the gateways that heard it, as loaded. */
export interface SensorRecord extends SensorValue {
  readonly deviceId: string
  readonly model: string
  readonly enabled: boolean
  readonly lifecycle: Lifecycle
  readonly assignedAt: Instant | null
  readonly lastHeardAt: Instant | null
  /** The reading that `value` came from. */
  readonly readingRef: ReadingRef | null
  readonly window: FreshnessWindow
  readonly gateways: readonly ServingGateway[]
}

const USABLE: ReadonlySet<Lifecycle> = new Set(['provisioned', 'commissioned', 'operational'])

/** `now` only settles whether a suspicion has cleared. */
export function describeSensor(record: SensorRecord, now: Instant): SensorFacts {
  const { deviceId, model, enabled, lifecycle, assignedAt, lastHeardAt, readingRef, window, gateways } = record
  const own = isOwnReading(record) ? record : null
  return {
    deviceId,
    model,
    usable: enabled && USABLE.has(lifecycle),
    assignedAt,
    lastHeardAt,
    value: own?.value ?? null,
    valueHeardAt: own?.valueHeardAt ?? null,
    readingRef: own && readingRef,
    window,
    suspect: findSuspicion(record, now),
    gateways,
  }
}

/** A reading from before the assignment belongs to another bay. */
function isOwnReading({ valueHeardAt, assignedAt }: SensorRecord): boolean {
  return valueHeardAt !== null && (assignedAt === null || valueHeardAt >= assignedAt)
}

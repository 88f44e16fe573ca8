/** One bay as the product's core sees it, without rows: what its sensor said, who has booked it, and what follows (D-31). */
import { classifyFrame } from '#domain/device/classify-frame'
import { NO_VALUE, findSuspicion, recordValue, type SensorValue } from '#domain/device/flips'
import { announceJoin, type FrameCursor } from '#domain/device/frame-cursor'
import { freshnessWindow } from '#domain/device/freshness'
import { decode, observedOccupancy } from '#domain/codec/registry'
import { DEFAULT_POLICY } from '#domain/display/policy'
import { decide } from '#domain/occupancy/decide'
import type { Decision, Facts, RightFact } from '#domain/occupancy/types'
import type { HeardUplink } from './heard-event'

/** Where the distance sensors of the simulated world say occupied (LW-208). */
const CODEC_OPTIONS = { occupied_below_mm: 1_500 }

export interface Bay {
  readonly spaceId: string
  hear(uplink: HeardUplink): void
  joined(devAddr: string): void
  decide(now: number): Decision
}

interface BayInput {
  readonly spaceId: string
  readonly sensor: { readonly devEui: string; readonly model: string }
  /** Live bookings, by start. */
  readonly rights: () => readonly RightFact[]
}

export function createBay({ spaceId, sensor, rights }: BayInput): Bay {
  const stored = new Set<string>()
  let cursor: FrameCursor | null = null
  let value: SensorValue = NO_VALUE

  function hear({ devAddr, fCnt, deduplicationId, heardAt, fPort, bytes }: HeardUplink): void {
    const decoded = decode({ model: sensor.model, fPort, bytes, options: CODEC_OPTIONS })
    const identity = `${devAddr}/${fCnt}`
    const frame = { devAddr, fCnt, deduplicationId, heardAt, hasNetworkTime: true, skipsFcntCheck: false }
    const classified = classifyFrame(cursor, { ...frame, isStored: stored.has(identity), isAccepted: decoded.ok })
    cursor = classified.cursor
    stored.add(identity)
    if (classified.kind !== 'fresh' || !decoded.ok) return
    const occupied = observedOccupancy(sensor.model, decoded.value)
    if (occupied !== null) value = recordValue(value, { value: occupied ? 'occupied' : 'free', heardAt, isLearning: false })
  }

  const factsAt = (now: number): Facts => ({
    spaceId,
    overrides: [],
    rights: rights(),
    sensor: {
      ...{ deviceId: sensor.devEui, model: sensor.model, usable: true, readingRef: null, gateways: [] },
      lastHeardAt: cursor?.lastHeardAt ?? null,
      ...{ value: value.value, valueHeardAt: value.valueHeardAt, window: freshnessWindow({ model: sensor.model }) },
      suspect: findSuspicion(value, now),
    },
  })

  return {
    spaceId,
    hear,
    joined: (devAddr) => {
      cursor = announceJoin(cursor, devAddr)
    },
    decide: (now) => decide(factsAt(now), DEFAULT_POLICY, now),
  }
}

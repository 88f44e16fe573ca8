/** What the light of the bay should show from now on; a change raises its version in the projection's own transaction (DOM-601). */
import { encodeDisplay, type EncodedDisplay } from '#domain/display/encode-display'
import type { DecidedDisplay, Decision } from '#domain/occupancy/types'
import type { FeedEvent } from '#domain/shared/outbox'
import { presentSpaceLight } from '../event-presenters'
import type { TenantRepositories } from '../repositories'
import type { WantedRow } from '../repositories/projection.repository'
import type { Scene } from './scene'

export interface WantedDisplayOutcome {
  readonly wanted: { readonly deviceId: string; readonly version: number } | null
  /** Empty when nothing changed. */
  readonly events: readonly FeedEvent[]
}

export async function wantDisplay(
  repositories: TenantRepositories,
  scene: Scene,
  last: { decision: Decision; sequence: number },
): Promise<WantedDisplayOutcome> {
  const { space, stored, policy } = scene
  const deviceId = space.displayDeviceId
  if (deviceId === null || stored.display === null) return { wanted: null, events: [] }
  const { display } = last.decision
  const encoded = encodeDisplay({ wanted: { ...display, blinkPeriodMs: policy.body.blink_period_ms }, ...stored.display })
  const current = stored.wanted
  if (encoded.none !== undefined) return { wanted: current && { deviceId, version: current.version }, events: [] }
  if (current !== null && isSame(current, { display, encoded, spaceId: space.spaceId }))
    return { wanted: { deviceId, version: current.version }, events: [] }
  const version = (current?.version ?? 0) + 1
  const { situation, color, pattern, brightnessPercent } = display
  const { bytes, fPort, confirmed } = encoded
  const look = { situation, color, pattern, brightness: brightnessPercent, payload: bytes, fPort, confirmed }
  await repositories.projectionWrites.writeWanted({ deviceId, spaceId: space.spaceId, version, ...look, decisionSequence: last.sequence })
  return { wanted: { deviceId, version }, events: [lightEvent(scene, { deviceId, version, display })] }
}

interface Wanted {
  readonly display: DecidedDisplay
  readonly encoded: EncodedDisplay
  readonly spaceId: string
}

function isSame(current: WantedRow, { display, encoded, spaceId }: Wanted): boolean {
  const sameBytes = current.payload === encoded.bytes && current.fPort === encoded.fPort && current.confirmed === encoded.confirmed
  const sameLook = current.situation === display.situation && current.color === display.color && current.pattern === display.pattern
  return sameBytes && sameLook && current.brightness === display.brightnessPercent && current.spaceId === spaceId
}

function lightEvent({ space, stored }: Scene, of: { deviceId: string; version: number; display: DecidedDisplay }): FeedEvent {
  const shown = stored.wanted
  return presentSpaceLight({
    tenantId: space.tenantId,
    at: stored.now,
    spaceId: space.spaceId,
    siteId: space.siteId,
    deviceId: of.deviceId,
    version: of.version,
    desired: { color: of.display.color, pattern: of.display.pattern },
    reported: shown?.shownColor != null && shown.shownPattern != null ? { color: shown.shownColor, pattern: shown.shownPattern } : null,
    proof: shown?.proof ?? 'none',
    downlinkId: null,
  })
}
